import { expect, it } from 'vitest';
import { OfferedFiles } from '../../../extension/offeredFiles';

const files = {
  name: (uri: string) => uri.slice(uri.lastIndexOf('/') + 1),
  size: (uri: string) => Promise.resolve(uri.length),
  read: (uri: string) => Promise.resolve(new TextEncoder().encode(uri)),
};

it('files that were picked have an id, which is all that a page knows of them', async () => {
  const offered = new OfferedFiles(files);
  const first = offered.add('file:///a/clean.wav');
  expect(first.label).toBe('clean.wav');
  expect(first.id).not.toContain('/');
  expect(offered.add('file:///a/clean.wav')).toEqual(first);
  expect((await offered.read(first.id))?.name).toBe('clean.wav');
  await expect(offered.read(first.id, 5)).rejects.toThrow('clean.wav has 19 bytes; at most 5 can be read.');
  expect(await offered.read('file:///a/clean.wav')).toBeNull();
  for (let k = 0; k < 20; k++) offered.add(`file:///${k}`);
  expect(await offered.read(first.id)).toBeNull();
});
