import type { Reply, WorkerApi } from '../worker/api';
import type { NamedBytes } from '../worker/core/formats/namedBytes';
import type { FileAccess } from './fileAccess';
import { filesBeside } from './filesBeside';
import { readInputs } from './readInputs';

/** @throws Error in words for people */
type Ask = (ask: (api: WorkerApi) => Promise<Reply<readonly string[]>>) => Promise<readonly string[]>;

/** Another model than the open one, with the files that hold its values. @throws Error when it cannot be read */
export async function readOtherModel(ask: Ask, files: FileAccess, uri: string, signal: AbortSignal): Promise<NamedBytes | null> {
  const [file] = await readInputs(files, [uri], signal);
  return file === undefined ? null : withBeside(ask, files, uri, file);
}

/**
 * A model with the files that hold its values. What the worker cannot read of it, it says when it is asked to.
 * @param uri of the model
 */
export async function withBeside(ask: Ask, files: FileAccess, uri: string, file: NamedBytes): Promise<NamedBytes> {
  if (!/\.onnx$/i.test(file.name)) return file;
  const places = await ask((api) => api.externalFiles(file)).catch(() => []);
  return places.length === 0 ? file : { ...file, beside: await filesBeside(files, uri, places) };
}
