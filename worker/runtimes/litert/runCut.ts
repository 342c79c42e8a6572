import { elementCount, formatShape } from '../../core/run/arrays';
import type { Value } from '../../core/run/value';
import type { CompiledCut, CompiledCuts } from './compiledCuts';
import { fromCrossing, toCrossing } from './crossing';
import { cutOperator, type CutSource } from './cutOperator';
import { type CrossingArray, LitertError, type LitertInput } from './litertModule';
import { refused } from './refusals';
import { SHAPING_OPERANDS } from './shapingOperands';

type Operands = readonly (Value | null)[];
type Shapes = readonly (readonly number[])[];

/**
 * Runs one operator on these operands. The sub-model is made for their shapes when they are first seen.
 * @throws UnsupportedOperatorError with LiteRT's own words when it fails, or gives other shapes from run to run
 */
export function runCut(cuts: CompiledCuts, source: CutSource, operands: Operands): Value[] {
  const { operator } = source;
  try {
    const key = keyOf(source, operands);
    const cut = cuts.get(operator, key, () => makeCut(cuts, source, operands));
    const answers = cut.model.run(inputsOf(cut, operands));
    const seen = seenShapes(cut, answers);
    if (seen !== null) {
      cuts.drop(operator, key);
      throw refused(
        operator,
        `its output is ${seen.map(formatShape).join(', ')} where ${cut.outputShapes.map(formatShape).join(', ')} was expected: its shape depends on the data`,
      );
    }
    return cut.outputs.map((dtype, position) => ({
      dtype,
      shape: cut.outputShapes[position] ?? [],
      data: fromCrossing(answers[position] ?? new Float32Array(0), dtype),
    }));
  } catch (error) {
    if (error instanceof LitertError || error instanceof RangeError) throw refused(operator, `LiteRT: ${error.message}`);
    throw error;
  }
}

function makeCut(cuts: CompiledCuts, source: CutSource, operands: Operands) {
  const outputShapes = fileShapes(source, operands) ?? askShapes(cuts, source, operands);
  const { bytes: file, ...cut } = cutOperator(source, operands, outputShapes);
  return { ...cut, outputShapes, file };
}

/** Shapes of the outputs as the file has them; null where they may be others, because operands are. */
function fileShapes({ graph, operator }: CutSource, operands: Operands): Shapes | null {
  const isAsStored = operator.inputs.every((index, position) => {
    const tensor = graph.tensors[index];
    const value = operands[position] ?? null;
    if (tensor === undefined || value === null || tensor.data !== null) return true;
    return String(tensor.shape) === String(value.shape) && SHAPING_OPERANDS[operator.name]?.includes(position) !== true;
  });
  const outputs = operator.outputs.map((index) => graph.tensors[index]);
  const isFixed = outputs.every((tensor) => tensor?.hasRank === true && tensor.shapeSignature.every((size) => size >= 0));
  return isAsStored && isFixed ? outputs.map((tensor) => tensor?.shape ?? []) : null;
}

/** Asks LiteRT: the sub-model without its outputs, whose ranks and shapes come out instead. */
function askShapes(cuts: CompiledCuts, source: CutSource, operands: Operands): Shapes {
  const ask = (of: CutSource): { readonly ranks: number[]; readonly shapes: Shapes } => {
    const cut = cutOperator(of, operands, null);
    const model = cuts.module.compile(cut.bytes);
    try {
      const answers = model.run(inputsOf(cut, operands));
      const ranks: number[] = [];
      const shapes: number[][] = [];
      let next = 0;
      for (const index of of.operator.outputs) {
        ranks.push(answers[next++]?.[0] ?? 0);
        shapes.push((of.graph.tensors[index]?.shape.length ?? 0) > 0 ? [...(answers[next++] ?? [])] : []);
      }
      return { ranks, shapes };
    } finally {
      model.delete();
    }
  };
  const first = ask(source);
  const { graph, operator } = source;
  if (operator.outputs.every((index, position) => graph.tensors[index]?.shape.length === first.ranks[position])) {
    return first.shapes;
  }
  // The file has another number of axes: asked again with room for all of them.
  const tensors = [...graph.tensors];
  operator.outputs.forEach((index, position) => {
    const tensor = tensors[index];
    if (tensor !== undefined) tensors[index] = { ...tensor, shape: new Array<number>(first.ranks[position] ?? 0).fill(1) };
  });
  return ask({ ...source, graph: { ...graph, tensors } }).shapes;
}

/** Shapes as LiteRT saw them where they are others than declared; null where all is as expected. */
function seenShapes({ outputs, outputShapes }: CompiledCut, answers: readonly CrossingArray[]): Shapes | null {
  let next = outputs.length;
  const seen = outputShapes.map((shape) => (shape.length === 0 ? [] : [...(answers[next++] ?? [])]));
  const isSame = seen.every((shape, position) => String(shape) === String(outputShapes[position]));
  const isFull = outputShapes.every((shape, position) => answers[position]?.length === elementCount(shape));
  return isSame && isFull ? null : seen;
}

function inputsOf({ inputs }: Pick<CompiledCut, 'inputs'>, operands: Operands): LitertInput[] {
  return inputs.flatMap((position) => {
    const value = operands[position];
    return value ? [{ data: toCrossing(value.data, value.dtype), shape: value.shape }] : [];
  });
}

/** All that a sub-model depends on beside its operator. */
function keyOf({ graph, operator, path }: CutSource, operands: Operands): string {
  const parts = operands.map((value, position) => {
    if (value === null || graph.tensors[operator.inputs[position] ?? -1]?.data !== null) return '';
    const isShaping = SHAPING_OPERANDS[operator.name]?.includes(position) === true;
    return `${value.shape.join('x')}${isShaping ? `=${value.data.join()}` : ''}`;
  });
  return `${path === 'float' ? 'float' : 'own'} ${parts.join(';')}`;
}
