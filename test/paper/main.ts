// Started by run.mjs with the folder of reference data, where results are kept, where the document goes, and names of models.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isMainThread, workerData } from 'node:worker_threads';
import { paperDocument } from './document/paperDocument';
import { measureAll, measureTimes } from './measureAll';
import type { PaperResults } from './results';
import { SpeechDigits } from './speech/speechDigits';
import { serveMeasuring } from './threads';

if (isMainThread) await main(process.argv.slice(2));
else serveMeasuring(workerData as string);

/** With `--redraw` in place of names the document is made again from the results that were kept; with `--times` only times are new. */
async function main([shared = '', kept = '', docs = '', ...names]: readonly string[]): Promise<void> {
  const results = names.some((name) => name.startsWith('--'))
    ? await measuredBefore(kept, names.includes('--times') ? shared : null)
    : await measure(shared, names);
  mkdirSync(dirname(kept), { recursive: true });
  writeFileSync(kept, JSON.stringify(results));
  const { files, unlike } = paperDocument(results);
  mkdirSync(docs, { recursive: true });
  for (const [name, text] of files) writeFileSync(join(docs, name), text);
  console.error(`${files.size} files are in ${docs}.`);
  for (const line of unlike) console.error(line);
  if (unlike.length > 0) process.exitCode = 1;
}

async function measuredBefore(kept: string, shared: string | null): Promise<PaperResults> {
  const results = JSON.parse(readFileSync(kept, 'utf8')) as PaperResults;
  if (shared === null) return results;
  const names = results.models.map(({ name }) => name);
  return { ...results, ...(await measureTimes(new SpeechDigits(shared), names)) };
}

function measure(shared: string, names: readonly string[]): Promise<PaperResults> {
  const speech = new SpeechDigits(shared);
  const unknown = names.filter((name) => !speech.names.includes(name));
  if (unknown.length > 0) throw new Error(`There is no model ${unknown.join(', ')}; models are ${speech.names.join(', ')}.`);
  const script = fileURLToPath(import.meta.url);
  return measureAll(speech, names.length > 0 ? names : speech.names, script, shared, (line) => console.error(line));
}
