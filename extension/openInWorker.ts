import { transfer } from 'comlink';
import type { Reply, WorkerApi } from '../worker/api';
import type { NamedBytes } from '../worker/core/formats/namedBytes';
import type { ModelOverview } from '../worker/core/report/overview';
import type { FileAccess } from './fileAccess';
import { filesBeside } from './filesBeside';

type Call = <T>(call: (api: WorkerApi) => Promise<Reply<T>>) => Promise<Reply<T>>;

/**
 * Opens a model in the worker, with the files beside it where the reader misses them.
 * @param file its bytes are transferred
 */
export async function openInWorker(
  call: Call,
  session: string,
  file: NamedBytes & { readonly bytes: Uint8Array<ArrayBuffer> },
  { files, model }: { readonly files: FileAccess; readonly model: string },
): Promise<Reply<ModelOverview>> {
  const reply = await call((api) => api.open(session, transfer(file, [file.bytes.buffer])));
  if (reply.ok || reply.error.code !== 'EXTERNAL_DATA_MISSING') return reply;
  const again = { ...file, bytes: await files.read(model) };
  const places = await call((api) => api.externalFiles(again));
  if (!places.ok) return places;
  const beside = await filesBeside(files, model, places.value);
  return call((api) => api.open(session, { ...again, beside }));
}
