import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { readTflite } from '../../worker/core/formats/tflite/readTflite';
import { TARGET_NAMES, TARGETS } from '../../worker/core/targets/mapTargets';
import { placeModel } from '../../worker/core/targets/placeModel';
import type { TargetName, TargetPlacement } from '../../worker/core/targets/verdict';
import { describeShared } from '../shared';

interface TruthRow {
  readonly result: string;
  readonly ops: readonly {
    readonly subgraph: number;
    readonly index: number;
    readonly op: string;
    readonly placed: string | null;
  }[];
  /** XNNPACK: partitions by subgraph. */
  readonly partitions?: readonly number[];
}

/** Targets whose own tools were run. */
const RUN = ['tflite-cpu', 'xnnpack', 'tflm', 'ethos-u55', 'ethos-u65', 'ethos-u85'] as const satisfies readonly TargetName[];

/** Where the tools and the rules differ, and why that stays. */
const DISAGREEMENTS: Readonly<Partial<Record<TargetName, Readonly<Record<string, string>>>>> = {
  'tflite-cpu': {
    'data/odd-models/nested_while.bin': 'loads; with zeros as input its inner loop never ends, which no rule can see',
    'probes/reshape_int8_dynamic_shape.tflite':
      'loads; its shape is an input, which was 0 in the run and need not be 0: a rule would be wrong for every other input',
  },
};

/** No model came out, or the tool itself broke: no answer to compare with. */
const BROKE = /^(compiler error|crash)$|exit -/;
const RUNS = /^(compiled|runs|allocates)$/;

describeShared('Placement as the tools themselves did it', (shared) => {
  const bases = [shared, `${shared}/golden/placement`];

  it.each(RUN)('%s', (name) => {
    const truth = JSON.parse(readFileSync(`${shared}/golden/placement/${name}.json`, 'utf8')) as {
      models: Readonly<Record<string, TruthRow>>;
    };
    const differences = new Set<string>();
    let verdicts = 0;
    for (const [file, row] of Object.entries(truth.models)) {
      const path = bases.map((base) => `${base}/${file}`).find(existsSync);
      if (path === undefined || BROKE.test(row.result)) continue;
      const placement = place(path, file, name);
      verdicts += 1;
      const runs = RUNS.test(row.result);
      if (name !== 'xnnpack' && runs !== (placement?.result === 'runs')) {
        differences.add(file);
        continue;
      }
      // The interpreters place no operator elsewhere: they run a model or refuse it.
      if (!runs || name === 'tflm' || name === 'tflite-cpu') continue;
      for (const { subgraph, index, placed } of row.ops) {
        if (placed === null || placed === 'removed') continue;
        verdicts += 1;
        const own = placement?.ops.find((op) => op.subgraph === subgraph && op.index === index)?.verdict;
        if ((own === 'native' || own === 'conditional') !== (placed !== 'cpu')) differences.add(`${file} ${index}`);
      }
    }
    expect(verdicts).toBeGreaterThan(300);
    expect([...differences].sort()).toEqual(Object.keys(DISAGREEMENTS[name] ?? {}).sort());
  });

  it('groups operators into as many partitions as XNNPACK did', () => {
    const truth = JSON.parse(readFileSync(`${shared}/golden/placement/xnnpack.json`, 'utf8')) as {
      models: Readonly<Record<string, TruthRow>>;
    };
    const differences: string[] = [];
    let compared = 0;
    for (const [file, { partitions }] of Object.entries(truth.models)) {
      const path = bases.map((base) => `${base}/${file}`).find(existsSync);
      const placement = path === undefined || partitions === undefined ? null : place(path, file, 'xnnpack');
      if (placement?.effects === undefined || partitions === undefined || placement.result === 'rejected') continue;
      compared += 1;
      const own = partitions.map((_, graph) => placement.effects?.partitions.filter(({ subgraph }) => subgraph === graph).length);
      if (String(own) !== String(partitions)) differences.push(file);
    }
    expect(compared).toBeGreaterThan(250);
    // Its first operator writes its own input: the interpreter refuses the model.
    expect(differences).toEqual(['data/odd-models/add_shared_tensors.bin']);
  });

  it('says of every operator that is not native why, and where that is known from', () => {
    for (const file of [
      'data/tflite/dtln_model_quant_1.tflite',
      'data/tflite/keyword_scrambled.tflite',
      'data/tflite/mnist_lstm_int8.tflite',
    ]) {
      for (const name of TARGET_NAMES) {
        for (const op of place(`${shared}/${file}`, file, name)?.ops ?? []) {
          if (op.reasons.length > 0 !== (op.verdict !== 'native')) throw new Error(`${name} ${file} ${op.index}`);
          for (const reason of op.reasons) {
            if ([reason.rule, reason.seen, reason.message, reason.source].includes(''))
              throw new Error(`${name}: ${reason.rule}`);
          }
        }
      }
    }
  });

  it('sends the LSTM models made for it entirely to the NPU', () => {
    for (const file of ['mnist_lstm_int8', 'micro_speech_lstm_int8', 'dtln_noise_suppression_int8']) {
      for (const name of ['ethos-u55', 'ethos-u65', 'ethos-u85'] as const) {
        const placement = place(`${shared}/data/tflite/${file}.tflite`, file, name);
        expect(placement?.result).toBe('runs');
        expect(new Set(placement?.ops.map(({ verdict }) => verdict))).toEqual(new Set(['native']));
      }
    }
  });
});

/** Null for a file that cannot be read, which every target refuses. */
function place(path: string, file: string, name: TargetName): TargetPlacement | null {
  try {
    return placeModel(readTflite(new Uint8Array(readFileSync(path)), file), TARGETS[name]);
  } catch (error) {
    if (error instanceof Error && error.name === 'ModelFormatError') return null;
    throw error;
  }
}
