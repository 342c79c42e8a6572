import { code, count, percent, real, scale } from '../../webview/charts/format';
import type { CalibratedRange, LstmRanges } from '../core/calibration/calibratedRanges';
import { GATE_LETTERS, GATES } from '../core/lstm/signals';
import { LSTM_INTERMEDIATES, LSTM_OPERANDS } from '../core/model/lstmOperands';
import type { Graph, Model, Tensor } from '../core/model/model';
import type { ModelEdit } from '../core/model/modelEdit';
import type { RecipeNote } from '../core/recipe/notes';
import type { Recipe } from '../core/recipe/recipe';
import { counted } from '../core/wording';
import type { FoundRanges } from './calibrationOptions';
import { textTable } from './textTable';

/** All that a quantization made and was made from. */
export interface Quantization {
  readonly model: Model;
  readonly recipe: Recipe;
  readonly found: FoundRanges;
  readonly edit: ModelEdit;
  readonly notes: readonly RecipeNote[];
  /** The file written, and its size in bytes. */
  readonly output: string;
  readonly bytes: number;
}

interface SignalSummary {
  /** `i` .. `o` before layer norm, `m`, `c`, `h`; cells of a bidirectional operator have their direction in front. */
  readonly signal: string;
  readonly min: number;
  readonly max: number;
  /** As quantized; null where the signal's format is not a tensor's of its own. */
  readonly format: { readonly dtype: string; readonly scale: number; readonly zeroPoint: number } | null;
}

interface LstmSummary {
  readonly op: number;
  readonly name: string;
  readonly signals: readonly SignalSummary[];
}

const STATES = {
  reset: 'states reset before each',
  carry: 'states carried over',
  'as-tflite': 'states as in TensorFlow Lite’s calibrator',
} as const;

/** What `gatescope quantize` prints: what was quantized how, from which ranges, and what a user should know of it. */
export class QuantizeSummary {
  private readonly keptFloat: number;
  private readonly quantized: number;
  private readonly inserted: number;
  private readonly lstms: readonly LstmSummary[];

  constructor(private readonly made: Quantization) {
    const { model, edit, notes } = made;
    const kept = new Set(notes.flatMap(({ kind, op }) => (kind === 'kept-float' && op !== null ? [op] : [])));
    this.keptFloat = kept.size;
    this.quantized = (model.graphs[0]?.operators.length ?? 0) - kept.size;
    this.inserted = edit.graphs[0]?.operatorOrigins.filter((origin) => origin === null).length ?? 0;
    this.lstms = lstmsOf(made);
  }

  toJson(): string {
    const { model, recipe, found, notes, output, bytes } = this.made;
    const { calibration } = found;
    const document = {
      schema: 'gatescope.quantize/1',
      ...{ model: model.fileName, output, scheme: recipe.scheme ?? 'int8', observer: recipe.observer ?? 'min-max' },
      calibration: calibration === null ? null : pick(calibration),
      operators: { quantized: this.quantized, keptFloat: this.keptFloat, inserted: this.inserted },
      bytes: { before: model.byteLength, after: bytes },
      lstms: this.lstms,
      notes: [...found.notes.map((text) => ({ kind: 'calibration', op: null, tensor: null, name: '', text })), ...notes],
    };
    return `${JSON.stringify(document, null, 2)}\n`;
  }

