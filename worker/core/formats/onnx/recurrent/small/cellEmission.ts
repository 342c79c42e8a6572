import { GATES } from '../../../../lstm/signals';
import { LSTM_OPERANDS, ONNX_LSTM_OPTIONS } from '../../../../model/lstmOperands';
import { ABSENT, type Operator } from '../../../../model/model';
import { deadWithout } from '../../../../recognise/coverage';
import type { Dataflow } from '../../../../recognise/dataflow';
import { lstmOperator } from '../lstmOperator';
import { madeOperator, type RecurrentDraft } from '../recurrentDraft';
import type { CellPlan } from './cellPlans';
import { ownOperators } from './foundCells';

const LETTERS = { input: 'i', forget: 'f', cell: 'c', output: 'o' } as const;
/** Option that says how many operators of the file one stands for. */
export const MADE_OF_OPERATORS = 'made_of_operators';

/** Makes the operators that stand for cells. */
export class CellEmission {
  /** Operators of the graph that are needed no more. */
  readonly gone: ReadonlySet<number>;
  /** Values that the made operators read, as far as the graph has them. */
  private readonly reads: ReadonlySet<number>;

  constructor(
    private readonly draft: RecurrentDraft,
    private readonly flow: Dataflow,
    plans: readonly CellPlan[],
  ) {
    this.reads = new Set(
      plans.flatMap(({ x, initialH, initialC }) => [...(x.kind === 'whole' ? [x.tensor] : x.tensors), initialH, initialC]),
    );
    const own = plans.flatMap(({ lstm, joins }) => [...ownOperators(flow, lstm), ...joins.map(({ operator }) => operator)]);
    this.gone = deadWithout(flow, own, [...flow.graph.outputs, ...this.reads]);
  }

  /** The operators of one cell, each after those that it reads from. */
  cell(plan: CellPlan): readonly Operator[] {
    const { lstm, label, y, timeAxis, isReversed, hidden, joins, rows } = plan;
    const { sizes } = lstm;
    const before: Operator[] = [];
    const after: Operator[] = [];
    const state = [rows, sizes.cell];
    const [last, lastCell] = [lstm.hidden.at(-1) ?? ABSENT, lstm.cells.at(-1) ?? ABSENT];
    const h = this.value(last, `${label}/Y_h`, state, after);
    const c = this.value(lastCell, `${label}/Y_c`, state, after);
    const operator = lstmOperator(this.draft, {
      ...{ label, x: this.input(plan, before), constants: this.constants(plan), lengths: ABSENT, outputs: [y, h, c] },
      ...{ initialH: plan.initialH, initialC: plan.initialC, batch: Math.max(1, rows), hidden: sizes.cell },
      ...{ timeMajor: timeAxis === 0, reverse: isReversed, directionAxis: false, cellActivation: 'TANH' },
      more: {
        [ONNX_LSTM_OPTIONS.gateClip]: 0,
        [ONNX_LSTM_OPTIONS.gateActivation]: 'SIGMOID',
        [ONNX_LSTM_OPTIONS.hiddenActivation]: 'TANH',
        [MADE_OF_OPERATORS]: lstm.operators.length,
      },
    });
    for (const { output, timeAxis: axis } of joins) {
      if (axis !== timeAxis) after.push(this.made('Transpose', [y], [output], { perm: [1, 0, 2] }));
      else if (output !== y) after.push(this.made('Identity', [y], [output], {}));
    }
    for (const [step, tensor] of hidden.entries()) {
      if (tensor === last || !this.isRead(tensor)) continue;
      const place = this.draft.int64Constant(`${label}/step_${step}`, [step], []);
      after.push(this.made('Gather', [y, place], [this.value(tensor, `${label}/h_${step}`, state, after)], { axis: timeAxis }));
    }
    return [...before, { ...operator, storedAs: 'LSTM' }, ...after];
  }

  private made(name: string, inputs: readonly number[], outputs: readonly number[], options: Operator['options']): Operator {
    return madeOperator(name, this.draft.opset, inputs, outputs, options);
  }

  /** Whether somebody needs a hidden value by itself. */
  private isRead(tensor: number): boolean {
    const isNeeded = this.flow.isOutput(tensor) || this.reads.has(tensor);
    return isNeeded || this.flow.readers(tensor).some((reader) => !this.gone.has(reader.index));
  }

  /** A tensor [rows, cells] that is a value of the graph, or becomes it under the shape that it has there. */
  private value(target: number, name: string, shape: readonly number[], after: Operator[]): number {
    const { shapeSignature = [] } = this.draft.tensor(target) ?? {};
    if (shapeSignature.length === 2) return target;
    const own = this.draft.add(name, 'float32', shape);
    after.push(this.reshape(own, target, shapeSignature));
    return own;
  }

  private input({ x, label, lstm }: CellPlan, before: Operator[]): number {
    if (x.kind === 'whole') return x.tensor;
    const shape = [1, -1, lstm.sizes.input];
    const parts = x.tensors.map((tensor, step) => {
      const part = this.draft.add(`${label}/x_${step}`, 'float32', shape);
      before.push(this.reshape(tensor, part, shape));
      return part;
    });
    const [only = ABSENT, ...others] = parts;
    if (others.length === 0) return only;
    const joined = this.draft.add(`${label}/x`, 'float32', [parts.length, -1, lstm.sizes.input]);
    before.push(this.made('Concat', parts, [joined], { axis: 0 }));
    return joined;
  }

  private reshape(from: number, to: number, shape: readonly number[]): Operator {
    const wanted = this.draft.int64Constant(`${this.draft.tensor(to)?.name ?? ''}/shape`, shape);
    return this.made('Reshape', [from, wanted], [to], {});
  }

  /** Operands 0 to 23. */
  private constants({ lstm, label }: CellPlan): readonly number[] {
    const weights = lstm.weights();
    const operands = new Array<number>(LSTM_OPERANDS.initialOutput).fill(ABSENT);
    const { input, cell } = lstm.sizes;
    for (const gate of GATES) {
      const name = (what: string) => `${label}/${what}[${LETTERS[gate]}]`;
      const own = weights?.[gate];
      if (own === undefined) continue;
      operands[LSTM_OPERANDS.inputToGate[gate]] = this.draft.constant(name('kernel'), [cell, input], own.input);
      operands[LSTM_OPERANDS.recurrentToGate[gate]] = this.draft.constant(name('recurrent'), [cell, cell], own.recurrent);
      operands[LSTM_OPERANDS.gateBias[gate]] = this.draft.constant(name('bias'), [cell], own.bias);
    }
    return operands;
  }
}
