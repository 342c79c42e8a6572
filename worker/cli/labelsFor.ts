import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { NamedBytes } from '../core/formats/namedBytes';
import { readNamed } from './readFiles';

/** The file given, else labels.json beside the first data; null where there is none. */
export async function labelsFor({
  labels,
  input,
}: {
  readonly labels?: string;
  readonly input?: readonly string[];
}): Promise<NamedBytes | null> {
  if (labels !== undefined) return readNamed(labels);
  const first = input?.[0];
  if (first === undefined) return null;
  const status = await stat(first).catch(() => null);
  const beside = join(status?.isDirectory() === true ? first : dirname(first), 'labels.json');
  return (await stat(beside).catch(() => null)) === null ? null : readNamed(beside);
}
