import type { InspectorEditor } from '../inspectorEditor';
import type { WebviewCommand } from '../protocol/messages';

/** A command whose parameters (data, persona, screen) the active view knows: it carries it out. */
export const forwardToView =
  (command: WebviewCommand) =>
  (editor: InspectorEditor): void =>
    editor.active?.command(command);
