import type { LstmRunner } from '../lstm/lstmRunner';
import type { OperandReader } from '../lstm/operandReader';
import { integerPersona } from '../lstm/persona';
import type { GraphOptions } from '../run/graphRunner';
import { FloatGru } from './float/floatGru';
import { FloatRnn } from './float/floatRnn';
import { preparingFloatGru, preparingFloatRnn } from './float/prepareFloatGru';
import { simdProduct } from './integer/integerProducts';
import { IntegerGru } from './integer/integerGru';
import { preparingIntegerGru } from './integer/prepareIntegerGru';
import { HiddenRunner } from './hiddenRunner';
import { GRU_GATES, type GateWeights, type GruCell, type RnnCell } from './gruCell';

/**
 * The runner of a GRU on a path: float arithmetic on the float path, else what its operands' types ask for. Paused after every matrix.
 * @throws UnsupportedOperatorError
 */
export function* preparingGru(cell: GruCell, reader: OperandReader, options: GraphOptions): Generator<void, LstmRunner> {
  const arithmetic = arithmeticOf(cell, GRU_GATES.map((gate) => cell.gates[gate]), reader); // prettier-ignore
  if (options.path !== 'float' && arithmetic === 'int8') {
    const persona = integerPersona(options.persona, options.personaOverrides);
    return new HiddenRunner(new IntegerGru(yield* preparingIntegerGru(cell, persona, reader, simdProduct)));
  }
  const isHybrid = options.path !== 'float' && arithmetic === 'hybrid';
  return new HiddenRunner(new FloatGru(yield* preparingFloatGru(cell, reader, isHybrid, options.floatSums)));
}

/** The runner of a simple recurrent layer. @throws UnsupportedOperatorError; its integer form too */
export function* preparingRnn(cell: RnnCell, reader: OperandReader, options: GraphOptions): Generator<void, LstmRunner> {
  const arithmetic = arithmeticOf(cell, [cell.gate], reader);
  if (options.path !== 'float' && arithmetic === 'int8') throw reader.refusal('a simple recurrent layer has no int8 form');
  const isHybrid = options.path !== 'float' && arithmetic === 'hybrid';
  return new HiddenRunner(new FloatRnn(yield* preparingFloatRnn(cell, reader, isHybrid, options.floatSums)));
}

/** By the types of input and matrices. Converters leave small matrices float, so that one int8 matrix makes a layer hybrid. */
function arithmeticOf(
  { input }: Pick<GruCell, 'input'>,
  gates: readonly GateWeights[],
  reader: OperandReader,
): 'float' | 'hybrid' | 'int8' {
  const types = new Set(gates.flatMap((gate) => [gate.input.tensor.dtype, gate.recurrent.tensor.dtype]));
  const known = [...types].every((type) => type === 'float32' || type === 'int8');
  if (known && input.dtype === 'float32') return types.has('int8') ? 'hybrid' : 'float';
  if (input.dtype === 'int8' && [...types].every((type) => type === 'int8')) return 'int8';
  throw reader.refusal(`it takes float32 or int8 values; the input is ${input.dtype}, the weights ${[...types].join(', ')}`);
}
