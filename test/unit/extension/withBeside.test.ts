import { describe, expect, it } from 'vitest';
import type { WorkerApi } from '../../../worker/api';
import type { FileAccess } from '../../../extension/fileAccess';
import { withBeside } from '../../../extension/withBeside';

const files = {
  parent: () => 'folder',
  join: (...parts: string[]) => parts.join('/'),
  isLink: () => Promise.resolve(false),
  size: () => Promise.resolve(2),
  read: (uri: string) => Promise.resolve(new TextEncoder().encode(uri)),
} as unknown as FileAccess;

/** A worker that tells these places, or fails. */
const asking = (places: readonly string[] | null) => async (ask: (api: WorkerApi) => Promise<unknown>) => {
  await ask({ externalFiles: () => Promise.resolve({ ok: true, value: places ?? [] }) } as unknown as WorkerApi);
  if (places === null) throw new Error('The file is damaged.');
  return places;
};

describe('another model than the open one', () => {
  const file = (name: string) => ({ name, bytes: Uint8Array.of(1) });

  it('comes with the files that hold its values', async () => {
    const { beside } = await withBeside(asking(['w/values.bin']), files, 'folder/a.onnx', file('a.onnx'));
    expect([...(beside ?? [])].map(([place, bytes]) => [place, new TextDecoder().decode(bytes)])).toEqual([
      ['w/values.bin', 'folder/w/values.bin'],
    ]);
  });

  it('comes alone where it has none, is no ONNX, or cannot be read, which the worker says later', async () => {
    expect(await withBeside(asking([]), files, 'folder/a.onnx', file('a.onnx'))).toEqual(file('a.onnx'));
    expect(await withBeside(asking(['x']), files, 'folder/a.tflite', file('a.tflite'))).toEqual(file('a.tflite'));
    expect(await withBeside(asking(null), files, 'folder/a.onnx', file('a.onnx'))).toEqual(file('a.onnx'));
  });
});
