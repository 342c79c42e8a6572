import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import {
  INT16_ARITHMETIC,
  INT8_ARITHMETIC,
  type Accumulators,
  type CodeArithmetic,
  type Codes,
} from '../../worker/core/lstm/integer/codeArithmetic';
import type { IntegerGate } from '../../worker/core/lstm/integer/integerParameters';
import { IntegerRunner } from '../../worker/core/lstm/integer/integerRunner';
import { fromTimeMajor, toTimeMajor } from '../../worker/core/lstm/layout';
import { addRowSums } from '../../worker/core/lstm/packing';
import { GATES, type Gate } from '../../worker/core/lstm/signals';
import { LUT_TABLES } from '../../worker/core/quantization/activationTables';
import {
  multiplyByQuantizedMultiplierDoubleRounding,
  multiplyByQuantizedMultiplierInt64,
} from '../../worker/core/quantization/fixedPoint';
import type { QuantizedMultiplier } from '../../worker/core/quantization/quantizeMultiplier';
import { describeShared } from '../shared';
import { countDifferences } from './lstmCase';

/** Numbers of CMSIS-NN's unit tests: constants and arrays, both named with the case's prefix. */
interface CmsisCase {
  readonly defines: Readonly<Record<string, number | string>>;
  readonly arrays: Readonly<Record<string, { readonly data: readonly number[] }>>;
}

/** A case under its own names, without the prefix. */
class CmsisReader {
  constructor(
    readonly name: string,
    readonly test: CmsisCase,
  ) {}

  number(name: string): number {
    const value = this.test.defines[`${this.name.toUpperCase()}_${name}`];
    if (typeof value !== 'number') throw new Error(`${this.name} lacks ${name}`);
    return value;
  }

  flag(name: string): boolean {
    return this.test.defines[`${this.name.toUpperCase()}_${name}`] === 'true';
  }

  multiplier(name: string): QuantizedMultiplier {
    return { multiplier: this.number(`${name}_MULTIPLIER`), shift: this.number(`${name}_SHIFT`) };
  }

  array(name: string): readonly number[] {
    const array = this.test.arrays[`${this.name}_${name}`];
    if (array === undefined) throw new Error(`${this.name} lacks ${name}`);
    return array.data;
  }
}

/** CMSIS-NN is handed multipliers, not scales: its parameters go into the runner directly. */
function runCase<C extends Codes, A extends Accumulators>(reader: CmsisReader, arithmetic: CodeArithmetic<C, A>): number {
  const input = reader.number('INPUT_SIZE');
  const cell = reader.number('HIDDEN_SIZE');
  const packed = (kind: string) => Int8Array.from(GATES.flatMap((gate) => reader.array(`${gate}_gate_${kind}_weights`)));
  const inputWeights = packed('input');
  const recurrentWeights = packed('hidden');
  const inputBias = arithmetic.accumulators(4 * cell);
  GATES.forEach((gate, position) => inputBias.set(reader.array(`${gate}_gate_bias`), position * cell));
  const recurrentBias = arithmetic.accumulators(4 * cell);
  const outputZeroPoint = reader.number('OUTPUT_ZERO_POINT');
  addRowSums(inputWeights, input, reader.number('INPUT_ZERO_POINT'), inputBias); // stored negated
  addRowSums(recurrentWeights, cell, -outputZeroPoint, recurrentBias);
  const gateOf = (gate: Gate): IntegerGate => ({
    inputMultiplier: reader.multiplier(`${gate.toUpperCase()}_GATE_INPUT`),
    recurrentMultiplier: reader.multiplier(`${gate.toUpperCase()}_GATE_HIDDEN`),
    peephole: null,
    layerNorm: null,
    activation: gate === 'cell' ? LUT_TABLES.tanh(3) : LUT_TABLES.sigmoid(),
  });
  const runner = new IntegerRunner({
    arithmetic,
    sizes: { input, auxInput: 0, cell, output: cell },
    gates: GATES,
    inputWeights,
    inputBias,
    recurrentWeights,
    recurrentBias,
    gate: { input: gateOf('input'), forget: gateOf('forget'), cell: gateOf('cell'), output: gateOf('output') },
    rescale: arithmetic.dtype === 'int8' ? multiplyByQuantizedMultiplierDoubleRounding : multiplyByQuantizedMultiplierInt64,
    multiply: multiplyByQuantizedMultiplierDoubleRounding,
    recurrentSaturatesAlone: true,
    peepholeWidth: cell,
    rowsTogether: reader.flag('TIME_MAJOR'),
    cellProducts: { kind: 'multiplier', forget: reader.multiplier('FORGET_TO_CELL'), input: reader.multiplier('INPUT_TO_CELL') },
    cellClip: reader.number('CELL_CLIP'),
    cellTanh: LUT_TABLES.tanh(15 + reader.number('CELL_SCALE_POWER')),
    hidden: { ...reader.multiplier('OUTPUT'), zeroPoint: outputZeroPoint },
    projection: null,
    outputZeroPoint,
    signals: [],
  });
  const batch = reader.number('BATCH_SIZE');
  const steps = reader.number('TIME_STEPS');
  const shape = { steps, batch, isTimeMajor: reader.flag('TIME_MAJOR'), rank: 3 } as const;
  const x = arithmetic.codes(steps * batch * input);
  x.set(reader.array('input_tensor'));
  const y = runner.run(toTimeMajor(x, shape, input), steps, batch, runner.initialState(batch));
  return countDifferences(fromTimeMajor(y, shape, cell), reader.array('output'));
}

const INT8_CASES = ['lstm_1', 'lstm_one_time_step', 'lstm_stateful_batch_major_multibatch'];
const INT16_CASES = INT8_CASES.map((name) => `${name}_s16`);

describeShared('CMSIS-NN LSTM unit tests equal the tflm persona', (shared) => {
  const read = (name: string) =>
    new CmsisReader(name, JSON.parse(readFileSync(join(shared, `data/golden/cmsis_nn/${name}.json`), 'utf8')) as CmsisCase);

  it.each(INT8_CASES)('%s: 0 differing outputs', (name) => expect(runCase(read(name), INT8_ARITHMETIC)).toBe(0));
  it.each(INT16_CASES)('%s: 0 differing outputs', (name) => expect(runCase(read(name), INT16_ARITHMETIC)).toBe(0));
});
