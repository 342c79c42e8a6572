import { forwardToView } from './forwardToView';

/** GateScope: Show LSTM */
export const showLstm = forwardToView('showLstm');
