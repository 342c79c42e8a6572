import { ModelFormatError } from '../../modelFormatError';
import type { ExternalData } from '../externalData';
import { FUNCTION, MODEL, OPERATOR_SET_ID } from '../schema';
import type { OnnxFunction, OnnxGraph, OnnxModel, OnnxNode, OnnxValue } from './messages';
import { readGraph, readNode, readValue } from './readGraph';
import { readStringEntry } from './readTensor';
import { WireMessage } from './wire';

/**
 * Reads a ModelProto. Constants are views into `bytes` wherever the file has their bytes as they are.
 * @throws ModelFormatError where the file is cut, damaged, or no ONNX model
 */
export function readProto(bytes: Uint8Array, external: ExternalData): OnnxModel {
  const root = WireMessage.ofFile(bytes, 'the model');
  const numbers = { irVersion: 0, modelVersion: 0 };
  const texts = { producerName: '', producerVersion: '', domain: '', docString: '' };
  let graph: OnnxGraph | null = null;
  const opsets = new Map<string, number>();
  const metadata: { key: string; value: string }[] = [];
  const functions: OnnxFunction[] = [];
  let hasTrainingInfo = false;
  for (const field of root.fields()) {
    switch (field.number) {
      case MODEL.irVersion:
        numbers.irVersion = root.integer(field);
        break;
      case MODEL.modelVersion:
        numbers.modelVersion = root.integer(field);
        break;
      case MODEL.producerName:
        texts.producerName = root.text(field);
        break;
      case MODEL.producerVersion:
        texts.producerVersion = root.text(field);
        break;
      case MODEL.domain:
        texts.domain = root.text(field);
        break;
      case MODEL.docString:
        texts.docString = root.text(field);
        break;
      case MODEL.graph:
        graph = readGraph(root.message(field, 'the graph'), external);
        break;
      case MODEL.opsetImport:
        addOpset(root.message(field, 'an operator set'), opsets);
        break;
      case MODEL.metadataProps: {
        const [key, value] = readStringEntry(root.message(field, 'a metadata entry'));
        metadata.push({ key, value });
        break;
      }
      case MODEL.functions:
        functions.push(readFunction(root.message(field, `function ${functions.length}`), external));
        break;
      case MODEL.trainingInfo:
        hasTrainingInfo = true;
        break;
    }
  }
  if (graph === null) throw new ModelFormatError('NO_GRAPH', 'The file holds no graph at all.', 0, 'a graph');
  return { ...numbers, ...texts, graph, opsets, metadata, functions, hasTrainingInfo };
}

function addOpset(message: WireMessage, opsets: Map<string, number>): void {
  let [domain, version] = ['', 0];
  for (const field of message.fields()) {
    if (field.number === OPERATOR_SET_ID.domain) domain = message.text(field);
    if (field.number === OPERATOR_SET_ID.version) version = message.integer(field);
  }
  opsets.set(domain === 'ai.onnx' ? '' : domain, version);
}

function readFunction(message: WireMessage, external: ExternalData): OnnxFunction {
  const texts = { name: '', domain: '', overload: '' };
  const inputs: string[] = [];
  const outputs: string[] = [];
  const nodes: OnnxNode[] = [];
  const values: OnnxValue[] = [];
  const opsets = new Map<string, number>();
  for (const field of message.fields()) {
    switch (field.number) {
      case FUNCTION.name:
        texts.name = message.text(field);
        break;
      case FUNCTION.domain:
        texts.domain = message.text(field);
        break;
      case FUNCTION.overload:
        texts.overload = message.text(field);
        break;
      case FUNCTION.input:
        inputs.push(message.text(field));
        break;
      case FUNCTION.output:
        outputs.push(message.text(field));
        break;
      case FUNCTION.node:
        nodes.push(readNode(message.message(field, `node ${nodes.length} of ${message.what}`), external, 0));
        break;
      case FUNCTION.valueInfo:
        values.push(readValue(message.message(field, `value ${values.length} of ${message.what}`)));
        break;
      case FUNCTION.opsetImport:
        addOpset(message.message(field, 'an operator set'), opsets);
        break;
    }
  }
  return { ...texts, inputs, outputs, nodes, values, opsets, offset: message.start };
}
