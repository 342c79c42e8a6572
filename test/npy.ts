import { readFileSync } from 'node:fs';
import { unzipSync } from 'fflate';
import { parse } from 'npyjs';
import type { NumericArray } from '../worker/core/run/value';

export interface NpyArray {
  readonly shape: readonly number[];
  readonly data: NumericArray;
}

/** An .npy file of reference data. */
export function readNpyFile(path: string): NpyArray {
  return parseNpy(readFileSync(path));
}

/** Every array of an .npz file of reference data, by name. */
export function readNpzFile(path: string): ReadonlyMap<string, NpyArray> {
  const entries = Object.entries(unzipSync(readFileSync(path)));
  return new Map(entries.map(([name, bytes]) => [name.replace(/\.npy$/, ''), parseNpy(bytes)]));
}

function parseNpy(bytes: Uint8Array): NpyArray {
  const { shape, data } = parse(new Uint8Array(bytes).buffer);
  return { shape, data: data as NumericArray };
}
