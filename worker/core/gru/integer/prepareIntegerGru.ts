import { MULTIPLY_BY_QUANTIZED_MULTIPLIER } from '../../quantization/fixedPoint';
import { quantizeMultiplier } from '../../quantization/quantizeMultiplier';
import { ACTIVATION_INPUT_SCALE, ACTIVATION_OUTPUT_SCALE, effectiveMultiplier } from '../../lstm/integer/integerScales';
import { storedValues, type Weights } from '../../lstm/lstmCell';
import type { OperandReader } from '../../lstm/operandReader';
import { addRowSums, int8Values } from '../../lstm/packing';
import type { IntegerPersona } from '../../lstm/persona';
import { quantizedFormat } from '../../lstm/signalSpecs';
import type { GruCell, PerGruGate } from '../gruCell';
import { gruSignals } from '../hiddenSignals';
import type { IntegerGruGate, IntegerGruParameters } from './integerGruParameters';
import type { ProductMaker } from './integerProducts';

/**
 * An int8 GRU ready to run, with a pause after every matrix: real scales become multipliers, zero points go into biases.
 * @throws UnsupportedOperatorError when scales are missing, or an activation has no integer form
 */
export function* preparingIntegerGru(
  cell: GruCell,
  persona: IntegerPersona,
  reader: OperandReader,
  product: ProductMaker,
): Generator<void, IntegerGruParameters> {
  const { activations, gates, sizes } = cell;
  if (activations.gates !== 'SIGMOID' || activations.candidate !== 'TANH') {
    throw reader.refusal(`int8 has sigmoid and tanh only, not ${activations.gates} and ${activations.candidate}`);
  }
  const h = reader.affine(cell.output);
  const clip = Math.min(32767, Math.round(cell.gateClip / ACTIVATION_INPUT_SCALE));
  return {
    sizes,
    gates: {
      update: yield* preparingGate(cell, gates.update, null, reader, product),
      reset: yield* preparingGate(cell, gates.reset, null, reader, product),
      candidate: yield* preparingGate(cell, gates.candidate, cell.recurrentCandidateBias, reader, product),
    },
    linearBeforeReset: cell.linearBeforeReset,
    clip: cell.gateClip > 0 ? clip : null,
    sigmoid: persona.activations.sigmoid(),
    tanh: persona.activations.tanh(3),
    multiply: MULTIPLY_BY_QUANTIZED_MULTIPLIER[persona.multiplierRounding],
    recurrentSaturatesAlone: persona.recurrentSaturatesAlone,
    zeroPoint: h.zeroPoint,
    toQ15: quantizeMultiplier(h.scale / ACTIVATION_OUTPUT_SCALE),
    fromQ30: quantizeMultiplier(ACTIVATION_OUTPUT_SCALE ** 2 / h.scale),
    signals: gruSignals(cell, {
      sums: quantizedFormat('int16', ACTIVATION_INPUT_SCALE, 0),
      activated: quantizedFormat('int16', ACTIVATION_OUTPUT_SCALE, 0),
      hidden: quantizedFormat('int8', h.scale, h.zeroPoint),
    }),
  };
}

function* preparingGate(
  { sizes, input, output }: GruCell,
  weights: GruCell['gates'][keyof PerGruGate<unknown>],
  recurrentBias: Weights | null,
  reader: OperandReader,
  product: ProductMaker,
): Generator<void, IntegerGruGate> {
  const [x, h] = [reader.affine(input), reader.affine(output)];
  const scaleOf = ({ tensor }: Weights) => reader.affine(tensor).scale;
  return {
    input: yield* preparingProduct(weights.input, weights.bias, sizes.input, x.zeroPoint, sizes.hidden, reader, product),
    recurrent: yield* preparingProduct(
      weights.recurrent,
      recurrentBias,
      sizes.hidden,
      h.zeroPoint,
      sizes.hidden,
      reader,
      product,
    ),
    inputMultiplier: effectiveMultiplier(scaleOf(weights.input), x.scale, ACTIVATION_INPUT_SCALE),
    recurrentMultiplier: effectiveMultiplier(scaleOf(weights.recurrent), h.scale, ACTIVATION_INPUT_SCALE),
  };
}

function* preparingProduct(
  weights: Weights,
  bias: Weights | null,
  columns: number,
  zeroPoint: number,
  rows: number,
  reader: OperandReader,
  product: ProductMaker,
) {
  const values = int8Values(weights);
  const base = new Int32Array(rows);
  if (bias !== null) {
    if (bias.tensor.dtype !== 'int32') throw reader.refusal(`${bias.tensor.name} is ${bias.tensor.dtype}; biases are int32`);
    base.set(storedValues(bias) as Int32Array);
  }
  addRowSums(values, columns, -zeroPoint, base);
  yield;
  return yield* product(values, columns, base);
}
