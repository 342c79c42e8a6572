import { DataFormatError } from '../dataFormatError';
import {
  FEATURE_KINDS,
  LOGARITHMS,
  MEL_SCALES,
  PADDINGS,
  stepWidth,
  TAPERS,
  type FeatureKind,
  type Framing,
  type Normalisation,
} from './framing';

/** A front-end's settings as they are written: by the names of `FIELDS`, lengths in samples (`400`) or milliseconds (`25ms`). */
export type FeatureSettings = Readonly<Record<string, string | number>>;

type Written = Exclude<keyof Framing, 'normalise'>;

/** One setting: how it is called, what it may be, and for which features it matters. */
export interface FeatureField {
  readonly name: string;
  readonly property: Written;
  /** For forms. */
  readonly label: string;
  readonly tip: string;
  readonly kinds: readonly FeatureKind[];
  /** One of these, or a number. */
  readonly choices: readonly string[] | null;
  /** Of a number. `length`: in samples or milliseconds; `integer`: whole. */
  readonly is: 'length' | 'integer' | 'real' | 'choice';
  readonly min: number;
  readonly max: number;
}

const ALL = FEATURE_KINDS;
const FRAMED = ['frames', 'stft', 'log-mel', 'mfcc'] as const;
const SPECTRAL = ['stft', 'log-mel', 'mfcc'] as const;
const MEL = ['log-mel', 'mfcc'] as const;

type Numbers = readonly [is: 'length' | 'integer' | 'real', min: number, max: number];

const field = (
  name: string,
  property: Written,
  label: string,
  tip: string,
  kinds: readonly FeatureKind[],
  of: readonly string[] | Numbers,
): FeatureField => {
  const isNumber = typeof of[1] === 'number';
  const [is, min, max] = isNumber ? (of as Numbers) : (['choice', 0, 0] as const);
  return { name, property, label, tip, kinds, choices: isNumber ? null : (of as readonly string[]), is, min, max };
};

/** All settings but the kind and the normalisation, in the order in which they are computed. Maxima are bounds against endless work. */
export const FIELDS: readonly FeatureField[] = [
  field('rate', 'rate', 'Rate', 'Hz that recordings are resampled to; 0: as they are', ALL, ['integer', 0, 384_000]),
  field('channel', 'channel', 'Channel', 'Of recordings with several: one (from 0), or their mean', ALL, ['none', 'mean', '0', '1', '2', '3', '4', '5', '6', '7']), // prettier-ignore
  field('amplitude', 'amplitude', 'Amplitude', 'unit: -1 to 1; int16: -32768 to 32767', ALL, ['unit', 'int16']),
  field('pre-emphasis', 'preEmphasis', 'Pre-emphasis', 'y[n] = x[n] - p x[n - 1]', ALL, ['real', 0, 1]),
  field('pad', 'pad', 'Padding', 'Half an FFT on both ends: zeros (center) or mirrored (reflect)', SPECTRAL, PADDINGS),
  field('window', 'window', 'Window', 'Samples (400), or milliseconds (25ms)', FRAMED, ['length', 1, 1_048_576]),
  field('hop', 'hop', 'Hop', 'From one frame to the next: samples, or milliseconds (10ms)', FRAMED, ['length', 1, 1_048_576]),
  field('taper', 'taper', 'Taper', 'Window function; hann and hamming are periodic', SPECTRAL, TAPERS),
  field('fft', 'fft', 'FFT', 'Points; zeros follow the window', SPECTRAL, ['integer', 2, 65_536]),
  field('power', 'power', 'Power', '1: magnitude; 2: power', SPECTRAL, ['1', '2']),
  field('bands', 'bands', 'Mel bands', 'Triangles', MEL, ['integer', 1, 1_024]),
  field('low', 'low', 'From', 'Hz', MEL, ['real', 0, 192_000]),
  field('high', 'high', 'To', 'Hz', MEL, ['real', 1, 192_000]),
  field('scale', 'scale', 'Mel scale', 'htk: 2595 log10(1 + f / 700); slaney: linear to 1 kHz', MEL, MEL_SCALES),
  field('triangles', 'triangles', 'Triangles', 'Straight along Hz, along mel (tf.signal), or as TensorFlow’s Mfcc operator (tf-op)', MEL, ['hz', 'mel', 'tf-op']), // prettier-ignore
  field('norm', 'norm', 'Area', 'area: each triangle over half its width in Hz', MEL, ['none', 'area']),
  field('log', 'log', 'Logarithm', 'db: 10 log10', MEL, LOGARITHMS),
  field('floor', 'floor', 'Floor', 'Least energy, or what is added', MEL, ['real', 0, 1e12]),
  field('floor-by', 'adds', 'Floor by', 'max: what is lower is raised to it; add: it is added', MEL, ['max', 'add']),
  field('coefficients', 'coefficients', 'Coefficients', 'The first ones of the DCT-II', ['mfcc'], ['integer', 1, 1_024]),
  field('dct', 'dct', 'DCT', 'tf: coefficient 0 is √2 times that of ortho', ['mfcc'], ['ortho', 'tf']),
  field('stack', 'stack', 'Stacked', 'Frames joined to one step', FRAMED, ['integer', 1, 256]),
  field('stack-hop', 'stackHop', 'Stack hop', 'Frames from one step to the next', FRAMED, ['integer', 1, 256]),
];

