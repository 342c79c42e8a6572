import type { OnnxNode } from './proto/messages';

/** A number attribute, or what the operator takes without it. */
export function numberAttribute(node: OnnxNode, name: string, missing: number): number {
  const attribute = node.attributes.get(name);
  return attribute?.kind === 'number' ? attribute.value : missing;
}

/** A list attribute; null where the node has none. */
export function numbersAttribute(node: OnnxNode, name: string): readonly number[] | null {
  const attribute = node.attributes.get(name);
  return attribute?.kind === 'numbers' ? attribute.value : null;
}

export function textAttribute(node: OnnxNode, name: string, missing: string): string {
  const attribute = node.attributes.get(name);
  return attribute?.kind === 'text' ? attribute.value : missing;
}
