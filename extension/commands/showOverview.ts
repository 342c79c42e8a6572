import { forwardToView } from './forwardToView';

/** GateScope: Show Overview */
export const showOverview = forwardToView('showOverview');
