import type { ChildProcess } from 'node:child_process';

export interface CodeServerOptions {
  /** Where settings, extensions and logs go; made anew. */
  dataFolder: string;
  /** Extension to install. */
  vsix: string;
  /** File that is opened once the workbench is up. */
  open?: string | null;
  /** User settings on top of the quiet ones. */
  settings?: Record<string, unknown>;
  testDriver?: boolean;
}

export interface CodeServer {
  url(folder: string): string;
  child: ChildProcess;
  stop(): Promise<void>;
}

export function startCodeServer(options: CodeServerOptions): Promise<CodeServer>;
