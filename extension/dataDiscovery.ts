import { guessFraming } from '../worker/core/data/features/guessFraming';
import { readNpyHeader } from '../worker/core/data/npy';
import type { FileAccess, FolderEntry } from './fileAccess';
import type { DataChoice } from './protocol/messages';

/** Data that can be run, with the files behind it. */
export interface DataSet {
  readonly choice: DataChoice;
  /** URIs, in the order of the samples; empty for synthetic data. */
  readonly files: readonly string[];
  /** labels.json beside the data. */
  readonly labels: string | null;
  /** Input that each file is for, where the user said so. */
  readonly inputs?: readonly string[];
  /** Of the first array, where that is an .npy file of moderate size; absent: not known. */
  readonly shape?: readonly number[];
}

/** What the user picked, in a form that can be kept and looked up again. */
export type DataPick =
  | { readonly folder: string }
  /** `inputs`: which of the model's inputs each file is for; absent: found out. */
  | { readonly files: readonly string[]; readonly inputs?: readonly string[] };

/** Bounds of what is looked at and offered, so that a folder with a million files costs no more than a listing. */
export const MAX_ENTRIES = 20_000;
export const MAX_FILES = 4_096;
export const MAX_SINGLE_FILES = 12;
/** A .json beside a model is often a configuration: up to this size it is opened to see whether it holds an array. */
const MAX_JSON_PEEK = 4 * 1024 * 1024;
/** The first array of a data set is read for its shape up to this size. */
const MAX_ARRAY_PEEK = 4 * 1024 * 1024;

export const DATA_ENDINGS = ['npy', 'npz', 'csv', 'json', 'wav'] as const;
type Ending = (typeof DATA_ENDINGS)[number];

/** Endings whose files are one sample each, so that all of them together are one data set. */
const ONE_SAMPLE_A_FILE: readonly Ending[] = ['npy', 'wav'];
/** Folders beside the model that are taken for data, best first. */
const DATA_FOLDERS = ['inputs', 'input', 'test_inputs', 'data', 'audio', 'wav'];
/** Files that sit beside models and are not inputs: answers, labels, statistics, project files. */
const NOT_INPUTS =
  /^(?:labels?|expected|outputs?|answers?|norm|package(?:-lock)?|tsconfig.*|.*[-_.](?:outputs?|labels?|expected))$/i;

export const SYNTHETIC: DataSet = {
  choice: {
    id: 'synthetic',
    label: 'Synthetic',
    detail: 'Seeded random values from the input’s own range. Synthetic data: ranges only, not accuracy.',
    synthetic: true,
  },
  files: [],
  labels: null,
};

const natural = new Intl.Collator('en', { numeric: true });

function ending(name: string): Ending | null {
  const text = name.slice(name.lastIndexOf('.') + 1).toLowerCase();
  return DATA_ENDINGS.find((known) => known === text) ?? null;
}

const stem = (name: string): string => name.slice(0, name.lastIndexOf('.'));

function inputFiles(entries: readonly FolderEntry[]): { name: string; ending: Ending }[] {
  return entries
    .filter((entry) => entry.kind === 'file' && !entry.name.startsWith('.') && !NOT_INPUTS.test(stem(entry.name)))
    .flatMap((entry) => {
      const known = ending(entry.name);
      return known === null ? [] : [{ name: entry.name, ending: known }];
    })
    .sort((a, b) => natural.compare(a.name, b.name));
}

async function listed(files: FileAccess, folder: string): Promise<readonly FolderEntry[]> {
  try {
    return (await files.list(folder)).slice(0, MAX_ENTRIES);
  } catch {
    // A folder that cannot be listed (a file inside an archive, a revision of source control) has nothing to offer.
    return [];
  }
}

const labelsIn = (files: FileAccess, folder: string, entries: readonly FolderEntry[]): string | null =>
  entries.some((entry) => entry.kind === 'file' && entry.name === 'labels.json') ? files.join(folder, 'labels.json') : null;

function counted(count: number, kept: number, what: string): string {
  const number = count.toLocaleString('en-US');
  return kept < count ? `first ${kept.toLocaleString('en-US')} of ${number} ${what} files` : `${number} ${what} files`;
}

function sizeText(bytes: number): string {
  if (bytes < 1_000) return `${bytes} bytes`;
  if (bytes < 1_000_000) return `${Math.round(bytes / 1_000)} kB`;
  return `${(bytes / 1_000_000).toLocaleString('en-US', { maximumFractionDigits: 1 })} MB`;
}

