import { DataFormatError } from '../../data/dataFormatError';
import type { NamedBytes } from '../../formats/namedBytes';
import type { TaskReport } from '../report';

/**
 * What the samples should be recognised as: `labels.json` beside the data.
 *
 *     {
 *       "decode": "ctc-greedy",           or "classification"
 *       "blank": 10,                      ctc-greedy only; the last class where absent
 *       "classes": ["0", "1", ...],       text of each class; its number where absent
 *       "unit": "digits",                 what is counted; "labels" or "samples" where absent
 *       "labels": { "utterance-1": "0572811", ... }
 *     }
 *
 * `labels` is an object by sample name (file name without extension, `[index]` where a file holds several samples) or a list in
 * the order of the samples. With classes of more than one character, a ctc label is a list of them separated by spaces.
 */
export interface TaskLabels {
  readonly kind: TaskReport['kind'];
  readonly unit: string;
  readonly file: string;
  readonly blank: number | null;
  readonly classes: readonly string[] | null;
  /** Null where the sample has no label. */
  labelOf(sample: string, index: number): string | null;
}

const LIMITS = { labels: 1_000_000, classes: 100_000, text: 10_000 } as const;

type Content = Readonly<Record<string, unknown>>;

/** @throws DataFormatError */
export function readLabels(file: NamedBytes): TaskLabels {
  return labelsIn(parse(file), file.name);
}

function labelsIn(content: Content, file: string): TaskLabels {
  const fail = (message: string, limit: string | null = null) => new DataFormatError('LABELS', file, message, null, limit);
  const kind = content.decode;
  if (kind !== 'ctc-greedy' && kind !== 'classification') {
    throw fail(`has "decode": ${JSON.stringify(kind) ?? 'nothing'}`, '"ctc-greedy" or "classification"');
  }
  const classes = content.classes ?? null;
  if (classes !== null && !(isList(classes, LIMITS.classes) && classes.every(isText))) {
    throw fail('has "classes" that are not a list of texts', `at most ${LIMITS.classes} of at most ${LIMITS.text} characters`);
  }
  const blank = content.blank ?? null;
  if (blank !== null && !(Number.isInteger(blank) && Number(blank) >= 0)) {
    throw fail(`has "blank": ${JSON.stringify(blank)}`, 'the number of a class');
  }
  const unit = content.unit ?? (kind === 'ctc-greedy' ? 'labels' : 'samples');
  if (!isText(unit)) throw fail('has a "unit" that is not a text');
  const labels = content.labels;
  const entries = Array.isArray(labels) ? labels : isRecord(labels) ? Object.values(labels) : null;
  const isLabel = (value: unknown) => isText(value) || typeof value === 'number' || value === null;
  if (entries === null || entries.length > LIMITS.labels || !entries.every(isLabel)) {
    const limit = `at most ${LIMITS.labels} texts or class numbers, by sample name or in the order of the samples`;
    throw fail('has no usable "labels"', limit);
  }
  const textOf = (value: unknown) => (typeof value === 'number' ? (classes?.[value] ?? String(value)) : value);
  const byName = new Map(isRecord(labels) ? Object.entries(labels) : []);
  return {
    kind,
    unit,
    file,
    blank: blank === null ? null : Number(blank),
    classes: classes,
    labelOf: (sample, index) =>
      (textOf(Array.isArray(labels) ? labels[index] : byName.get(sample)) as string | undefined) ?? null,
  };
}

/**
 * Labels found beside the data; null where there are none. A file of that name that speaks of neither `decode` nor `labels` is
 * somebody else's. @throws DataFormatError
 */
export function labelsBeside(file: NamedBytes | null): TaskLabels | null {
  if (file === null) return null;
  const content = parse(file);
  return 'decode' in content || 'labels' in content ? labelsIn(content, file.name) : null;
}

function parse(file: NamedBytes): Content {
  const fail = (message: string) => new DataFormatError('LABELS', file.name, message, null, null);
  let content: unknown;
  try {
    content = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(file.bytes));
  } catch (error) {
    throw fail(`is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (!isRecord(content)) throw fail('is not a JSON object');
  return content;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isList(value: unknown, most: number): value is unknown[] {
  return Array.isArray(value) && value.length <= most;
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.length <= LIMITS.text;
}
