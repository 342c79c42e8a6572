import { Misfit } from '../../core/formats/onnx/moves/moveShapes';
import { type Move, moveOf, type MoveSource } from '../../core/formats/onnx/moves/moveValues';
import { constantValues } from '../../core/model/constants';
import { ABSENT, type Graph, type Operator } from '../../core/model/model';
import type { PreparedOp } from '../../core/run/preparedOp';
import type { Value } from '../../core/run/value';
import { refused } from './refusals';

/** Types that a move has arrays for; half floats are float32 in a run. */
const MOVED_TYPES: ReadonlySet<string> = new Set([
  ...['float16', 'float32', 'float64', 'int8', 'uint8', 'bool', 'int16', 'uint16', 'int32', 'uint32', 'int64'],
]);

/**
 * Operators that give their values another shape or place and compute nothing: every implementation gives the same values, and to ask a
 * thread for them takes many times as long as to move them. Null for all others, and where a list of sizes or axes is itself computed.
 */
export function movedHere(graph: Graph, operator: Operator): PreparedOp | null {
  if ((operator.domain ?? '') !== '' || operator.outputs.includes(ABSENT)) return null;
  if (!operator.outputs.every((output) => MOVED_TYPES.has(graph.tensors[output]?.dtype ?? ''))) return null;
  // Constants to be joined are left to ONNX Runtime, whose model they are part of.
  if (operator.name === 'Concat' && operator.inputs.some((index) => graph.tensors[index]?.data !== null)) return null;
  const move = isIdleCast(graph, operator) ? passed : moveOf(sourceOf(graph, operator));
  if (move === null) return null;
  const run = (values: readonly (Value | null)[]): Value[] => {
    const given = values.filter((value) => value !== null);
    return given.length === 0 ? [] : moved(operator, move, operator.name === 'Concat' ? given : given.slice(0, 1));
  };
  return { operator, cells: [], run, resetState: () => undefined };
}

/** @throws UnsupportedOperatorError where the values do not suit the operator */
function moved(operator: Operator, move: Move, values: readonly Value[]): Value[] {
  const arrays = values.map(({ data }) => data);
  try {
    return move(values.map(({ shape }) => shape)).map(({ shape, take }) => {
      const data = take === null ? arrays[0]! : take(arrays);
      return { dtype: values[0]!.dtype, shape, data };
    });
  } catch (error) {
    throw error instanceof Misfit ? refused(operator, error.message) : error;
  }
}

/** To the type that the values have already. */
function isIdleCast({ tensors }: Graph, { name, inputs, outputs }: Operator): boolean {
  const [from, to] = [tensors[inputs[0] ?? ABSENT]?.dtype, tensors[outputs[0] ?? ABSENT]?.dtype];
  return name === 'Cast' && from === to && from !== 'float16';
}

const passed: Move = ([shape = []]) => [{ shape, take: null }];

function sourceOf({ tensors }: Graph, { name, options, inputs, outputs }: Operator): MoveSource {
  const operand = (position: number) => tensors[inputs[position] ?? ABSENT];
  return {
    name,
    outputs: outputs.length,
    number: (option, otherwise) => {
      const value = options[option];
      return typeof value === 'number' ? value : otherwise;
    },
    list: (option, position) => {
      const value = options[option];
      if (Array.isArray(value)) return value as readonly number[];
      const tensor = operand(position);
      if (tensor === undefined) return 'absent';
      return tensor.data === null ? null : Array.from(constantValues(tensor) as ArrayLike<number | bigint>, Number);
    },
    shape: (position) => operand(position)?.shape ?? null,
  };
}
