import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { filesBeside } from '../../../extension/filesBeside';
import { readModel } from '../../../worker/core/formats/readModel';
import { readBeside } from '../../../worker/readBeside';
import { memoryFiles } from '../extension/memoryFiles';
import { onnxModel } from './onnxWriter';

const folder = mkdtempSync(join(tmpdir(), 'beside-'));
afterAll(() => rmSync(folder, { recursive: true }));

const outside = join(folder, 'outside.bin');
const model = join(folder, 'models', 'm.onnx');
mkdirSync(join(folder, 'models', 'parts'), { recursive: true });
writeFileSync(outside, 'abc');
writeFileSync(join(folder, 'models', 'parts', 'w.bin'), 'abc');
symlinkSync(outside, join(folder, 'models', 'away.bin'));
symlinkSync(join(folder, 'models', 'parts', 'w.bin'), join(folder, 'models', 'near.bin'));
symlinkSync(folder, join(folder, 'models', 'up'));

const naming = (location: string) =>
  onnxModel({
    outputs: ['y'],
    constants: [{ name: 'w', dtype: 'int8', shape: [3], external: { location } }],
    nodes: [{ op: 'Relu', inputs: ['w'], outputs: ['y'] }],
  });

describe('files beside a model', () => {
  it.each(['parts/w.bin', 'near.bin'])('%s is read', (location) => {
    const bytes = naming(location);
    const beside = readBeside(model, bytes);
    if (beside === null) throw new Error('nothing was read');
    const [graph] = readModel({ name: 'm.onnx', bytes, beside }).graphs;
    expect(graph?.tensors.find(({ name }) => name === 'w')?.data).toEqual(Uint8Array.of(97, 98, 99));
  });

  it.each(['away.bin', 'up/outside.bin', 'up', 'parts'])('%s is not, for where it leads', (location) => {
    expect(() => readBeside(model, naming(location))).toThrow("no file inside the model's folder");
  });

  it('are missed by the reader where they are not there', () => {
    const bytes = naming('none.bin');
    expect(readBeside(model, bytes)).toEqual(new Map());
    expect(() => readModel({ name: 'm.onnx', bytes })).toThrow('none.bin');
  });

  it('are read through the editor, but for links', async () => {
    const files = memoryFiles({ 'd/a.bin': 'a', 'd/parts/b.bin': 'b', 'd/link/c.bin': 'c' });
    const beside = await filesBeside(files, 'mem:/d/m.onnx', ['a.bin', 'parts/b.bin', 'link/c.bin', 'none.bin']);
    expect([...beside.keys()]).toEqual(['a.bin', 'parts/b.bin']);
  });
});
