import { atOnce } from '../run/atOnce';
import type { GraphOptions } from '../run/graphRunner';
import { checkTflm } from './checkTflm';
import { FloatRunner } from './float/floatRunner';
import { preparingDynamic } from './float/prepareDynamic';
import { preparingFloat, preparingHybrid } from './float/prepareFloat';
import { checkTfliteInteger } from './integer/checkTflite';
import { INT16_ARITHMETIC, INT8_ARITHMETIC } from './integer/codeArithmetic';
import { IntegerRunner } from './integer/integerRunner';
import { preparingInteger } from './integer/prepareInteger';
import type { LstmCell } from './lstmCell';
import type { LstmRunner } from './lstmRunner';
import type { OperandReader } from './operandReader';
import { integerPersona } from './persona';
import { simdCovers, SimdIntegerRunner } from './simd/simdIntegerRunner';
import { SimdMemory, type Int8LstmParameters } from './simd/simdMemory';

/** Arithmetic that an operator's own types ask for. */
export type CellArithmetic = 'float' | 'hybrid' | 'dynamic' | 'int8' | '16x8';

/** By the types of input and weights, as the runtimes choose their kernel. */
export function arithmeticOf(cell: LstmCell, reader: OperandReader): CellArithmetic {
  const activations = cell.input.dtype;
  const weights = cell.inputToGate.output?.tensor.dtype ?? 'unknown';
  if (activations === 'float32' && weights === 'float32') return 'float';
  if (cell.dynamicQuantize) return 'dynamic';
  if (activations === 'float32' && (weights === 'int8' || weights === 'uint8')) return 'hybrid';
  if (activations === 'int8' && weights === 'int8') return 'int8';
  if (activations === 'int16' && weights === 'int8') return '16x8';
  throw reader.refusal(`no LSTM kernel takes ${activations} activations with ${weights} weights`);
}

/**
 * The runner of one cell on a path: float arithmetic on the float path, else the file's own as the persona's runtime has it.
 * @throws UnsupportedOperatorError when the runtime refuses the cell
 */
export function prepareCell(cell: LstmCell, reader: OperandReader, options: GraphOptions): LstmRunner {
  return atOnce(preparingCell(cell, reader, options));
}

/** The same with pauses between its matrices. */
export function* preparingCell(cell: LstmCell, reader: OperandReader, options: GraphOptions): Generator<void, LstmRunner> {
  const arithmetic = arithmeticOf(cell, reader);
  if (options.path === 'float') return new FloatRunner(yield* preparingFloat(cell, reader, options.floatSums));
  if (arithmetic === 'dynamic') return new FloatRunner(yield* preparingDynamic(cell, reader));
  const persona = integerPersona(options.persona, options.personaOverrides);
  if (options.persona === 'tflm') checkTflm(cell, reader);
  switch (arithmetic) {
    case 'float':
      return new FloatRunner(yield* preparingFloat(cell, reader, options.floatSums));
    case 'hybrid':
      return new FloatRunner(yield* preparingHybrid(cell, reader));
    case 'int8':
    case '16x8':
      if (options.persona !== 'tflm') checkTfliteInteger(cell, reader);
      return arithmetic === 'int8'
        ? yield* preparingInt8(yield* preparingInteger(cell, persona, reader, INT8_ARITHMETIC))
        : new IntegerRunner(yield* preparingInteger(cell, persona, reader, INT16_ARITHMETIC));
  }
}

function* preparingInt8(parameters: Int8LstmParameters): Generator<void, LstmRunner> {
  yield;
  if (!simdCovers(parameters)) return new IntegerRunner(parameters);
  return new SimdIntegerRunner(parameters, yield* SimdMemory.preparing(parameters));
}
