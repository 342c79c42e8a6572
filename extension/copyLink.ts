import * as vscode from 'vscode';
import type { ModelDocument } from './modelDocument';
import { linkQuery } from './placeLink';
import type { Place } from './protocol/messages';

/** Puts the link to a place of an open model on the clipboard. */
export async function copyLink({ uri, session }: ModelDocument, place: Place, extensionId: string): Promise<void> {
  const link = vscode.Uri.from({
    scheme: vscode.env.uriScheme,
    authority: extensionId,
    path: '/open',
    query: linkQuery({ file: uri.toString(), place, assumed: session.assumed }),
  });
  const external = await vscode.env.asExternalUri(link);
  await vscode.env.clipboard.writeText(external.toString());
}
