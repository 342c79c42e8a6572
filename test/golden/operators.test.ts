import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readModel } from '../../worker/core/formats/readModel';
import type { PersonaName } from '../../worker/core/lstm/persona';
import type { DType } from '../../worker/core/model/dtype';
import type { Tensor } from '../../worker/core/model/model';
import { elementCount } from '../../worker/core/run/arrays';
import { UnsupportedOperatorError } from '../../worker/core/run/preparedOp';
import { prepareGraph } from '../../worker/core/run/prepareGraph';
import type { NumericArray, Value } from '../../worker/core/run/value';

/**
 * Random models of one operator each, and what two runtimes answer: LiteRT 2.3.0 with its reference kernels (persona tflite),
 * and tflite-micro 0.dev20261023's interpreter (persona tflm). See operators.md. Arrays are base64, little-endian.
 */
interface OperatorCase {
  readonly op: string;
  readonly note: string;
  readonly model: string;
  /** Of the inputs that are no constants, in order. */
  readonly inputs: readonly string[];
  readonly shapes: readonly (readonly number[])[];
  readonly tflite: readonly string[];
  /** `same` as tflite; null where that runtime refuses the model. */
  readonly tflm: readonly string[] | 'same' | null;
}

const cases = JSON.parse(
  gunzipSync(readFileSync(join(import.meta.dirname, 'operators.json.gz'))).toString('utf8'),
) as readonly OperatorCase[];

const ARRAYS: Partial<Record<DType, new (buffer: ArrayBuffer) => NumericArray>> = {
  float32: Float32Array,
  int8: Int8Array,
  uint8: Uint8Array,
  bool: Uint8Array,
  int16: Int16Array,
  int32: Int32Array,
  int64: BigInt64Array,
};

function decode(text: string, dtype: DType): NumericArray {
  const ArrayType = ARRAYS[dtype];
  if (ArrayType === undefined) throw new Error(`No array of ${dtype}`);
  return new ArrayType(new Uint8Array(Buffer.from(text, 'base64')).buffer);
}

const DIFFERS = 'differs';

/** null: every value is right; else what is wrong. */
function check(one: OperatorCase, persona: PersonaName, expected: readonly string[]): string | null {
  const model = readModel({ name: `${one.op}.tflite`, bytes: new Uint8Array(Buffer.from(one.model, 'base64')) });
  const [graph] = model.graphs;
  if (graph === undefined) throw new Error('no graph');
  const tensorsOf = (indices: readonly number[]) =>
    indices.map((index) => graph.tensors[index]).filter((tensor): tensor is Tensor => tensor !== undefined);
  try {
    const runner = prepareGraph(model, 0, { path: 'int8', persona });
    const inputs = tensorsOf(graph.inputs).map(({ dtype, shape }, i): Value => ({
      dtype,
      shape,
      data: decode(one.inputs[i] ?? '', dtype),
    }));
    const outputs = runner.run(inputs);
    const wrong = tensorsOf(graph.outputs).some(({ dtype }, i) => {
      const value = outputs[i];
      const right = decode(expected[i] ?? '', dtype);
      expect(value?.shape).toEqual(one.shapes[i]);
      expect(right).toHaveLength(elementCount(one.shapes[i] ?? []));
      return value === undefined || differ(value.data, right, dtype);
    });
    return wrong ? DIFFERS : null;
  } catch (error) {
    if (error instanceof UnsupportedOperatorError) return error.message.replace(/^op \d+ /, '');
    throw error;
  }
}

/**
 * Integers and flags must be equal. Floats: sums of up to 72 products in another order and exp, tanh and sin of another library
 * differ by a few units in the last place of their largest term, which are below 8 here.
 */
function differ(ours: NumericArray, right: NumericArray, dtype: DType): boolean {
  const tolerance = dtype === 'float32' ? 4e-6 : 0;
  for (let i = 0; i < right.length; i++) {
    const a = Number(ours[i]);
    const b = Number(right[i]);
    if (a !== b && !(Number.isNaN(a) && Number.isNaN(b)) && !(Math.abs(a - b) <= tolerance * Math.max(1, Math.abs(b))))
      return true;
  }
  return false;
}

/** Everything that is refused, and nothing else: what a case may answer instead of values. */
function outcomes(persona: PersonaName, of: (one: OperatorCase) => readonly string[] | null) {
  const counts = { equal: 0, refused: new Map<string, number>(), differing: [] as string[] };
  cases.forEach((one, index) => {
    const expected = of(one);
    if (expected === null) return;
    const outcome = check(one, persona, expected);
    if (outcome === null) counts.equal += 1;
    else if (outcome === DIFFERS) counts.differing.push(`${index} ${one.op} ${one.note}`);
    else counts.refused.set(outcome, (counts.refused.get(outcome) ?? 0) + 1);
  });
  return { ...counts, refused: Object.fromEntries(counts.refused) };
}

const NOT_COMPUTED = {
  'SOFTMAX: input int16 with output int16 is not computed': 2,
  'LOG_SOFTMAX: int8 is not computed': 1,
  'HARD_SWISH: int8 is not computed': 3,
  'SQUARED_DIFFERENCE: int8 is not computed': 1,
  'BATCH_MATMUL: quantized operands are not computed': 2,
};

describe('single operators', () => {
  it('equal the reference kernels of TensorFlow Lite in every value', () => {
    const { equal, refused, differing } = outcomes('tflite', ({ tflite }) => tflite);
    expect(differing).toEqual([]);
    expect(refused).toEqual({
      ...NOT_COMPUTED,
      'SOFTMAX: input int8 with output int16 is not computed': 2,
      'SUM: sums of quantized codes are not computed': 9,
      'CONV_2D: input float32 with a filter of int8 is not computed': 6,
    });
    expect(equal).toBe(cases.length - 26);
  });

  it('equal TensorFlow Lite Micro in every value', () => {
    const { equal, refused, differing } = outcomes('tflm', ({ tflite, tflm }) => (tflm === 'same' ? tflite : tflm));
    expect(differing).toEqual([]);
    expect(refused).toEqual({
      ...NOT_COMPUTED,
      'SUM: sums of quantized codes are not computed': 6,
      'DEQUANTIZE: TFLM refuses one scale per channel here: it would use the first for all': 1,
    });
    expect(equal).toBe(cases.filter(({ tflm }) => tflm !== null).length - 16);
  });

  it('that TensorFlow Lite Micro refuses for their types are refused under its persona', () => {
    const refusedByType = ['ADD', 'SUB', 'MUL', 'FULLY_CONNECTED', 'SOFTMAX', 'LOGISTIC', 'TANH'];
    const refusals = cases.filter(({ op, tflm }) => tflm === null && refusedByType.includes(op));
    expect(refusals.length).toBeGreaterThan(20);
    const answered = refusals.filter((one) => !/TFLM refuses|not computed/.test(check(one, 'tflm', one.tflite) ?? ''));
    expect(answered.map(({ op, note }) => `${op} ${note}`)).toEqual([]);
  });
});
