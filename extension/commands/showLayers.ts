import { forwardToView } from './forwardToView';

/** GateScope: Show Layers */
export const showLayers = forwardToView('showLayers');
