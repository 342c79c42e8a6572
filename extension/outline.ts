import * as vscode from 'vscode';
import type { InspectorEditor } from './inspectorEditor';
import { outlineItems, type OutlineItem } from './outlineItems';
import type { InspectorState } from './protocol/messages';

const VIEW = 'gatescope.outline';
/** Not in the palette: what a line of the outline does when it is clicked. */
const REVEAL = 'gatescope.revealPlace';

/** The model of the active inspector as a tree in the Explorer; a line leads to its place. */
export function modelOutline(editor: InspectorEditor): vscode.Disposable {
  const changes = new vscode.EventEmitter<void>();
  let shown: Pick<InspectorState, 'model' | 'report'> | null = null;
  const provider: vscode.TreeDataProvider<OutlineItem> = {
    onDidChangeTreeData: changes.event,
    getChildren: (item) => {
      if (item !== undefined) return [...item.children()];
      return shown?.model.status === 'open' ? [...outlineItems(shown.model.overview, shown.report)] : [];
    },
    getTreeItem: (item) => {
      const hasChildren = item.children().length > 0;
      const line = new vscode.TreeItem(
        item.label,
        hasChildren ? vscode.TreeItemCollapsibleState.Collapsed : vscode.TreeItemCollapsibleState.None,
      );
      line.id = item.id;
      line.description = item.description;
      line.tooltip = `${item.label}: ${item.description}`;
      line.iconPath = new vscode.ThemeIcon(item.icon);
      if (item.place !== null) line.command = { title: 'Show', command: REVEAL, arguments: [item.place] };
      return line;
    },
  };
  const listener = editor.onDidChange(() => {
    // The tree keeps the last model while another editor is in front, as VS Code's own outline does not; its view is hidden then.
    const state = editor.active?.document.session.state ?? null;
    if (state === null || (state.model === shown?.model && state.report === shown.report)) return;
    shown = { model: state.model, report: state.report };
    changes.fire();
  });
  return vscode.Disposable.from(
    changes,
    listener,
    vscode.window.createTreeView(VIEW, { treeDataProvider: provider, showCollapseAll: true }),
    vscode.commands.registerCommand(REVEAL, (place: NonNullable<OutlineItem['place']>) => editor.active?.reveal(place)),
  );
}
