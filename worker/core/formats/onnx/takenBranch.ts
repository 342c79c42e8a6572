import { ABSENT } from '../../model/model';
import { numbersAttribute } from './attributes';
import type { GraphDraft, Scope } from './graphDraft';
import { knownOf } from './knowledge';
import { constantOf } from './nodeConstant';
import type { OnnxGraph, OnnxNode } from './proto/messages';

/** An If that was decided while reading. */
export interface TakenBranch {
  readonly node: string;
  readonly isThen: boolean;
  /** Inputs whose assumed value decided it; empty where the file alone does. */
  readonly assumed: readonly string[];
  /** Whether it was taken that an axis which is squeezed has one element. */
  readonly isSizeAssumed: boolean;
}

/** Which graph of an If runs: by its condition's value, or by what its graphs can only have been made for; null where open. */
export function takenBranch(
  draft: GraphDraft,
  scope: Scope,
  node: OnnxNode,
  condition: number,
): { readonly branch: TakenBranch; readonly graph: OnnxGraph } | null {
  const [then, other] = [node.attributes.get('then_branch'), node.attributes.get('else_branch')];
  if (then?.kind !== 'graph' || other?.kind !== 'graph') return null;
  const known = knownOf(draft, condition);
  const value = known?.values[0] ?? null;
  const name = node.name || (node.outputs[0] ?? '');
  if (known !== null && value !== null) {
    const branch = { node: name, isThen: value !== 0, assumed: known.assumed, isSizeAssumed: false };
    return { branch, graph: value === 0 ? other.value : then.value };
  }
  if (!isSqueezeOfOne(draft, scope, condition, then.value, other.value)) return null;
  return { branch: { node: name, isThen: true, assumed: [], isSizeAssumed: true }, graph: then.value };
}

/**
 * Exporters write `squeeze(axis)` as "squeeze if the axis has one element, else leave it". The squeeze is what the network is made
 * for; where it is taken wrongly, it fails when it runs, so that nothing wrong can come of it.
 */
function isSqueezeOfOne(draft: GraphDraft, scope: Scope, condition: number, then: OnnxGraph, other: OnnxGraph): boolean {
  const size = sizeComparedWithOne(draft, condition);
  const [squeeze, ...more] = then.nodes.filter(({ opType }) => opType !== 'Constant');
  if (size === null || squeeze?.opType !== 'Squeeze' || more.length > 0) return false;
  if (scope.find(squeeze.inputs[0] ?? '') !== size.tensor || then.outputs[0]?.name !== squeeze.outputs[0]) return false;
  const axes = squeezedAxes(squeeze, then);
  return axes?.length === 1 && axes[0] === size.axis && passes(scope, other, size.tensor);
}

/** The tensor and axis of a condition `shape(tensor)[axis] == 1`. */
function sizeComparedWithOne(draft: GraphDraft, condition: number): { tensor: number; axis: number } | null {
  const equal = draft.producers.get(condition);
  if (equal?.node.opType !== 'Equal') return null;
  const sides = [0, 1].map((side) => equal.inputs[side] ?? ABSENT);
  const open = sides.find((side) => knownOf(draft, side)?.values[0] !== 1);
  if (open === undefined || sides.every((side) => knownOf(draft, side)?.values[0] !== 1)) return null;
  const gather = draft.producers.get(open);
  const axis = knownOf(draft, gather?.inputs[1] ?? ABSENT)?.values;
  const shape = draft.producers.get(gather?.inputs[0] ?? ABSENT);
  if (gather?.node.opType !== 'Gather' || shape?.node.opType !== 'Shape' || axis?.length !== 1) return null;
  return { tensor: shape.inputs[0] ?? ABSENT, axis: axis[0] ?? NaN };
}

function squeezedAxes(squeeze: OnnxNode, graph: OnnxGraph): readonly number[] | null {
  const attribute = numbersAttribute(squeeze, 'axes');
  if (attribute !== null) return attribute;
  const name = squeeze.inputs[1];
  const maker = graph.nodes.find(({ opType, outputs }) => opType === 'Constant' && outputs[0] === name);
  const constant = maker === undefined ? graph.initializers.find((tensor) => tensor.name === name) : constantOf(maker);
  if (constant?.dtype !== 'int64' || constant.data.length > 8) return null;
  const { data } = constant;
  return data.length === 0 ? [] : [Number(new DataView(data.buffer, data.byteOffset, 8).getBigInt64(0, true))];
}

function passes(scope: Scope, graph: OnnxGraph, tensor: number): boolean {
  const [node, ...more] = graph.nodes;
  const name = node === undefined ? graph.outputs[0]?.name : node.opType === 'Identity' ? node.inputs[0] : undefined;
  return more.length === 0 && name !== undefined && scope.find(name) === tensor;
}