  toText(): string {
    const { model, found, notes, output, bytes } = this.made;
    const size = `${count(model.byteLength)} bytes before, ${count(bytes)} after (${percent(bytes / Math.max(1, model.byteLength))})`;
    const operators = [
      `${counted(this.quantized, 'operator')} quantized`,
      `${this.keptFloat} kept float`,
      ...(this.inserted > 0 ? [`${this.inserted} inserted`] : []),
    ];
    const rows = this.lstms.flatMap(({ name, signals }) =>
      signals.map(({ signal, min, max, format }, index) => [
        index === 0 ? name : '',
        signal,
        `${real(min)} to ${real(max)}`,
        format === null ? '' : `${format.dtype}, scale ${scale(format.scale)}, zero point ${code(format.zeroPoint)}`,
      ]),
    );
    const lines = [
      `${output}: ${this.schemeText()}`,
      this.sourceText(),
      operators.join(', '),
      size,
      ...(rows.length === 0 ? [] : ['', ...textTable([['LSTM', 'signal', 'range', 'format'], ...rows])]),
      ...(found.notes.length + notes.length === 0 ? [] : ['']),
      ...found.notes,
      ...notes.map(({ name, text }) => (name === '' ? text : `${name}: ${text}`)),
    ];
    return `${lines.join('\n')}\n`;
  }

  private schemeText(): string {
    const { recipe } = this.made;
    return recipe.scheme === 'hybrid' ? 'int8 weights, float activations (hybrid)' : 'int8';
  }

  private sourceText(): string {
    const { recipe, found } = this.made;
    const { calibration } = found;
    if (recipe.scheme === 'hybrid') return 'no ranges needed';
    if (calibration === null) return 'ranges as the file keeps them';
    const { samples, steps, state, synthetic } = calibration;
    const what = counted(samples, synthetic ? 'random sample' : 'sample');
    return `ranges of ${what}, ${count(steps)} steps, ${STATES[state]}; observer ${recipe.observer ?? 'min-max'}`;
  }
}

function pick({ samples, steps, state, synthetic }: NonNullable<FoundRanges['calibration']>) {
  return { samples, steps, state, synthetic };
}

function lstmsOf({ model, found, edit }: Quantization): LstmSummary[] {
  const graph = model.graphs[0];
  if (graph === undefined) return [];
  return [...found.ranges.lstms].map(([op, cells]) => ({
    op,
    name: graph.tensors[graph.operators[op]?.outputs[0] ?? -1]?.name ?? `#${op}`,
    signals: cells.flatMap((cell, index) => {
      const direction = cells.length === 1 ? '' : index === 0 ? 'forward ' : 'backward ';
      return signalsOf(cell, cells.length === 1 ? formatsOf(edit, op) : {}, direction);
    }),
  }));
}

type Formats = Readonly<Record<string, Tensor | undefined>>;

/** Tensors of the quantized operator that was made from operator `op`, by signal. */
function formatsOf({ graphs }: ModelEdit, op: number): Formats {
  const edited = graphs[0];
  const graph: Graph | undefined = edited?.graph;
  const operator = graph?.operators[edited?.operatorOrigins.indexOf(op) ?? -1];
  if (graph === undefined || operator === undefined) return {};
  const at = (index: number | undefined) => graph.tensors[index ?? -1];
  const gates = GATES.map((gate) => [GATE_LETTERS[gate], at(operator.intermediates[LSTM_INTERMEDIATES.gate[gate]])] as const);
  return {
    ...Object.fromEntries(gates),
    m: at(operator.intermediates[LSTM_INTERMEDIATES.hidden]),
    c: at(operator.inputs[LSTM_OPERANDS.cellState]),
    h: at(operator.outputs[0]),
  };
}

function signalsOf({ gates, hidden, cell, output }: LstmRanges, formats: Formats, direction: string): SignalSummary[] {
  const signal = (name: string, range: CalibratedRange | null): SignalSummary[] =>
    range === null ? [] : [{ signal: direction + name, min: range.min, max: range.max, format: formatOf(formats[name]) }];
  const ofGates = GATES.flatMap((gate) => signal(GATE_LETTERS[gate], gates[gate]));
  return [...ofGates, ...signal('c', cell), ...signal('m', hidden), ...signal('h', output)];
}

function formatOf(tensor: Tensor | undefined): SignalSummary['format'] {
  const scale = tensor?.quantization?.scales[0];
  if (tensor === undefined || scale === undefined) return null;
  return { dtype: tensor.dtype, scale, zeroPoint: tensor.quantization?.zeroPoints[0] ?? 0 };
}