/** All inputs of one folder as one data set; null when it has none. Where endings are mixed, the commonest wins. */
async function dataFolder(files: FileAccess, folder: string, label: string): Promise<DataSet | null> {
  const entries = await listed(files, folder);
  const inputs = inputFiles(entries);
  const counts = DATA_ENDINGS.map((known) => inputs.filter((file) => file.ending === known));
  const chosen = counts.reduce((best, group) => (group.length > best.length ? group : best));
  const first = chosen[0];
  if (first === undefined) return null;
  return asOneSet(
    files,
    folder,
    chosen.map((file) => file.name),
    { label, ending: first.ending, labels: labelsIn(files, folder, entries) },
  );
}

async function asOneSet(
  files: FileAccess,
  folder: string,
  names: readonly string[],
  { label, ending: kind, labels }: { label: string; ending: Ending; labels: string | null },
): Promise<DataSet> {
  const kept = names.slice(0, MAX_FILES);
  const [first] = kept;
  const detail = names.length === 1 ? `1 .${kind} file` : counted(names.length, kept.length, `.${kind}`);
  return {
    choice: {
      id: `folder:${folder}#${kind}`,
      label,
      detail: labels === null ? detail : `${detail}, labels.json`,
      synthetic: false,
      ...audioIn(names),
    },
    files: kept.map((name) => files.join(folder, name)),
    labels,
    ...(first === undefined ? {} : await shapeOf(files, files.join(folder, first))),
  };
}

/** What the user picked as a data set; null where there is no data (any more). */
export async function pickedData(files: FileAccess, pick: DataPick): Promise<DataSet | null> {
  if ('folder' in pick) return dataFolder(files, pick.folder, `${files.name(pick.folder)}/`);
  if (pick.inputs !== undefined) return inputsSet(files, pick.files, pick.inputs);
  const there = await Promise.all(pick.files.map((file) => files.size(file).then(() => true, () => false))); // prettier-ignore
  return dataFiles(
    files,
    pick.files.filter((_, index) => there[index]),
  );
}

/** One file for each input; null while one of them is not there. */
async function inputsSet(files: FileAccess, picked: readonly string[], inputs: readonly string[]): Promise<DataSet | null> {
  const [first] = picked;
  const sizes = await Promise.all(picked.map((file) => files.size(file).catch(() => null)));
  if (first === undefined || sizes.includes(null)) return null;
  const folder = files.parent(first);
  const detail = picked.map((file, place) => `${inputs[place] ?? ''} from ${files.name(file)}`).join(', ');
  return {
    choice: {
      id: `inputs:${picked.join('\n')}\n${inputs.join('\n')}`,
      label: 'Files by input',
      detail,
      synthetic: false,
      ...audioIn(picked),
    },
    files: picked,
    inputs,
    labels: labelsIn(files, folder, await listed(files, folder)),
  };
}

async function dataFiles(files: FileAccess, picked: readonly string[]): Promise<DataSet | null> {
  const sorted = [...picked].sort((a, b) => natural.compare(files.name(a), files.name(b))).slice(0, MAX_FILES);
  const first = sorted[0];
  if (first === undefined) return null;
  const folder = files.parent(first);
  const labels = labelsIn(files, folder, await listed(files, folder));
  if (sorted.length === 1) return singleFile(files, first, labels);
  const name = files.name(folder);
  return {
    choice: {
      id: `files:${sorted.join('\n')}`,
      label: `${name === '' ? 'Files' : name} (${sorted.length})`,
      detail: counted(picked.length, sorted.length, 'chosen'),
      synthetic: false,
      ...audioIn(sorted),
    },
    files: sorted,
    labels,
  };
}

/** Nothing where no recording is among them. */
function audioIn(names: readonly string[]): { readonly audio?: true } {
  return names.some((name) => ending(name) === 'wav') ? { audio: true } : {};
}

async function singleFile(files: FileAccess, file: string, labels: string | null): Promise<DataSet> {
  const size = await files.size(file).then(sizeText, () => 'size unknown');
  return {
    choice: { id: `file:${file}`, label: files.name(file), detail: size, synthetic: false, ...audioIn([file]) },
    files: [file],
    labels,
    ...(await shapeOf(files, file)),
  };
}

/** Nothing where it is no array of its own, too large to be looked into, or cannot be read: the run will say why. */
async function shapeOf(files: FileAccess, file: string): Promise<{ readonly shape?: readonly number[] }> {
  if (ending(file) !== 'npy') return {};
  try {
    const size = await files.size(file);
    return size > MAX_ARRAY_PEEK ? {} : { shape: readNpyHeader(await files.read(file), files.name(file)).shape };
  } catch {
    return {};
  }
}

