import type { Graph, Model, ModelMetadata } from '../../model/model';
import { grouped } from '../../wording';
import { ModelFormatError } from '../modelFormatError';
import { ASSUMED } from './assumed';
import { attachQuantization } from './attachQuantization';
import { type Assumptions, buildGraphs, type BuiltGraphs } from './buildGraphs';
import { externalDataIn, externalDataRecorder, type FilesBeside } from './externalData';
import { readProto } from './proto/readProto';
import type { OnnxModel } from './proto/messages';
import { lowerRecurrent } from './recurrent/lowerRecurrent';
import { MADE_OF_OPERATORS } from './recurrent/small/cellEmission';
import { lowerCells } from './recurrent/small/lowerCells';
import { tidyGraph } from './tidyGraph';

const MAX_METADATA_TEXT = 256;

/** What a model may need beside its own bytes. */
export interface OnnxReading {
  /** Files beside the model that hold its values; none where absent. */
  readonly beside?: FilesBeside;
  /** Values of inputs that choose between graphs; `DEFAULT_ASSUMPTIONS` where absent. */
  readonly assumptions?: Assumptions;
  /** The same, beside those, as the user wants them: each must decide something. */
  readonly assumed?: Assumptions;
}

/** Voice models take their sampling rate as an input and hold one network for each: 16 kHz is what they are mostly used at. */
const DEFAULT_ASSUMPTIONS: Assumptions = { sr: 16000, sample_rate: 16000, sampling_rate: 16000 };

/**
 * Reads an ONNX model. Constants are views into `bytes`; weights are not looked at.
 * @throws ModelFormatError where the file is damaged, not consistent in itself, or needs values that are not there
 */
export function readOnnx(bytes: Uint8Array, fileName: string, reading: OnnxReading = {}): Model {
  const proto = readProto(bytes, externalDataIn(reading.beside ?? new Map()));
  const { assumptions = DEFAULT_ASSUMPTIONS, assumed = {} } = reading;
  const built = buildGraphs(proto, { ...assumptions, ...assumed }, bytes.length);
  checkAssumed(assumed, built);
  const model = lowerRecurrent({
    format: 'onnx',
    formatVersion: proto.irVersion,
    fileName,
    byteLength: bytes.length,
    description: proto.docString,
    metadata: metadataOf(proto, built),
    graphs: built.graphs.map(attachQuantization),
    signatures: [],
    opsets: Object.fromEntries(proto.opsets),
    ...(Object.keys(built.assumed).length === 0 ? {} : { assumed: built.assumed }),
  });
  const opset = proto.opsets.get('') ?? 1;
  const graphs = model.graphs.map((graph, index) => tidyGraph(index === 0 ? lowerCells(graph, opset) : graph));
  return { ...model, metadata: [...model.metadata, ...cellNotes(graphs)], graphs };
}

/**
 * Places of the files below the model's folder that hold values of the model; none where it holds all of them itself.
 * @throws ModelFormatError where a file is named that is not inside the model's folder, and where the model cannot be read
 */
export function externalFiles(bytes: Uint8Array): readonly string[] {
  const locations = new Set<string>();
  readProto(bytes, externalDataRecorder(locations));
  return [...locations];
}

function checkAssumed(assumed: Assumptions, built: BuiltGraphs): void {
  const idle = Object.keys(assumed).find((name) => !Object.hasOwn(built.assumed, name));
  if (idle === undefined) return;
  const deciding = Object.keys(built.assumed);
  const limit = deciding.length === 0 ? 'no input decides anything here' : `inputs that decide: ${deciding.join(', ')}`;
  const message = `No input ${idle.slice(0, MAX_METADATA_TEXT)} decides which graph runs, so that no value can be assumed for it.`;
  throw new ModelFormatError('ASSUMED_INPUT', message, null, limit);
}

function metadataOf(proto: OnnxModel, built: BuiltGraphs): ModelMetadata[] {
  const entries: (readonly [name: string, text: string])[] = [
    ['producer', `${proto.producerName} ${proto.producerVersion}`.trim()],
    ...[...proto.opsets].map(([domain, version]) => [`opset ${domain || 'ai.onnx'}`, String(version)] as const),
    ['domain', proto.domain],
    ['model version', proto.modelVersion === 0 ? '' : String(proto.modelVersion)],
    ...proto.metadata.map(({ key, value }) => [key, value] as const),
    ...notesOf(built),
  ];
  return entries.filter(([, text]) => text !== '').map(([name, text]) => ({ name, ...shownText(text) }));
}

/** What the reader has made of the file's operators, and what it has taken for granted. */
function notesOf({ branches, assumed, leftOut }: BuiltGraphs): (readonly [name: string, text: string])[] {
  const sizes = branches.filter(({ isSizeAssumed }) => isSizeAssumed).length;
  const inputs = Object.entries(assumed).map(([name, value]) => {
    const decided = branches.filter((branch) => branch.assumed.includes(name)).length;
    return [
      `${ASSUMED}${name}`,
      `${value}, which decides ${decided} If. What the model does at other values is not read.`,
    ] as const;
  });
  return [
    ...inputs,
    [
      `${ASSUMED}sizes`,
      sizes === 0 ? '' : `${sizes} If squeeze an axis if its size is 1: taken to be 1. Another size fails in a run.`,
    ],
    ['If taken', branches.length === 0 ? '' : `${branches.length}: their graphs stand in their place.`],
    ['operators folded', leftOut === 0 ? '' : `${leftOut}: copies, and what only constants and sizes decide.`],
  ];
}

/** What became of LSTMs in small operators. */
function cellNotes(graphs: readonly Graph[]): readonly ModelMetadata[] {
  const sizes = graphs.flatMap(({ operators }) => operators.flatMap(({ options }) => options[MADE_OF_OPERATORS] ?? []));
  if (sizes.length === 0) return [];
  const operators = sizes.reduce((sum: number, size) => sum + Number(size), 0);
  const text = `${sizes.length}: made of ${grouped(operators)} operators of the file, with the same answers but for float rounding.`;
  return [{ name: 'LSTMs recognised', ...shownText(text) }];
}

function shownText(text: string): Pick<ModelMetadata, 'byteLength' | 'text'> {
  const byteLength = new TextEncoder().encode(text).length;
  return { byteLength, text: byteLength <= MAX_METADATA_TEXT && /^[\x20-\x7e\n\r\t]+$/.test(text) ? text : null };
}
