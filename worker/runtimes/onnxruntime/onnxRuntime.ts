import type { Graph, Model, Operator } from '../../core/model/model';
import type { GraphOptions } from '../../core/run/graphRunner';
import type { OperatorRuntime } from '../../core/run/operatorRuntime';
import type { PreparedOp } from '../../core/run/preparedOp';
import type { Value } from '../../core/run/value';
import { counted, grouped } from '../../core/wording';
import { crosses, fromOrt, ortTypeOf, toOrt } from './crossing';
import { floatCounterpart } from './floatCounterpart';
import { floatRefusal, passedThrough, unrounded, unroundedDynamic } from './floatPath';
import { oneNodeModel } from './oneNodeModel';
import { Known, type CutSource, type Operand } from './operands';
import type { OrtModels, OrtResult } from './ortModels';
import { OrtError } from './ortThread';
import { MOST_OPERAND_BYTES, type OrtTensor, type OrtType } from './protocol';
import { refusalOf, refused } from './refusals';

/** How reports name it. */
export const ONNX_RUNTIME = 'ONNX Runtime';

type Values = readonly (Value | null)[];

/**
 * ONNX Runtime for operators of ONNX models, each in a model of its own, so that every value between them is seen. What depends on
 * constants alone is computed once, when it is prepared.
 */
export class OnnxRuntime implements OperatorRuntime {
  private readonly known = new WeakMap<Graph, { readonly float: Known; readonly own: Known }>();
  private readonly numbers = new WeakMap<object, number>();
  private next = 0;

  constructor(private readonly models: OrtModels) {}

  prepare(model: Model, graph: Graph, operator: Operator, { path }: GraphOptions): PreparedOp {
    const source: CutSource = { model, graph, operator, path, known: this.knownOf(graph)[path === 'float' ? 'float' : 'own'] };
    const passed = passedThrough(source) ?? unrounded(source);
    if (passed !== null) return passed;
    return { operator, cells: [], runtime: ONNX_RUNTIME, run: this.running(source), resetState: () => undefined };
  }

  private running(source: CutSource): PreparedOp['run'] {
    const { graph, operator, path } = source;
    const reason = refusalOf(graph, operator);
    if (reason !== null) throw refused(operator, reason);
    const counterpart = floatCounterpart(source);
    if (counterpart !== null) {
      const run = this.running(counterpart.source);
      return (values) => counterpart.finish(run(counterpart.feed(values)), values);
    }
    const without = floatRefusal(source);
    if (without !== null) throw refused(operator, without);
    const run = this.isConstant(source) ? this.computedOnce(source) : this.computedAnew(source);
    const isDynamic = path === 'float' && operator.name === 'DynamicQuantizeLinear';
    return isDynamic ? (values) => unroundedDynamic(values, run(values)) : run;
  }

  private isConstant({ graph, operator, known }: CutSource): boolean {
    return operator.inputs.every((index) => graph.tensors[index] === undefined || known.constant(index) !== null);
  }

  private computedOnce(source: CutSource): PreparedOp['run'] {
    const { operator, known } = source;
    const { outputs } = operator;
    if (!outputs.every((index) => index < 0 || known.values.has(index))) {
      const computed = this.compute(source, []);
      outputs.forEach((index, output) => {
        const value = computed[output];
        if (value !== undefined) known.values.set(index, value);
      });
    }
    const values = outputs.map((index) => known.values.get(index)) as Value[];
    return () => values;
  }

  /** Where all types are known before the run, ONNX Runtime looks at the operator at once. */
  private computedAnew(source: CutSource): PreparedOp['run'] {
    const operands = operandsOf(source, (index) => source.known.typeOf(index));
    if (!operands.some((operand) => operand?.dtype === 'unknown')) this.ask(source, operands, null);
    return (values) => this.compute(source, values);
  }

  private compute(source: CutSource, values: Values): Value[] {
    const { operator, graph, known } = source;
    const operands = operandsOf(source, (index, position) => {
      const value = values[position] ?? null;
      if (value === null) throw refused(operator, `its operand ${graph.tensors[index]?.name ?? ''} has no value`);
      return ortTypeOf(value, known.typeOf(index));
    });
    const { model, outputs } = this.ask(source, operands, values);
    const results: Value[] = [];
    model.outputs.forEach((position, place) => {
      const output = outputs[place];
      if (output !== undefined) results[position] = fromOrt(output);
    });
    return results;
  }

  /** @param values null: nothing is run. @throws UnsupportedOperatorError with ONNX Runtime's own words */
  private ask(source: CutSource, operands: readonly (Operand | null)[], values: Values | null): OrtResult {
    const { operator, model, known } = source;
    const reason = borderRefusal(operands, values);
    if (reason !== null) throw refused(operator, reason);
    const feed = (positions: readonly number[]): OrtTensor[] =>
      positions.flatMap((position) => {
        const [value, operand] = [values?.[position], operands[position]];
        return value && operand ? [toOrt(value, operand.dtype as OrtType)] : [];
      });
    try {
      const make = () => oneNodeModel(model, operator, operands);
      const result = this.models.run(this.keyOf(operator, operands), make, values === null ? null : feed);
      result.model.outputs.forEach((position, place) => {
        const type = result.model.outputTypes[place] ?? null;
        if (type === null || !crosses(type)) throw refused(operator, `it gives ${type ?? 'no tensor'}, which is not handed over`);
        known.setType(operator.outputs[position] ?? -1, type);
      });
      return result;
    } catch (error) {
      if (error instanceof OrtError) throw refused(operator, `${ONNX_RUNTIME}: ${error.message}`);
      throw error;
    }
  }

  /** All that a model depends on. */
  private keyOf(operator: Operator, operands: readonly (Operand | null)[]): string {
    const parts = operands.map((operand) => {
      if (operand === null) return '';
      return operand.kind === 'computed' ? operand.dtype : `#${this.numberOf(operand)}`;
    });
    return `${this.numberOf(operator)} ${parts.join()}`;
  }

  private numberOf(object: object): number {
    const known = this.numbers.get(object) ?? this.next++;
    this.numbers.set(object, known);
    return known;
  }

  private knownOf(graph: Graph) {
    const known = this.known.get(graph) ?? { float: new Known(graph, true), own: new Known(graph, false) };
    this.known.set(graph, known);
    return known;
  }
}

function operandsOf({ graph, operator, known }: CutSource, typeOf: (index: number, position: number) => Operand['dtype']) {
  return operator.inputs.map((index, position): Operand | null => {
    if (graph.tensors[index] === undefined) return null;
    return known.constant(index) ?? { kind: 'computed', dtype: typeOf(index, position) };
  });
}

/** Why its values cannot be handed over. */
function borderRefusal(operands: readonly (Operand | null)[], values: Values | null): string | null {
  const bytes = operands.reduce((sum, operand, position) => {
    if (operand === null) return sum;
    return sum + (operand.kind === 'constant' ? operand.byteLength : (values?.[position]?.data.byteLength ?? 0));
  }, 0);
  if (bytes > MOST_OPERAND_BYTES)
    return `its operands have ${counted(bytes, 'byte')}, more than the ${grouped(MOST_OPERAND_BYTES)} that are handed over`;
  const odd = operands.find((operand) => operand?.kind === 'computed' && !crosses(operand.dtype));
  return odd ? `values of type ${odd.dtype} are not handed over` : null;
}