/** Settings as they would be written, `kind` first; those that do not matter are left out. */
export function settingsOf(framing: Framing): Record<string, string> {
  const fields = FIELDS.filter(({ kinds }) => kinds.includes(framing.kind));
  return { kind: framing.kind, ...Object.fromEntries(fields.map((one) => [one.name, written(framing, one)])) };
}

/** One line that can be given again: `log-mel,rate=8000,window=200,...`. */
export function framingLine(framing: Framing): string {
  const { kind, ...settings } = settingsOf(framing);
  return [kind, ...Object.entries(settings).map(([name, value]) => `${name}=${value}`)].join(',');
}

function written(framing: Framing, { property }: FeatureField): string {
  const value = framing[property];
  if (property === 'adds') return value === true ? 'add' : 'max';
  return value === null ? 'none' : String(value);
}

/** Settings of a line such as `log-mel,window=25ms,hop=10ms`. @throws DataFormatError */
export function readSettingsLine(line: string): FeatureSettings {
  const [kind = '', ...pairs] = line.split(',').map((part) => part.trim());
  const settings = pairs.map((pair) => {
    const equals = pair.indexOf('=');
    if (equals <= 0) throw wrong(`says "${pair}"`, 'name=value, with commas in between');
    return [pair.slice(0, equals).trim(), pair.slice(equals + 1).trim()] as const;
  });
  return { kind, ...Object.fromEntries(settings) };
}

/** Settings, and a mean and standard deviation, of a file's JSON object. @throws DataFormatError */
export function readSettingsJson(content: unknown): { settings: FeatureSettings; normalise: Normalisation | null } {
  if (typeof content !== 'object' || content === null || Array.isArray(content)) throw wrong('is no JSON object', 'an object');
  const { normalise = null, mean = null, std = null, ...rest } = content as Record<string, unknown>;
  const settings: Record<string, string | number> = {};
  for (const [name, value] of Object.entries(rest)) {
    if (typeof value !== 'string' && typeof value !== 'number') throw wrong(`"${name}" is no text and no number`, null);
    settings[name] = value;
  }
  const by = normalise ?? (mean === null && std === null ? null : { mean, std });
  return { settings, normalise: by === null ? null : readNormalisation(by) };
}

/** `mean` and `std` (or `variance`): a number or a list each. @throws DataFormatError */
export function readNormalisation(content: unknown): Normalisation {
  const { mean, std, variance } = (typeof content === 'object' && content !== null ? content : {}) as Record<string, unknown>;
  const means = numbers(mean);
  const deviations = numbers(std) ?? numbers(variance)?.map(Math.sqrt) ?? null;
  if (means === null || deviations === null) {
    throw wrong('has no mean and std', '{"mean": [numbers], "std": [numbers]}, or "variance" in place of "std"');
  }
  if (deviations.some((one) => !(one > 0))) throw wrong('has a standard deviation that is not above 0', null);
  return { mean: means, std: deviations };
}

function numbers(value: unknown): number[] | null {
  const list: unknown[] | null = typeof value === 'number' ? [value] : Array.isArray(value) ? value : null;
  const isGood =
    list?.length !== 0 && list?.length !== undefined && list.length <= 1_048_576 && list.every((one) => Number.isFinite(one));
  return isGood ? (list as number[]) : null;
}

