import type { CalibratedRanges } from '../calibration/calibratedRanges';
import { lstmOperatorOf } from '../model/lstmOperands';
import type { Graph, Model } from '../model/model';
import type { GraphEdit, ModelEdit } from '../model/modelEdit';
import { Draft } from './draft';
import { NoteBook, type RecipeNote } from './notes';
import { resolveOverrides } from './overrides';
import { applyOverrides } from './applyOverrides';
import { foldConversions } from './fold';
import { quantizeHybrid } from './hybrid';
import { quantizeInteger } from './quantizeInteger';
import type { Recipe } from './recipe';
import { RecipeError } from './recipeError';

export interface QuantizedModel {
  readonly edit: ModelEdit;
  /** What was decided where, in the order of the decisions. */
  readonly notes: readonly RecipeNote[];
}

/** Name of the file's metadata that says how it was quantized. */
export const RECIPE_METADATA = 'gatescope.recipe';

/**
 * Quantizes a float model's first graph by the recipe; what the recipe leaves open is done as TensorFlow Lite's quantizer does
 * it, to the same integers. Other graphs (bodies of WHILE and IF, other signatures) stay float.
 * @param ranges of the first graph; the hybrid scheme needs none
 * @throws RecipeError when the model is quantized already, has no ranges, holds NaN, or lacks what the recipe names
 */
export function quantizeModel(model: Model, ranges: CalibratedRanges, recipe: Recipe): QuantizedModel {
  const [graph] = model.graphs;
  if (graph === undefined) throw new RecipeError('NO_GRAPH', 'The model has no graph.');
  checkQuantizable(model);
  const notes = new NoteBook();
  const overrides = resolveOverrides(graph, recipe);
  const draft = new Draft(graph, ranges);
  foldConversions(draft);
  if (recipe.scheme === 'hybrid') {
    quantizeHybrid(draft, overrides, recipe, notes);
  } else {
    checkRanges(graph, ranges, overrides.ranges.size);
    applyOverrides(draft, overrides, notes);
    quantizeInteger(draft, overrides, recipe, notes);
  }
  const graphs = [draft.finish(), ...model.graphs.slice(1).map(unchanged)];
  if (graphs.length > 1) {
    const text = 'Only the first graph is quantized; the others, which operators call or other signatures run, stay float.';
    notes.add({ kind: 'kept-float', op: null, tensor: null, name: '', text });
  }
  const metadata = [{ name: RECIPE_METADATA, text: recipeRecord(recipe, notes.notes) }];
  return { edit: { source: model, graphs, metadata }, notes: notes.notes };
}

/** What the file tells of its making: the recipe, and where it departs from TensorFlow Lite's quantizer. */
function recipeRecord(recipe: Recipe, notes: readonly RecipeNote[]): string {
  const mends = notes.flatMap(({ kind, op, name, text }) => (kind === 'mended' ? [{ op, name, text }] : []));
  return JSON.stringify({ schema: 'gatescope.recipe-record/1', recipe, mends });
}

function unchanged(graph: Graph): GraphEdit {
  return { graph, tensorOrigins: [...graph.tensors.keys()], operatorOrigins: [...graph.operators.keys()] };
}

/**
 * What can be told of a model before ranges are taken.
 * @throws RecipeError when its first graph is quantized already, or of ONNX without a recurrent layer
 */
export function checkQuantizable(model: Model): void {
  const [graph] = model.graphs;
  if (graph === undefined) return;
  checkFloat(graph);
  if (model.format !== 'onnx' || graph.operators.some((operator) => lstmOperatorOf(operator) !== null || operator.name === 'GRU'))
    return;
  const message =
    `There is nothing to quantize in ${model.fileName}: the recipe makes integers of LSTM and GRU operators, and of an ONNX model ` +
    'nothing else. Layers written in small operators are not recognised in ONNX; export the model with its LSTM operators, or as .tflite.';
  throw new RecipeError('NOTHING_TO_QUANTIZE', message, null, 'an ONNX model with LSTM or GRU operators');
}

const INTEGER_TYPES: ReadonlySet<string> = new Set(['int2', 'int4', 'uint4', 'int8', 'uint8', 'int16']);

function checkFloat(graph: Graph): void {
  const used = new Set(graph.operators.flatMap(({ inputs, outputs }) => [...inputs, ...outputs]));
  const quantized = graph.tensors.find(
    ({ index, dtype, quantization }) => used.has(index) && quantization !== null && INTEGER_TYPES.has(dtype),
  );
  if (quantized === undefined) return;
  const message = `The model is quantized already: ${quantized.name} is ${quantized.dtype}. The recipe starts from a float model.`;
  throw new RecipeError('ALREADY_QUANTIZED', message, null, 'a float model');
}

function checkRanges(graph: Graph, ranges: CalibratedRanges, overridden: number): void {
  const computed = graph.operators.flatMap(({ outputs }) => outputs);
  if (!computed.some((index) => graph.tensors[index]?.dtype === 'float32')) {
    throw new RecipeError('NOTHING_TO_QUANTIZE', 'No operator of the model computes float32 values.', null, 'a float model');
  }
  if (overridden > 0 || ranges.tensors.some((range) => range !== null)) return;
  const message = 'There are no ranges: the file keeps none, and nothing was calibrated.';
  throw new RecipeError('NO_RANGES', message, null, 'calibration data, or a calibrated model');
}
