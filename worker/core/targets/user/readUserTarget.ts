import { CHANGES, type Fix, type RecipeFragment } from '../fix';
import type { Execution, Rule, Target } from '../target';
import { TARGET_NAMES } from '../verdict';
import { Checked, shown, TargetFileError, type TargetProblem } from './checker';
import { readCondition } from './conditions';

const USER_TARGET_SCHEMA = 'gatescope.target/1';

const MOST_CHARACTERS = 2 ** 20;
const MOST_RULES = 1000;
const VERDICTS = ['conditional', 'fallback', 'rejected', 'unverified'] as const;

const TARGET_KEYS = [
  'schema',
  'name',
  'label',
  'version',
  'source',
  'format',
  'operators',
  'unlisted',
  'partitions',
  'notes',
  'rules',
] as const;
const RULE_KEYS = ['rule', 'operators', 'except', 'when', 'require', 'verdict', 'message', 'source', 'fix'] as const;

/**
 * A user's own target from a JSON file (docs/targets.md), to be handed to `mapTargets` or `placeModel` beside the built-in ones.
 * @throws TargetFileError with everything that is wrong: where, what, and what is allowed
 */
export function readUserTarget(text: string, fileName: string): Target {
  const problems: TargetProblem[] = [];
  const root = new Checked(parse(text, fileName), '$', problems);
  const target = readTarget(root, fileName);
  if (target === null || problems.length > 0) throw new TargetFileError(fileName, problems);
  return target;
}

function parse(text: string, fileName: string): unknown {
  if (text.length > MOST_CHARACTERS) {
    throw new TargetFileError(fileName, [
      { path: '$', what: `has ${text.length} characters`, allowed: `at most ${MOST_CHARACTERS}` },
    ]);
  }
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    const what = error instanceof SyntaxError ? `is no JSON: ${error.message}` : 'is no JSON';
    throw new TargetFileError(fileName, [{ path: '$', what, allowed: 'a JSON object' }]);
  }
}

function readTarget(root: Checked, fileName: string): Target | null {
  const fields = root.object(TARGET_KEYS);
  if (fields === null) return null;
  fields.schema.oneOf([USER_TARGET_SCHEMA]);
  const name = fields.name.text('a name of letters, digits and -');
  if (!/^[a-z0-9][a-z0-9-]{0,63}$/i.test(name)) fields.name.problem(`is ${shown(name)}`, 'letters, digits and -, at most 64');
  if ((TARGET_NAMES as readonly string[]).includes(name)) fields.name.problem(`is ${name}, which is built in`, 'another name');
  const source = fields.source.text('document and version');
  const rules = fields.rules.list(MOST_RULES, 'rules').flatMap((item) => readRule(item, source) ?? []);
  const listed = fields.operators.isThere ? [readListed(fields.operators, fields.unlisted, source)] : [];
  if (!fields.operators.isThere && fields.unlisted.isThere)
    fields.unlisted.problem('is there without operators', 'operators beside it');
  const notes = fields.notes.isThere ? fields.notes.list(20, 'notes').map((item) => item.text()) : null;
  const all = [...listed, ...rules];
  return {
    name,
    label: fields.label.isThere ? fields.label.text() : name,
    version: fields.version.text(),
    source: `${source} (${fileName})`,
    ...(fields.format.isThere ? { reads: fields.format.oneOf(['tflite', 'onnx']) ?? 'tflite' } : {}),
    modelRules: [],
    execution: fields.partitions.isThere
      ? readExecution(fields.partitions, source)
      : { kind: 'partitions', most: null, least: 1, source },
    ...(notes === null ? {} : { notes }),
    rulesFor: ({ operator }) => {
      const own = operator.customCode ?? operator.name;
      return all.filter(({ concerns }) => concerns(own));
    },
  };
}

interface UserRule extends Rule {
  readonly concerns: (operator: string) => boolean;
}

