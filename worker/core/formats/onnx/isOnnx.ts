import { MODEL } from './schema';
import { WireMessage } from './proto/wire';

const NUMBERS: ReadonlySet<number> = new Set([MODEL.irVersion, MODEL.modelVersion]);
const KNOWN: ReadonlySet<number> = new Set(Object.values(MODEL));
const VARINT = 0;
const BYTES = 2;
/** Tag of ir_version, which nearly every writer puts first. */
const IR_VERSION_TAG = 8;

/**
 * Whether these bytes can be an ONNX model: protocol buffers have no identifier, so that the fields themselves have to tell.
 * True where the first field is a version of the format, also a damaged one, or where all fields are a model's up to its graph.
 */
export function isOnnx(bytes: Uint8Array): boolean {
  if (bytes[0] === IR_VERSION_TAG && (bytes[1] ?? 0) !== 0) return true;
  try {
    for (const { number, type } of WireMessage.ofFile(bytes, 'the model').fields()) {
      if (!KNOWN.has(number) || type !== (NUMBERS.has(number) ? VARINT : BYTES)) return false;
      if (number === MODEL.graph) return true;
    }
  } catch {
    return false;
  }
  return false;
}
