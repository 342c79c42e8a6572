import { type Assumed, isAssumed } from './assumedInputs';
import type { Place } from './protocol/messages';

/** Longest place that a link may carry; the view's whole state is a tenth of it. */
const MAX_PLACE = 4096;

export interface PlaceLink {
  /** Uri of the model's file. */
  readonly file: string;
  readonly place: Place;
  /** What inputs are taken to be there; absent where none decides anything. */
  readonly assumed?: Assumed;
}

/** Query of the link that opens `file` at `place`. */
export function linkQuery({ file, place, assumed = {} }: PlaceLink): string {
  const more = Object.keys(assumed).length === 0 ? {} : { assumed: JSON.stringify(assumed) };
  return new URLSearchParams({ file, place: JSON.stringify(place), ...more }).toString();
}

/**
 * What a link asks for; null when it is none of ours. Links come from anywhere: only a .tflite, .onnx or .pb file is opened, with a query where it is shown as cells, and of the place the
 * view takes what it understands.
 */
export function parseLink(query: string): PlaceLink | null {
  const fields = new URLSearchParams(query);
  const file = fields.get('file');
  const text = fields.get('place') ?? '{}';
  const values = fields.get('assumed');
  if (
    file === null ||
    !/^[a-z][a-z0-9+.-]*:/i.test(file) ||
    !/\.(?:tflite|onnx|pb)(?:\?[^#]*)?$/i.test(file) ||
    text.length > MAX_PLACE ||
    (values?.length ?? 0) > MAX_PLACE
  )
    return null;
  try {
    const place: unknown = JSON.parse(text);
    const assumed: unknown = values === null ? undefined : JSON.parse(values);
    if (typeof place !== 'object' || place === null || Array.isArray(place)) return null;
    if (assumed === undefined) return { file, place: place as Place };
    return isAssumed(assumed) ? { file, place: place as Place, assumed } : null;
  } catch {
    return null;
  }
}
