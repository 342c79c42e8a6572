import type { OptionValue } from '../../model/model';
import type { OnnxAttribute } from './proto/messages';

/** An attribute as an operator's option; lists of texts are joined, tensors are told by type and shape. */
export function optionValue(attribute: Exclude<OnnxAttribute, { kind: 'graph' }>): OptionValue {
  switch (attribute.kind) {
    case 'texts':
      return attribute.value.join(', ');
    case 'tensor':
      return `${attribute.value.dtype} [${attribute.value.shape.join(', ')}]`;
    case 'number':
    case 'numbers':
    case 'text':
    case 'reference':
    case 'other':
      return attribute.value;
  }
}
