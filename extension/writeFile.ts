import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';

/** Writes a file whole or not at all: beside its place first, then under its name. */
export async function writeFile(target: vscode.Uri, bytes: Uint8Array): Promise<void> {
  const { fs } = vscode.workspace;
  const beside = target.with({ path: `${target.path}.${randomBytes(4).toString('hex')}.tmp` });
  try {
    await fs.writeFile(beside, bytes);
    await fs.rename(beside, target, { overwrite: true });
  } catch (error) {
    await Promise.resolve(fs.delete(beside)).catch(() => undefined);
    throw error;
  }
}
