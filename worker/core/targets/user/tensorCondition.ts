import { BITS_PER_ELEMENT, type DType } from '../../model/dtype';
import type { Tensor } from '../../model/model';
import { elementCount, hasScale, isConstant, isPerAxis, labelOf, shapeText } from '../operands';
import type { Checked } from './checker';
import type { Condition } from './conditions';
import { rangeOf, readRange, within } from './range';
import { readSelector } from './selectors';

const DTYPES = Object.keys(BITS_PER_ELEMENT) as DType[];

/** What is seen of a tensor where it does not fit; null where it does. */
type TensorCheck = (tensor: Tensor) => string | null;

const flag =
  (wanted: boolean, is: (tensor: Tensor) => boolean, yes: string, no: string): TensorCheck =>
  (tensor) =>
    is(tensor) === wanted ? null : is(tensor) ? yes : no;

const FIELDS: Readonly<Record<string, (checked: Checked) => TensorCheck>> = {
  dtype: (checked) => {
    const allowed = checked.list(DTYPES.length, 'types').flatMap((item) => item.oneOf(DTYPES) ?? []);
    return ({ dtype }) => (allowed.includes(dtype) ? null : dtype);
  },
  rank: (checked) => {
    const range = readRange(checked);
    return ({ shape }) => (within(shape.length, range) ? null : `${shape.length} dimensions`);
  },
  elements: (checked) => {
    const range = readRange(checked);
    return ({ shape }) => (within(elementCount(shape), range) ? null : `${elementCount(shape)} elements`);
  },
  shape: (checked) => {
    const axes = checked.list(8, 'axes').map(readAxis);
    return (tensor) => axes.map((axis) => axis(tensor)).find((seen) => seen !== null) ?? null;
  },
  constant: (checked) => flag(checked.flag(), isConstant, 'constant', 'computed at run time'),
  variable: (checked) => flag(checked.flag(), ({ isVariable }) => isVariable, 'a variable', 'no variable'),
  quantized: (checked) => flag(checked.flag(), hasScale, 'has quantization parameters', 'has no quantization parameters'),
  perChannel: (checked) => flag(checked.flag(), isPerAxis, 'one scale per channel', 'one scale'),
  symmetric: (checked) =>
    flag(
      checked.flag(),
      ({ quantization }) => quantization?.zeroPoints.every((zero) => zero === 0) !== false,
      'zero point 0',
      'zero point other than 0',
    ),
  static: (checked) =>
    flag(checked.flag(), ({ shapeSignature }) => !shapeSignature.includes(-1), 'a fixed shape', 'a dynamic axis'),
};

function readAxis(checked: Checked): TensorCheck {
  const fields = checked.object(['axis', 'min', 'max', 'multipleOf']);
  if (fields === null) return () => null;
  const axis = fields.axis.whole(-8);
  const multiple = fields.multipleOf.isThere ? fields.multipleOf.whole(1) : 1;
  const bounded = fields.min.isThere || fields.max.isThere || !fields.multipleOf.isThere;
  const range = bounded ? rangeOf(checked, fields.min, fields.max) : { min: -Infinity, max: Infinity };
  return ({ shape }) => {
    const size = shape.at(axis);
    if (size === undefined) return `shape ${shapeText(shape)}`;
    return within(size, range) && size % multiple === 0 ? null : `axis ${axis} of ${shapeText(shape)}`;
  };
}

export const TENSOR_KEYS: readonly string[] = ['tensors', 'present', ...Object.keys(FIELDS)];

/** Holds when every tensor that is selected fits; an operand that is named must be there, unless `present` is false. */
export function readTensorCondition(checked: Checked): Condition {
  const fields = checked.object(TENSOR_KEYS);
  if (fields?.tensors === undefined) return () => ({ holds: true, seen: '' });
  const select = readSelector(fields.tensors);
  const present = fields.present?.isThere === true ? fields.present.flag() : null;
  const checks = Object.entries(FIELDS).flatMap(([key, read]) => {
    const field = fields[key];
    return field?.isThere === true ? [read(field)] : [];
  });
  if (checks.length === 0 && present === null) checked.problem('asks for nothing', TENSOR_KEYS.slice(1).join(', '));
  const name = String(fields.tensors.value);
  return (context) => {
    const tensors = select(context);
    const there = tensors.filter((tensor) => tensor !== null);
    if (present === false) return { holds: there.length === 0, seen: there.length === 0 ? `no ${name}` : `${name} is there` };
    if (there.length < tensors.length || (present === true && there.length === 0)) {
      // Conditions on an operand that is not there hold; only `present` asks for it.
      return { holds: present !== true, seen: `${name} is absent` };
    }
    for (const tensor of there) {
      const seen = checks.map((check) => check(tensor)).find((found) => found !== null);
      if (seen !== undefined && seen !== null) return { holds: false, seen: `${labelOf(tensor)}: ${seen}` };
    }
    const [first] = there;
    return {
      holds: true,
      seen: first === undefined ? `no ${name}` : `${labelOf(first)}: ${first.dtype} ${shapeText(first.shape)}`,
    };
  };
}
