import { InvalidArgumentError, Option } from 'commander';
import type { NamedBytes } from '../core/formats/namedBytes';

export interface AssumeOption {
  readonly assume?: Readonly<Record<string, number>>;
}

/** Of the commands that look at a model or run it. */
export function assumeOption(): Option {
  const help = 'value of an input that decides which graph of an ONNX model runs (default: sr=16000); again for another input';
  return new Option('--assume <input=number>', help).argParser(collect);
}

/** The model read with those values. */
export function withAssumed(file: NamedBytes, { assume }: AssumeOption): NamedBytes {
  return assume === undefined ? file : { ...file, assumed: assume };
}

function collect(text: string, before: Readonly<Record<string, number>> | undefined): Readonly<Record<string, number>> {
  const [, name, number = ''] = /^(.+)=(-?\d+)$/.exec(text) ?? [];
  const value = Number(number);
  if (name === undefined || !Number.isSafeInteger(value))
    throw new InvalidArgumentError('It takes an input and a whole number, as sr=8000.');
  return { ...before, [name]: value };
}
