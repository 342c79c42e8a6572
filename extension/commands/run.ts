import { forwardToView } from './forwardToView';

/** GateScope: Run */
export const run = forwardToView('run');
