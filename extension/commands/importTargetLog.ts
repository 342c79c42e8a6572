import { forwardToView } from './forwardToView';

/** GateScope: Import Target Log… */
export const importTargetLog = forwardToView('importTargetLog');
