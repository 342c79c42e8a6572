import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { NamedBytes } from '../core/formats/namedBytes';
import { readLabels } from '../core/report/task/labels';
import { readNamed } from './readFiles';

/** The file given, else labels.json beside the first data; null where there is none. @throws DataFormatError where the one given has no labels */
export async function labelsFor({
  labels,
  input,
}: {
  readonly labels?: string;
  readonly input?: readonly string[];
}): Promise<NamedBytes | null> {
  if (labels !== undefined) {
    const named = await readNamed(labels);
    // What the user names has to be labels; what lies beside the data may be something else.
    readLabels(named);
    return named;
  }
  const first = input?.[0];
  if (first === undefined) return null;
  const status = await stat(first).catch(() => null);
  const beside = join(status?.isDirectory() === true ? first : dirname(first), 'labels.json');
  return (await stat(beside).catch(() => null)) === null ? null : readNamed(beside);
}
