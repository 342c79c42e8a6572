import { forwardToView } from './forwardToView';

/** GateScope: Choose Data… */
export const chooseData = forwardToView('chooseData');
