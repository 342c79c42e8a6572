import { transfer } from 'comlink';
import type { NamedBytes } from '../worker/core/formats/namedBytes';

/** Files that jobs of the worker hold. */
interface JobFiles {
  readonly inputs: readonly NamedBytes[];
  readonly floatModel?: NamedBytes | null;
  readonly labels?: NamedBytes | null;
  readonly other?: NamedBytes | null;
}

/** A job whose files are moved to the worker when it is sent, not copied: they are empty here afterwards. */
export function handedOver<T extends JobFiles>(job: T): T {
  const { inputs, floatModel = null, labels = null, other = null } = job;
  const files = [...inputs, floatModel, labels, other].filter((file) => file !== null);
  return transfer(
    job,
    files.map(({ bytes }) => bytes.buffer as ArrayBuffer),
  );
}
