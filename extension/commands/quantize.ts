import { forwardToView } from './forwardToView';

/** GateScope: Quantize… */
export const quantize = forwardToView('showFix');
