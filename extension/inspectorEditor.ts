import * as vscode from 'vscode';
import { InspectorPanel } from './inspectorPanel';
import { ModelDocument, type DocumentOptions } from './modelDocument';

export const VIEW_TYPE = 'gatescope.inspector';

/** The editor for models: makes documents and their views, and knows which of them is in front. */
export class InspectorEditor implements vscode.CustomReadonlyEditorProvider<ModelDocument> {
  private readonly documents = new Set<ModelDocument>();
  private readonly panels = new Set<InspectorPanel>();
  private readonly changeEmitter = new vscode.EventEmitter<void>();
  private readonly hasStyles: Promise<boolean>;

  /** The active view, the set of documents, or the state of one of them has changed. */
  readonly onDidChange = this.changeEmitter.event;

  constructor(
    private readonly dist: vscode.Uri,
    private readonly options: DocumentOptions,
  ) {
    this.hasStyles = Promise.resolve(vscode.workspace.fs.stat(vscode.Uri.joinPath(dist, 'webview.css'))).then(
      () => true,
      () => false,
    );
  }

  get active(): InspectorPanel | null {
    return [...this.panels].find(({ panel }) => panel.active) ?? null;
  }

  /** The view of this file that is in front, or was opened last. */
  viewOf(uri: vscode.Uri): InspectorPanel | null {
    const views = [...this.panels].filter(({ document }) => document.uri.toString() === uri.toString());
    return views.find(({ panel }) => panel.active) ?? views[views.length - 1] ?? null;
  }

  get open(): readonly ModelDocument[] {
    return [...this.documents];
  }

  /** A document with a run under way; null where there is none. */
  get running(): ModelDocument | null {
    return this.open.find(({ session }) => session.state.run.status === 'running') ?? null;
  }

  openCustomDocument(uri: vscode.Uri): ModelDocument {
    const document = new ModelDocument(uri, this.options);
    this.documents.add(document);
    document.onDidChangeState(() => this.changeEmitter.fire());
    document.onDidProgress(() => this.changeEmitter.fire());
    document.onDidMap(() => this.changeEmitter.fire());
    document.onDidDispose(() => {
      this.documents.delete(document);
      this.changeEmitter.fire();
    });
    // Not awaited: the page loads while the worker reads.
    void document.session.open();
    return document;
  }

  async resolveCustomEditor(document: ModelDocument, panel: vscode.WebviewPanel): Promise<void> {
    const inspector = new InspectorPanel(document, panel, this.dist, await this.hasStyles);
    this.panels.add(inspector);
    panel.onDidChangeViewState(() => this.changeEmitter.fire());
    panel.onDidDispose(() => {
      this.panels.delete(inspector);
      this.changeEmitter.fire();
    });
    this.changeEmitter.fire();
  }
}
