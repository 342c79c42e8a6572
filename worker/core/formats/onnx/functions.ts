import { grouped } from '../../wording';
import { ModelFormatError } from '../modelFormatError';
import type { OnnxFunction, OnnxModel, OnnxNode } from './proto/messages';

/** Functions may call functions; ONNX forbids that they call themselves, which is not looked for otherwise. */
const MAX_CALL_DEPTH = 32;
/** Calls inside of calls multiply: a small file must not become a graph of any size. */
const MAX_INLINED_NODES = 50_000;

/** What a node calls a function by. */
export function functionKey(domain: string, name: string, overload: string): string {
  return `${domain}\n${name}\n${overload}`;
}

export function functionsByKey(functions: readonly OnnxFunction[]): ReadonlyMap<string, OnnxFunction> {
  return new Map(functions.map((entry) => [functionKey(entry.domain, entry.name, entry.overload), entry]));
}

/**
 * @param depth calls around this one
 * @throws ModelFormatError where a function cannot be put in the place of its call
 */
export function checkCall(model: OnnxModel, node: OnnxNode, called: OnnxFunction, depth: number): void {
  if (depth >= MAX_CALL_DEPTH) {
    const message = `The function ${called.name} is called more than ${MAX_CALL_DEPTH} calls deep.`;
    throw new ModelFormatError('FUNCTION_DEPTH', message, node.offset, `at most ${MAX_CALL_DEPTH} calls inside each other`);
  }
  const differs = [...called.opsets].some(([domain, version]) => (model.opsets.get(domain) ?? version) !== version);
  const hasReference = called.nodes.some(({ attributes }) => [...attributes.values()].some(({ kind }) => kind === 'reference'));
  if (!differs && !hasReference) return;
  const reason = differs ? 'uses another operator set than the model' : 'takes attributes from its caller';
  const message = `The model's own function ${called.name} ${reason}, which cannot be read.`;
  const limit = 'functions without attributes, of the same operator set';
  throw new ModelFormatError('FUNCTION_NOT_SUPPORTED', message, called.offset, limit);
}

/** Counts the nodes that a call adds. @throws ModelFormatError beyond the limit */
export function countInlined(before: number, node: OnnxNode, called: OnnxFunction): number {
  const after = before + called.nodes.length + 1;
  if (after <= MAX_INLINED_NODES) return after;
  const limit = `${grouped(MAX_INLINED_NODES)} nodes`;
  throw new ModelFormatError('FUNCTION_NODES', "Calls of the model's own functions add too many nodes.", node.offset, limit);
}
