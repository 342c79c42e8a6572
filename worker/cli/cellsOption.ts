import { Option } from 'commander';
import type { NamedBytes } from '../core/formats/namedBytes';
import { fuseFile } from '../fuseFile';

export interface CellsOption {
  readonly cells?: boolean;
}

/** Of the commands that look at a model or run it. */
export function cellsOption(): Option {
  return new Option('--cells', 'LSTMs and GRUs written in small operators as one operator each with its gates, made in memory');
}

/** The model that a command is about: as it is, or with its cells made, and what became of each told. @throws FileError */
export function withCells(file: NamedBytes, { cells }: CellsOption): NamedBytes {
  if (cells !== true) return file;
  const { bytes, notes } = fuseFile(file, { asFloat: false });
  for (const note of notes) process.stderr.write(`${note}\n`);
  return { ...file, bytes };
}
