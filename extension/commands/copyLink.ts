import { forwardToView } from './forwardToView';

/** GateScope: Copy Link to This Place */
export const copyLink = forwardToView('copyLink');
