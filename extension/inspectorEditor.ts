import * as vscode from 'vscode';
import { InspectorPanel } from './inspectorPanel';
import { ModelDocument } from './modelDocument';
import type { SessionOptions } from './modelSession';

export const VIEW_TYPE = 'gatescope.inspector';

/** The editor for models: makes documents and their views, and knows which view is the active one. */
export class InspectorEditor implements vscode.CustomReadonlyEditorProvider<ModelDocument> {
  private readonly panels = new Set<InspectorPanel>();
  private readonly activeEmitter = new vscode.EventEmitter<InspectorPanel | null>();
  private readonly hasStyles: Promise<boolean>;

  /** The active view has changed, or the state of its document has. */
  readonly onDidChangeActive = this.activeEmitter.event;

  constructor(
    private readonly dist: vscode.Uri,
    private readonly options: Pick<SessionOptions, 'files' | 'reports' | 'spawn'>,
  ) {
    this.hasStyles = Promise.resolve(vscode.workspace.fs.stat(vscode.Uri.joinPath(dist, 'webview.css'))).then(
      () => true,
      () => false,
    );
  }

  get active(): InspectorPanel | null {
    return [...this.panels].find(({ panel }) => panel.active) ?? null;
  }

  openCustomDocument(uri: vscode.Uri): ModelDocument {
    const document = new ModelDocument(uri, this.options);
    document.onDidChangeState(() => this.active?.document === document && this.tell());
    document.onDidProgress(() => this.active?.document === document && this.tell());
    // Not awaited: the page loads while the worker reads.
    void document.session.open();
    return document;
  }

  async resolveCustomEditor(document: ModelDocument, panel: vscode.WebviewPanel): Promise<void> {
    const inspector = new InspectorPanel(document, panel, this.dist, await this.hasStyles);
    this.panels.add(inspector);
    panel.onDidChangeViewState(() => this.tell());
    panel.onDidDispose(() => {
      this.panels.delete(inspector);
      this.tell();
    });
    this.tell();
  }

  private tell(): void {
    this.activeEmitter.fire(this.active);
  }
}
