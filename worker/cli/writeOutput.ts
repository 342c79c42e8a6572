import { once } from 'node:events';
import { MessageChannel, parentPort } from 'node:worker_threads';
import type { WriteRequest } from './supervise';

/** Writes a file whole or not at all; the main thread does it (see supervise). @throws the system's error, with `path` */
export async function writeOutput(path: string, content: Uint8Array | string): Promise<void> {
  if (parentPort === null) throw new Error('Files are written by the main thread: this has to run in a thread.');
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  const { port1, port2 } = new MessageChannel();
  const request: WriteRequest = { path, bytes, answer: port2 };
  parentPort.postMessage(request, [port2]);
  const [error] = (await once(port1, 'message')) as [unknown];
  port1.close();
  if (error instanceof Error) throw error;
}
