import { LAYOUT_LIMITS, type LayoutRequest } from '../worker/core/graph/graphLayout';
import type { OperatorDetailRequest } from '../worker/core/formula/operatorDetail';
import { MOST_TENSORS, type TensorInfosRequest } from '../worker/core/report/tensorInfos';
import { PERSONA_NAMES } from '../worker/core/lstm/persona';
import { isDetailId } from './parseDetail';
import type { DetailParams } from './protocol/messages';

type Fields = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

function requestOf(value: unknown): unknown {
  return isDetailId(value) ? (value as unknown as Fields).request : undefined;
}

export const isOperatorDetail = (value: unknown): value is DetailParams<OperatorDetailRequest> => {
  const request = requestOf(value);
  return (
    isObject(request) &&
    isCount(request.subgraph) &&
    isCount(request.op) &&
    (PERSONA_NAMES as readonly unknown[]).includes(request.persona)
  );
};

export const isTensorInfos = (value: unknown): value is DetailParams<TensorInfosRequest> => {
  const request = requestOf(value);
  return (
    isObject(request) &&
    isCount(request.subgraph) &&
    Array.isArray(request.tensors) &&
    request.tensors.length <= MOST_TENSORS &&
    request.tensors.every(Number.isSafeInteger)
  );
};

/** Sizes that can be drawn, and places that exist: a box stands in one that comes before it. */
export const isLayoutGraph = (value: unknown): value is DetailParams<LayoutRequest> => {
  const request = requestOf(value);
  if (!isObject(request) || !Array.isArray(request.boxes) || !Array.isArray(request.lines)) return false;
  const { boxes, lines } = request as { boxes: readonly unknown[]; lines: readonly unknown[] };
  if (boxes.length > LAYOUT_LIMITS.boxes || lines.length > LAYOUT_LIMITS.lines) return false;
  const isPlace = (place: unknown, end: number): boolean => isCount(place) && place < end;
  return (
    boxes.every(
      (box, at) =>
        isObject(box) &&
        [box.width, box.height].every((size) => typeof size === 'number' && size >= 1 && size <= LAYOUT_LIMITS.pixels) &&
        (box.inside === null || isPlace(box.inside, at)),
    ) && lines.every((line) => isObject(line) && isPlace(line.from, boxes.length) && isPlace(line.to, boxes.length))
  );
};