/** `operators`: the target takes these and no others. */
function readListed(operators: Checked, unlisted: Checked, source: string): UserRule {
  const names = new Set(operators.list(MOST_RULES, 'operator names').map((item) => item.text()));
  const verdict = unlisted.isThere ? (unlisted.oneOf(VERDICTS) ?? 'fallback') : 'fallback';
  return {
    rule: 'the operator is one of those that the target takes',
    verdict,
    message: MESSAGES[verdict],
    source,
    concerns: () => true,
    broken: ({ operator: { name, customCode } }) => (names.has(customCode ?? name) ? null : { seen: customCode ?? name }),
  };
}

const MESSAGES: Readonly<Record<Rule['verdict'], string>> = {
  conditional: 'The operator runs, with a condition.',
  fallback: 'The operator stays on the CPU.',
  rejected: 'The target refuses the model.',
  unverified: 'Nothing is known of the operator.',
};

function readRule(checked: Checked, targetSource: string): UserRule | null {
  const fields = checked.object(RULE_KEYS);
  if (fields === null) return null;
  const when = fields.when.isThere ? readCondition(fields.when) : null;
  const require = readCondition(fields.require);
  const verdict = fields.verdict.oneOf(VERDICTS) ?? 'fallback';
  const fix = fields.fix.isThere ? readFix(fields.fix) : null;
  const names = fields.operators.isThere ? readNames(fields.operators) : null;
  const except = fields.except.isThere ? readNames(fields.except) : new Set<string>();
  return {
    rule: fields.rule.text(),
    verdict,
    message: fields.message.isThere ? fields.message.text() : MESSAGES[verdict],
    source: fields.source.isThere ? fields.source.text() : targetSource,
    ...(fix === null ? {} : { fix }),
    concerns: (operator) => (names === null || names.has('*') || names.has(operator)) && !except.has(operator),
    broken: (context) => {
      if (when?.(context).holds === false) return null;
      const { holds, seen } = require(context);
      return holds ? null : { seen };
    },
  };
}

function readNames(checked: Checked): ReadonlySet<string> {
  return new Set(checked.list(MOST_RULES, 'operator names').map((item) => item.text()));
}

function readFix(checked: Checked): Fix | null {
  const fields = checked.object(['change', 'text', 'byRecipe']);
  if (fields === null) return null;
  const change = fields.change.oneOf(CHANGES);
  const byRecipe = fields.byRecipe.isThere && fields.byRecipe.value !== null ? readRecipe(fields.byRecipe) : null;
  const text = fields.text.text();
  return change === null ? null : { change, text, byRecipe };
}

function readRecipe(checked: Checked): RecipeFragment | null {
  const fields = checked.object(['scheme', 'inputs', 'outputs']);
  if (fields === null) return null;
  const scheme = fields.scheme.isThere ? fields.scheme.oneOf(['int8', 'hybrid']) : null;
  const inputs = fields.inputs.isThere ? fields.inputs.oneOf(['int8', 'float32']) : null;
  const outputs = fields.outputs.isThere ? fields.outputs.oneOf(['int8', 'float32']) : null;
  return { ...(scheme && { scheme }), ...(inputs && { inputs }), ...(outputs && { outputs }) };
}

function readExecution(checked: Checked, source: string): Execution {
  if (checked.value === 'interpreter') return { kind: 'interpreter' };
  if (checked.value === 'single') return { kind: 'single', source };
  const fields = typeof checked.value === 'object' ? checked.object(['most', 'least']) : null;
  if (fields === null) {
    if (typeof checked.value !== 'object')
      checked.problem('is no way to run', '"interpreter", "single", { "most": N, "least": N }');
    return { kind: 'interpreter' };
  }
  const most = fields.most.isThere ? fields.most.whole(1) : null;
  const least = fields.least.isThere ? fields.least.whole(1) : 1;
  return { kind: 'partitions', most, least, source };
}
