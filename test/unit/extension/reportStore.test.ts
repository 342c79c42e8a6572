import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { reportStore, type StoreFolder } from '../../../extension/reportStore';
import type { Report } from '../../../worker/core/report/report';

const model = (text: string) => new TextEncoder().encode(text);
const report = (text: string, label = 'inputs/') =>
  ({
    schema: 'gatescope.report/1',
    generator: 'GateScope 1',
    model: { byteLength: text.length, sha256: createHash('sha256').update(text).digest('hex') },
    data: { label },
  }) as Report;

function memoryFolder() {
  const files = new Map<string, Uint8Array>();
  const folder: StoreFolder = {
    list: () => Promise.resolve([...files.keys()].reverse()),
    read: (name) => Promise.resolve(files.get(name) ?? new Uint8Array()),
    write: (name, bytes) => {
      files.delete(name);
      files.set(name, bytes);
      return Promise.resolve();
    },
    remove: (name) => Promise.resolve(void files.delete(name)),
  };
  return { files, folder };
}

describe('kept reports', () => {
  it('come back for the same bytes, and for no others', async () => {
    const { folder } = memoryFolder();
    const store = reportStore(folder, 'GateScope 1', () => 20);
    await store.save(report('one'));
    expect(await store.find(model('one'))).toEqual(report('one'));
    expect(await store.find(model('two'))).toBeNull();
    expect(await store.find(model('longer'))).toBeNull();
  });

  it('are one for each model, the last one', async () => {
    const { files, folder } = memoryFolder();
    const store = reportStore(folder, 'GateScope 1', () => 20);
    await store.save(report('one'));
    await store.save(report('one', 'other data'));
    expect((await store.find(model('one')))?.data.label).toBe('other data');
    expect(files.size).toBe(1);
  });

  it('are bounded in number; the oldest go first', async () => {
    const { folder } = memoryFolder();
    const store = reportStore(folder, 'GateScope 1', () => 2);
    for (const text of ['a', 'b', 'c']) await store.save(report(text));
    expect(await Promise.all(['a', 'b', 'c'].map(async (text) => (await store.find(model(text))) !== null))).toEqual([
      false,
      true,
      true,
    ]);
  });

  it('are not written at all when none are to be kept', async () => {
    const { files, folder } = memoryFolder();
    await reportStore(folder, 'GateScope 1', () => 5).save(report('a'));
    await reportStore(folder, 'GateScope 1', () => 0).save(report('b'));
    expect(files.size).toBe(0);
  });

  it('are not kept when they are too large', async () => {
    const { files, folder } = memoryFolder();
    await reportStore(folder, 'GateScope 1', () => 5, 100).save(
      report('a', 'label '.concat(createHash('sha512').update('').digest('hex'))),
    );
    expect(files.size).toBe(0);
  });

  it.each([
    ['cut short', (bytes: Uint8Array) => bytes.subarray(0, 20)],
    ['no archive', (bytes: Uint8Array) => new Uint8Array(gunzipSync(bytes))],
  ])('that are damaged count as none and go away: %s', async (_, damage) => {
    const { files, folder } = memoryFolder();
    const store = reportStore(folder, 'GateScope 1', () => 20);
    await store.save(report('one'));
    for (const [name, bytes] of files) files.set(name, damage(bytes));
    expect(await store.find(model('one'))).toBeNull();
    expect(files.size).toBe(0);
  });

  it.each([{ schema: 'gatescope.report/99' }, { generator: 'GateScope 2' }])(
    'of another version count as none: %j',
    async (change) => {
      const { folder } = memoryFolder();
      const store = reportStore(folder, 'GateScope 1', () => 20);
      await store.save({ ...report('one'), ...change } as Report);
      expect(await store.find(model('one'))).toBeNull();
    },
  );
});
