import type { InspectorEditor } from '../inspectorEditor';

/** GateScope: Cancel Run */
export function cancelRun(editor: InspectorEditor): void {
  editor.active?.document.session.cancel();
}
