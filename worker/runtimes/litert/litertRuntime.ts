import type { DType } from '../../core/model/dtype';
import type { Graph, Model, Operator, Tensor } from '../../core/model/model';
import type { GraphOptions, Path } from '../../core/run/graphRunner';
import type { OperatorRuntime } from '../../core/run/operatorRuntime';
import type { PreparedOp } from '../../core/run/preparedOp';
import { runtimeDtype } from '../../core/run/runtimeDtype';
import type { Value } from '../../core/run/value';
import { CompiledCuts } from './compiledCuts';
import { crossingType } from './crossing';
import type { CutSource } from './cutOperator';
import type { LitertModule } from './litertModule';
import { refusalOf, refused } from './refusals';
import { runCut } from './runCut';

/** How reports name it. */
export const LITERT = 'LiteRT';

/** LiteRT for operators that are not this engine's: each runs in a sub-model of its own, so that its operands can be anybody's. */
export class LitertRuntime implements OperatorRuntime {
  private cuts: CompiledCuts;

  constructor(module: LitertModule) {
    this.cuts = new CompiledCuts(module);
  }

  /** It failed, and should get another instance before long. */
  get isWorn(): boolean {
    return this.cuts.module.isWorn;
  }

  /** Prepared operators go on with this instance, where they are compiled anew. */
  replace(module: LitertModule): void {
    this.cuts = new CompiledCuts(module);
  }

  prepare(model: Model, graph: Graph, operator: Operator, { path }: GraphOptions): PreparedOp {
    const source: CutSource = { model, graph, operator, path };
    const reason = refusalOf(model, graph, operator) ?? borderRefusal(source);
    if (reason !== null) throw refused(operator, reason);
    return {
      operator,
      cells: [],
      runtime: LITERT,
      run: (operands: readonly (Value | null)[]) => runCut(this.cuts, source, operands),
      resetState: () => undefined,
    };
  }
}

/** Why its values cannot be handed over. */
function borderRefusal({ graph, operator, path }: CutSource): string | null {
  const types = [...operator.inputs, ...operator.outputs].map((index) => typeOf(graph.tensors[index], path));
  const isConversion = operator.name === 'QUANTIZE' || operator.name === 'DEQUANTIZE';
  if (isConversion && types.every((type) => type === 'float32')) return 'on the float path there is nothing to convert';
  const crossing = [...operator.inputs.filter((index) => graph.tensors[index]?.data === null), ...operator.outputs];
  for (const index of crossing) {
    const dtype = typeOf(graph.tensors[index], path);
    if (dtype !== null && crossingType(dtype) === null) return `LiteRT.js neither takes nor gives values of type ${dtype}`;
  }
  return null;
}

function typeOf(tensor: Tensor | undefined, path: Path): DType | null {
  return tensor === undefined ? null : runtimeDtype(tensor, path);
}
