import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ModelFormatError } from '../../../worker/core/formats/modelFormatError';
import { readModel } from '../../../worker/core/formats/readModel';
import type { Graph, Model } from '../../../worker/core/model/model';
import { describeShared } from '../../shared';

/** What the reference table says of a file, counted there with TensorFlow's own schema code. */
interface Expected {
  readonly file: string;
  /** Per subgraph: operators and tensor types with their counts; `open` where the table names the most frequent ones only. */
  readonly graphs: readonly { readonly operators: Counts; readonly types: Counts; readonly open: boolean }[];
}
type Counts = Readonly<Record<string, number>>;

/** Rows such as `| tflite/x.tflite | 123 | source | licence | ADD×1 ; FLOAT32 3 // MUL×1 ; FLOAT32 3 | good for |`. */
function expectedOf(readme: string): Expected[] {
  return readme.split('\n').flatMap((line) => {
    const cells = line.split('|').map((cell) => cell.trim());
    const [, file = '', , , , contents = ''] = cells;
    if (!/^(tflite|odd-models|quantizer)\/.*\.(tflite|bin)$/.test(file) || contents.startsWith('does not parse')) return [];
    const graphs = contents.split(' // ').map((part) => {
      const [operators = '', types = ''] = part.split(';');
      return {
        operators: counts(operators, /(\S+)×(\d+)/g),
        types: counts(types, /(\S+) (\d+)/g),
        open: operators.includes('…'),
      };
    });
    return [{ file, graphs }];
  });
}

function counts(text: string, entry: RegExp): Counts {
  return Object.fromEntries([...text.matchAll(entry)].map(([, name = '', count]) => [name, Number(count)]));
}

function tally(names: readonly string[]): Record<string, number> {
  const result: Record<string, number> = {};
  for (const name of names) result[name] = (result[name] ?? 0) + 1;
  return result;
}

const read = (file: string): Model => readModel({ name: file, bytes: new Uint8Array(readFileSync(file)) });
const operatorsOf = (graph: Graph) =>
  tally(graph.operators.map(({ name, customCode }) => (customCode === null ? name : `CUSTOM:${customCode}`)));
const typesOf = (graph: Graph) => tally(graph.tensors.map(({ dtype }) => dtype.toUpperCase()));

describeShared('reference files', (shared) => {
  const readme = join(shared, 'data/README.md');
  const expected = existsSync(readme) ? expectedOf(readFileSync(readme, 'utf8')) : [];

  it('are all listed', () => {
    expect(expected.length).toBeGreaterThan(100);
  });

  /** No model without a graph can be shown, and no other version than 3 was ever in use. */
  const refused: Readonly<Record<string, string>> = {
    'odd-models/0_subgraphs.bin': 'NO_SUBGRAPHS',
    'odd-models/no_subgraphs.bin': 'NO_SUBGRAPHS',
    'quantizer/transpose.bin': 'SCHEMA_VERSION',
  };

  it.each(expected)('$file has the operators and tensors that the table lists', ({ file, graphs }) => {
    const path = join(shared, 'data', file);
    if (refused[file] !== undefined) {
      expect(() => read(path)).toThrow(expect.objectContaining({ code: refused[file] }) as Error);
      return;
    }
    const model = read(path);
    expect(model.graphs).toHaveLength(graphs.length);
    for (const [i, graph] of model.graphs.entries()) {
      const operators = operatorsOf(graph);
      if (graphs[i]?.open === true) expect(operators).toMatchObject(graphs[i].operators);
      else expect(operators).toEqual(graphs[i]?.operators);
      expect(typesOf(graph)).toEqual(graphs[i]?.types);
    }
  });

  it.each([
    ['odd-models/java_invalid_model.bin', 'WRONG_IDENTIFIER'],
    ['odd-models/test_model_broken.bin', 'WRONG_IDENTIFIER'],
  ])('%s is refused', (file, code) => {
    expect(() => read(join(shared, 'data', file))).toThrow(expect.objectContaining({ code, name: 'ModelFormatError' }) as Error);
  });

  it.each(['data/keras3', 'data/speech-digits', 'golden', 'samples'])('every .tflite file below %s opens', (folder) => {
    const files = readdirSync(join(shared, folder), { recursive: true, encoding: 'utf8' }).filter((file) =>
      file.endsWith('.tflite'),
    );
    expect(files.length).toBeGreaterThan(0);
    for (const file of files) expect(read(join(shared, folder, file)).graphs.length).toBeGreaterThan(0);
  });
});

describe('other formats', () => {
  const open = (text: string) => () => readModel({ name: 'model.tflite', bytes: new TextEncoder().encode(text) });

  it('are named', () => {
    expect(open('version https://git-lfs.github.com/spec/v1\noid sha256:0\n')).toThrow(/Git LFS pointer/);
    expect(open('<!DOCTYPE html><html>')).toThrow(/web page/);
    expect(open('PK\x03\x04....')).toThrow(/zip archive/);
    expect(open('hello, world')).toThrow(ModelFormatError);
    expect(open('')).toThrow(/0 bytes/);
  });
});