/**
 * A guess with what a user says in its place.
 * @throws DataFormatError that names the setting
 */
export function resolveFraming(
  guessOf: (kind: FeatureKind | null) => Framing,
  settings: FeatureSettings,
  normalise: Normalisation | null,
): Framing {
  const { kind, ...rest } = settings;
  const known = FEATURE_KINDS.find((one) => one === kind);
  if (kind !== undefined && known === undefined) throw wrong(`asks for "${kind}"`, `one of ${FEATURE_KINDS.join(' ')}`);
  const base = guessOf(known ?? null);
  const rateField = FIELDS[0]!;
  const rate = rest['rate'] === undefined ? base.rate : Number(valueOf(rateField, rest['rate'], 0));
  const changed: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(rest)) {
    const found = FIELDS.find((one) => one.name === name || one.property === name);
    if (found === undefined) throw wrong(`has no setting "${name}"`, FIELDS.map((one) => one.name).join(' '));
    changed[found.property] = valueOf(found, value, rate);
  }
  return checked(consequences({ ...base, ...changed, normalise: normalise ?? base.normalise }, changed));
}

/** What follows from a setting where the other one was not said. */
function consequences(framing: Framing, changed: Readonly<Record<string, unknown>>): Framing {
  const { window, fft, rate, high, stack, stackHop } = framing;
  return {
    ...framing,
    fft: changed.fft === undefined && fft < window ? 2 ** Math.ceil(Math.log2(window)) : fft,
    high: changed.high === undefined ? Math.min(high, rate / 2) : high,
    stackHop: changed.stackHop === undefined && changed.stack !== undefined ? stack : stackHop,
  };
}

function valueOf({ name, property, choices, is, min, max }: FeatureField, value: string | number, rate: number): unknown {
  const text = String(value).trim();
  if (choices !== null) {
    const choice = choices.find((one) => one === text);
    if (choice === undefined) throw wrong(`${name} is "${text}"`, `one of ${choices.join(' ')}`);
    if (property === 'adds') return choice === 'add';
    if (property === 'channel' && choice === 'none') return null;
    return /^\d+$/.test(choice) ? Number(choice) : choice;
  }
  const inMilliseconds = is === 'length' && /ms$/.test(text);
  if (inMilliseconds && rate === 0) throw wrong(`gives ${name} in milliseconds without a rate`, 'rate=16000, or samples');
  const number = inMilliseconds ? Math.round((Number(text.slice(0, -2)) * rate) / 1000) : Number(text);
  const isGood = text !== '' && number >= min && number <= max && (is === 'real' || Number.isInteger(number));
  if (!isGood) throw wrong(`${name} is "${text}"`, `${is === 'real' ? 'a number' : 'a whole number'} from ${min} to ${max}`);
  return number;
}

function checked(framing: Framing): Framing {
  const width = stepWidth(framing);
  for (const list of framing.normalise === null ? [] : [framing.normalise.mean, framing.normalise.std]) {
    if (list.length !== 1 && list.length !== width)
      throw wrong(`has a mean or std of ${list.length} numbers`, `1, or ${width} as a step has`);
  }
  const { kind, window, fft, low, high, rate, bands, coefficients, log, floor, adds } = framing;
  if (kind === 'samples' || kind === 'frames') return framing;
  if (rate < 100) throw wrong(`has a rate of ${rate} Hz`, '100 to 384000');
  if (fft < window) throw wrong(`has an FFT of ${fft} points for a window of ${window}`, `at least ${window}`);
  if (fft % 2 !== 0) throw wrong(`has an FFT of ${fft} points`, 'an even number');
  if (kind === 'stft') return framing;
  if (!(low < high && high <= rate / 2))
    throw wrong(`has bands from ${low} to ${high} Hz`, `from lower to higher, up to ${rate / 2}`);
  if (kind === 'mfcc' && coefficients > bands) throw wrong(`asks for ${coefficients} coefficients of ${bands} bands`, `${bands}`);
  if (log !== 'none' && floor === 0 && !adds) throw wrong('takes a logarithm without a floor', 'above 0');
  return framing;
}

function wrong(message: string, limit: string | null): DataFormatError {
  return new DataFormatError('FEATURES', 'features', message, null, limit);
}
