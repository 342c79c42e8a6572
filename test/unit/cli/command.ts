import { spawn } from 'node:child_process';
import { bundle, SAMPLES } from '../worker/bundle';

export { SAMPLES };

/** The command line as it is shipped, bundled once for a test file. */
export async function bundleCommandLine(): Promise<string> {
  return (await bundle('worker/cli.ts')).program;
}

export interface Finished {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the program; `onStart` gets a function that sends it a signal. */
export function runCommand(
  program: string,
  args: readonly string[],
  onStart: (signal: (name: 'SIGINT' | 'SIGTERM') => void) => void = () => undefined,
): Promise<Finished> {
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    child.on('error', fail);
    child.on('close', (status) => done({ status, stdout, stderr }));
    onStart((name) => child.kill(name));
  });
}