/** Does the file begin like a JSON array? Configurations are objects. */
async function isJsonArray(files: FileAccess, file: string): Promise<boolean> {
  try {
    if ((await files.size(file)) > MAX_JSON_PEEK) return false;
    const head = (await files.read(file)).subarray(0, 256);
    return /^\uFEFF?\s*\[/.test(new TextDecoder().decode(head));
  } catch {
    return false;
  }
}

/** Whether recordings may become what an input takes: it has a shape that features have. */
export function mayFitInput(set: DataSet, inputShape: readonly number[]): boolean {
  return fitsInput(set, inputShape) || guessFraming({ shape: inputShape, range: null, isInt16: false }).isPlausible;
}

/**
 * Whether a set can be fed as it is: audio only to an input with a single axis of samples, arrays of two axes or more only where the
 * last one has the input's size.
 * @param inputShape -1 for open sizes
 */
export function fitsInput(set: DataSet, inputShape: readonly number[]): boolean {
  const isAudio = set.files.some((file) => ending(file) === 'wav');
  if (isAudio) return inputShape.filter((size) => size !== 1).length === 1;
  const wanted = inputShape.at(-1) ?? 1;
  return set.shape === undefined || set.shape.length < 2 || wanted <= 1 || set.shape.at(-1) === wanted;
}

/** The same set, saying that its arrays are of another shape. */
export function asMisfit(set: DataSet): DataSet {
  const { choice, shape = [] } = set;
  return { ...set, choice: { ...choice, detail: `${choice.detail}; [${shape.join(', ')}] does not fit the input` } };
}

/**
 * Data beside a model, best first: a folder `inputs` (or `data`, `audio` ...), then the files next to the model: all .npy together, all
 * .wav together, each .npz, .csv and .json array by itself. Synthetic data is always the last choice. Nothing but folder listings, sizes,
 * small .json files and the first of small .npy files is read here; the data itself is read when it is run.
 */
export async function discoverData(files: FileAccess, model: string): Promise<readonly DataSet[]> {
  const folder = files.parent(model);
  const entries = await listed(files, folder);
  const labels = labelsIn(files, folder, entries);
  const found: DataSet[] = [];

  for (const name of DATA_FOLDERS) {
    if (!entries.some((entry) => entry.kind === 'folder' && entry.name === name)) continue;
    const set = await dataFolder(files, files.join(folder, name), `${name}/`);
    if (set !== null) found.push(set);
  }

  const inputs = inputFiles(entries);
  for (const kind of ONE_SAMPLE_A_FILE) {
    const names = inputs.filter((file) => file.ending === kind).map((file) => file.name);
    if (names.length > 1) found.push(await asOneSet(files, folder, names, { label: `*.${kind}`, ending: kind, labels }));
  }
  const alone = inputs.filter(
    (file) => !ONE_SAMPLE_A_FILE.includes(file.ending) || inputs.filter((other) => other.ending === file.ending).length === 1,
  );
  let singles = 0;
  for (const { name, ending: kind } of alone) {
    if (singles === MAX_SINGLE_FILES) break;
    const file = files.join(folder, name);
    if (kind === 'json' && !(await isJsonArray(files, file))) continue;
    found.push(await singleFile(files, file, labels));
    singles++;
  }
  return [...found, SYNTHETIC];
}

const CALIBRATION = /^(?:calib|representative)/i;

/** Data to calibrate with, best first: folders and files beside the model that are called so, then `others`. */
export async function discoverCalibration(
  files: FileAccess,
  model: string,
  others: readonly DataSet[],
): Promise<readonly DataSet[]> {
  const folder = files.parent(model);
  const named = (await listed(files, folder))
    .filter(({ name }) => CALIBRATION.test(name))
    .sort((a, b) => natural.compare(a.name, b.name));
  const found: DataSet[] = [];
  for (const { name } of named.filter(({ kind }) => kind === 'folder').slice(0, MAX_SINGLE_FILES)) {
    const set = await dataFolder(files, files.join(folder, name), `${name}/`);
    if (set !== null) found.push(set);
  }
  for (const { name } of inputFiles(named).slice(0, MAX_SINGLE_FILES)) {
    found.push(await singleFile(files, files.join(folder, name), null));
  }
  const known = new Set(found.map(({ choice }) => choice.id));
  return [...found, ...others.filter(({ choice }) => !known.has(choice.id))];
}
