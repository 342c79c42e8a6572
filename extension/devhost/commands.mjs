// Running other programs, for the scripts that work before anything is installed.
import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** First of `names` found on PATH or at an absolute path, or null. */
export function findProgram(...names) {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const endings = process.platform === 'win32' ? ['.cmd', '.exe', ''] : [''];
  for (const name of names) {
    const places = name.includes('/')
      ? [name]
      : folders.flatMap((folder) => endings.map((ending) => join(folder, name + ending)));
    for (const place of places) {
      try {
        accessSync(place, constants.X_OK);
        return place;
      } catch {
        // not here: try the next place
      }
    }
  }
  return null;
}

/** Runs a program with its output shown; throws when it fails. */
export function run(program, args, options = {}) {
  const result = spawnSync(program, args, { stdio: 'inherit', shell: process.platform === 'win32', ...options });
  if (result.error) throw result.error;
  if (result.status !== 0)
    throw new Error(`${program} ${args.join(' ')}: exit ${result.status}${result.stderr ? `\n${result.stderr}` : ''}`);
  return result;
}
