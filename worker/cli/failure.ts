import { describeError } from '../reply';

/** Wrong use of a command: exit status 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** A model or data file that cannot be used for what was asked: exit status 3. */
export class UnusableError extends Error {
  override readonly name = 'UnusableError';
}

/** Thresholds or a baseline that are not met, one line for each: exit status 1. */
export class ViolationError extends Error {
  override readonly name = 'ViolationError';

  constructor(readonly violations: readonly string[]) {
    super(violations.join('\n'));
  }
}

export interface Failure {
  readonly lines: readonly string[];
  readonly exitCode: 1 | 2 | 3 | 4;
}

/** Exit status and what to print on standard error: one line (file, where, what, limit), for violations one line each. */
export function describeFailure(error: unknown): Failure {
  if (error instanceof ViolationError) return { lines: error.violations, exitCode: 1 };
  if (error instanceof UsageError) return { lines: [`gatescope: ${oneLine(error.message)}`], exitCode: 2 };
  if (error instanceof UnusableError) return { lines: [`gatescope: ${oneLine(error.message)}`], exitCode: 3 };
  if (isSystemError(error)) return { lines: [`gatescope: ${error.path ?? ''}: ${SYSTEM_WORDS[error.code] ?? oneLine(error.message)}`], exitCode: 3 }; // prettier-ignore
  const { kind, message, file, byteOffset, limit } = describeError(error);
  if (kind === 'internal') {
    const trace = error instanceof Error ? (error.stack ?? message) : message;
    return { lines: ['gatescope: this is a defect of the program, please report it', trace], exitCode: 4 };
  }
  const where = [file, byteOffset === null ? null : `byte ${byteOffset}`].filter((part) => part !== null).join(', ');
  const said = limit === null ? message : `${message} (limit: ${limit})`;
  return { lines: [oneLine(where === '' ? `gatescope: ${said}` : `gatescope: ${where}: ${said}`)], exitCode: 3 };
}

const SYSTEM_WORDS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'no permission',
  EISDIR: 'is a folder, not a file',
  ENOTDIR: 'is not a folder',
  ENOSPC: 'no space left on the disk',
  EROFS: 'the disk is read-only',
};

function isSystemError(error: unknown): error is Error & { readonly code: string; readonly path?: string } {
  return error instanceof Error && 'syscall' in error && 'code' in error && typeof error.code === 'string';
}

function oneLine(text: string): string {
  return text.replace(/\s*\n\s*/g, ' ');
}
