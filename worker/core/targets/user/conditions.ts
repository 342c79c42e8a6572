import type { OperatorContext } from '../target';
import type { Checked } from './checker';
import { readLstmCondition } from './lstmCondition';
import { rangeOf, readRange, within } from './range';
import { readTensorCondition, TENSOR_KEYS } from './tensorCondition';

/** Whether a condition holds for an operator, and what was looked at. */
export interface Observation {
  readonly holds: boolean;
  readonly seen: string;
}

export type Condition = (context: OperatorContext) => Observation;

const NOTHING: Condition = () => ({ holds: true, seen: '' });
const MOST_CONDITIONS = 100;
const DEEPEST = 16;

/** The key that says what a condition is about. */
const KINDS: Readonly<Record<string, (checked: Checked, depth: number) => Condition>> = {
  all: (checked, depth) => {
    const conditions = readList(checked, 'all', depth);
    return (context) => {
      const seen = conditions.map((condition) => condition(context));
      return seen.find(({ holds }) => !holds) ?? { holds: true, seen: seen.map((own) => own.seen).join(', ') };
    };
  },
  any: (checked, depth) => {
    const conditions = readList(checked, 'any', depth);
    return (context) => {
      const seen = conditions.map((condition) => condition(context));
      return seen.find(({ holds }) => holds) ?? { holds: false, seen: seen.map((own) => own.seen).join(', ') };
    };
  },
  not: (checked, depth) => {
    const inner = checked.object(['not']);
    const condition = inner === null ? NOTHING : readCondition(inner.not, depth + 1);
    return (context) => {
      const { holds, seen } = condition(context);
      return { holds: !holds, seen };
    };
  },
  tensors: readTensorCondition,
  option: readOption,
  version: (checked) => readCount(checked, 'version', ({ operator }) => operator.version, 'version'),
  inputs: (checked) => readCount(checked, 'inputs', ({ operator }) => operator.inputs.length, 'operands'),
  outputs: (checked) => readCount(checked, 'outputs', ({ operator }) => operator.outputs.length, 'outputs'),
  intermediates: (checked) =>
    readCount(checked, 'intermediates', ({ operator }) => operator.intermediates.length, 'intermediates'),
  operators: (checked) => {
    const fields = checked.object(['operators']);
    const names = new Set(fields?.operators.list(MOST_CONDITIONS * 10, 'operator names').map((item) => item.text()) ?? []);
    return ({ operator }) => {
      const name = operator.customCode ?? operator.name;
      return { holds: names.has(name), seen: name };
    };
  },
  lstm: (checked) => {
    const fields = checked.object(['lstm']);
    return fields === null ? NOTHING : readLstmCondition(fields.lstm);
  },
};

export function readCondition(checked: Checked, depth = 0): Condition {
  const kinds = Object.keys(KINDS);
  if (depth > DEEPEST) {
    checked.problem('is nested too deep', `${DEEPEST} levels`);
    return NOTHING;
  }
  const { value } = checked;
  const keys = typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.keys(value) : [];
  const [kind] = keys.filter((key) => kinds.includes(key));
  const read = kind === undefined ? undefined : KINDS[kind];
  if (read === undefined) {
    checked.problem(
      'is no condition',
      `an object with one of ${kinds.join(', ')} (${TENSOR_KEYS.slice(1).join(', ')} go with tensors)`,
    );
    return NOTHING;
  }
  return read(checked, depth);
}

function readList(checked: Checked, key: 'all' | 'any', depth: number): readonly Condition[] {
  const fields = checked.object([key]);
  const items = fields?.[key].list(MOST_CONDITIONS, 'conditions') ?? [];
  return items.map((item) => readCondition(item, depth + 1));
}

function readCount(
  checked: Checked,
  key: 'version' | 'inputs' | 'outputs' | 'intermediates',
  count: (context: OperatorContext) => number,
  name: string,
): Condition {
  const fields = checked.object([key]);
  if (fields === null) return NOTHING;
  const range = readRange(fields[key]);
  return (context) => {
    const value = count(context);
    return { holds: within(value, range), seen: key === 'version' ? `version ${value}` : `${value} ${name}` };
  };
}

type Scalar = number | boolean | string;

function readScalar(checked: Checked): Scalar {
  const { value } = checked;
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'string') return value;
  checked.problem('is no value', 'a number, text, true or false');
  return '';
}

/** An option of the operator by its name in the schema; one that the operator does not have fits nothing. */
function readOption(checked: Checked): Condition {
  const fields = checked.object(['option', 'equals', 'in', 'min', 'max']);
  if (fields === null) return NOTHING;
  const name = fields.option.text('the name of an option, such as stride_w');
  const { equals, in: among, min, max } = fields;
  const given = [equals.isThere, among.isThere, min.isThere || max.isThere].filter(Boolean).length;
  if (given !== 1)
    checked.problem(given === 0 ? 'asks for nothing' : 'asks for several things', 'one of equals, in, min and max');
  const values = among.isThere
    ? among.list(MOST_CONDITIONS, 'values').map(readScalar)
    : equals.isThere
      ? [readScalar(equals)]
      : null;
  const range = values === null && given === 1 ? rangeOf(checked, min, max) : null;
  return ({ operator }) => {
    const value = operator.options[name];
    const seen = `${name} ${value === undefined ? 'absent' : String(value)}`;
    if (range !== null) return { holds: typeof value === 'number' && within(value, range), seen };
    return { holds: (values ?? []).some((own) => own === value), seen };
  };
}
