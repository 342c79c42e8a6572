import type { LosslessRails } from '../charts/histogramData';
import { NOTABLE_DB } from '../../worker/core/findings/runRule';
import type { PersonaName } from '../../worker/core/lstm/persona';
import { sumLost } from '../../worker/core/report/lostAtRails';
import type { LayerReport, LossCause, LstmPart, RailCounts, SignalReport } from '../../worker/core/report/report';
import * as format from '../charts/format';
import { FLAT_BEYOND } from './flatBeyond';
import { activationOf, activationOfSignal, findSignal, gateOf, type AnyGateLetter } from './signalNames';

/** What a figure says in one sentence: the part in front stands out, the rest follows. */
export interface Reading {
  readonly lead: string;
  readonly rest: string;
  /** Whether values were lost: then `lead` is red. */
  readonly lost: boolean;
}

/** Gain under which a part costs nothing worth saying: it shows as 0.0. dB. */
export const NOTHING_DB = 0.05;

/** Reading of one signal: what is lost where, and whether that costs anything. */
export function readSignal(layer: LayerReport, signal: SignalReport, persona: PersonaName = 'tflite'): Reading {
  if (!signal.histogram.int8)
    return { lead: 'Float only.', rest: `Values from ${range(signal.floatMin, signal.floatMax)}.`, lost: false };
  if (signal.flat) return readFlat(signal, signal.flat);
  const clipped = readClip(layer, signal);
  if (clipped) return clipped;
  const told = toldAtRails(signal);
  if (told.count > 0 && !told.lost) return readLossless(signal);
  const { rails } = signal;
  if (!rails || rails.low + rails.high === 0) return readUnused(layer, signal);
  const gate = gateOf(signal.signal);
  return gate ? readGateRails(layer, signal, rails, gate, persona) : readStateRails(layer, signal, rails);
}

/** The reading as one plain string. */
export function plain(reading: Reading): string {
  return reading.rest === '' ? reading.lead : `${reading.lead} ${reading.rest}`;
}

/** What is told of a signal's rails: the values that are lost there; where none is, all that lie there. */
export function toldAtRails(signal: SignalReport): { readonly count: number; readonly lost: boolean } {
  const lost = lostCount(signal);
  return lost > 0 ? { count: lost, lost: true } : { count: (signal.rails?.low ?? 0) + (signal.rails?.high ?? 0), lost: false };
}

/** The same of a layer's output. */
export function toldOfLayer({ lostAtRails, saturation }: LayerReport): { readonly count: number; readonly lost: boolean } {
  return lostAtRails > 0 ? { count: lostAtRails, lost: true } : { count: saturation.total, lost: false };
}

/** `27.5 %`, or `14 values` below 0.1 %. */
function amountOf(signal: SignalReport): string {
  const { values } = signal;
  const { count } = toldAtRails(signal);
  if (!format.isCount(count, values)) return format.percent(count / values);
  return `${format.count(count)} ${count === 1 ? 'value' : 'values'}`;
}

/** Rails that are not drawn as such: an activation's ends, and those whose values the report does not count as lost. */
export function losslessRails({ flat, rails, lostAtRails }: SignalReport): LosslessRails {
  if (flat !== null) return { low: true, high: true };
  if (rails === null || lostAtRails === null) return { low: false, high: false };
  return { low: rails.low > 0 && lostAtRails.low === 0, high: rails.high > 0 && lostAtRails.high === 0 };
}

/** Values of a signal that are lost at its rails. */
export function lostCount({ lostAtRails }: SignalReport): number {
  return sumLost(lostAtRails);
}

/** Share of values that are lost at the rails, 0..1. */
export function lostShare(signal: SignalReport): number {
  return signal.values === 0 ? 0 : lostCount(signal) / signal.values;
}

/** Gain when a part is put back to float; null where costs were not measured. dB. */
export function costOf(layer: LayerReport, part: LstmPart): number | null {
  return layer.lstm?.costs?.find((cost) => cost.part === part)?.gainDb ?? null;
}

function readFlat(signal: SignalReport, { low, high }: { readonly low: number; readonly high: number }): Reading {
  const activation = activationOfSignal(signal.signal) ?? 'tanh';
  const ends = activation === 'tanh' ? '−1 or 1' : '0 or 1';
  const count = low + high;
  const sqnr = capital(sqnrText(signal));
  const end = sqnr && ` ${sqnr}.`;
  if (count === 0) return { lead: 'Nothing flat.', rest: `No value is at ${ends}.${end}`, lost: false };
  const amount = format.isCount(count, signal.values) ? `${format.count(count)} values` : format.percent(count / signal.values);
  return { lead: `${amount} flat.`, rest: `At ${ends} ${activation} has ended; that alone loses nothing.${end}`, lost: false };
}

function readLossless(signal: SignalReport): Reading {
  const sqnr = capital(sqnrText(signal));
  return { lead: `${amountOf(signal)} at the rails, beyond which float does not go.`, rest: sqnr && `${sqnr}.`, lost: false };
}

function readGateRails(
  layer: LayerReport,
  signal: SignalReport,
  rails: RailCounts,
  gate: AnyGateLetter,
  persona: PersonaName,
): Reading {
  const amount = `${amountOf(signal)} at the rails`;
  const cost = costOf(layer, gate);
  const activated = findSignal(layer, gate, signal.direction);
  const kept = activated && sqnrText(activated, 'keeps');
  const flat = flatText(signal, rails, gate, persona);
  if (cost === null) {
    return {
      lead: `${amount}:`,
      rest: [flat, kept && `${flat === '' ? '' : 'and '}${gate} ${kept}`].filter(Boolean).join(', ') + '.',
      lost: true,
    };
  }
  const gained = `gains ${format.withUnit(format.decibel(Math.max(0, cost)), 'dB')} in float`;
  if (cost < NOTHING_DB) {
    const proof = [kept, gained].filter(Boolean).join(' and ');
    return {
      lead: `${amount}, and it costs nothing:`,
      rest: `${flat === '' ? '' : `${flat}, so `}${gate} ${proof}.`,
      lost: true,
    };
  }
  const lead = cost < NOTABLE_DB ? `${amount}, at little cost:` : `${amount}:`;
  const all = cost < NOTABLE_DB ? '' : ', all its causes together';
  return {
    lead,
    rest: `${gate} ${gained}${all}${kept ? `; after ${activationOf(gate)} it ${kept.replace('keeps', 'has')}` : ''}.`,
    lost: true,
  };
}

/** `σ is flat beyond ±7.95`, where the rails lie in or near the flat part; empty otherwise. */
function flatText(signal: SignalReport, rails: RailCounts, gate: AnyGateLetter, persona: PersonaName): string {
  const sigmoid = activationOf(gate) === 'σ';
  const beyond = FLAT_BEYOND[persona][sigmoid ? 'sigmoid' : 'tanh'];
  const activates = signal.signal.endsWith('_in') || signal.signal.endsWith('_xh') || signal.signal.endsWith('_ln');
  if (!activates || rails.highReal < beyond || -rails.lowReal < beyond) return '';
  return `${activationOf(gate)} is flat beyond ±${format.real(beyond)}`;
}

/** Inputs, states and outputs: what the type holds and how far float goes. */
function readStateRails(layer: LayerReport, signal: SignalReport, rails: RailCounts): Reading {
  const symmetric = format.bound(rails.highReal) === format.bound(-rails.lowReal);
  const where = symmetric ? `at the ±${format.bound(rails.highReal)} rails` : 'at the rails';
  const reach: string[] = [];
  if (signal.floatMin < rails.lowReal) reach.push(format.real(signal.floatMin));
  if (signal.floatMax > rails.highReal) reach.push(format.real(signal.floatMax));
  const holds = symmetric ? '' : `, the type holds ${range(rails.lowReal, rails.highReal)}`;
  const sentences = [`Float reaches ${reach.join(' and ')}${holds}.`, costText(layer, signal), inertClip(layer, signal)];
  return { lead: `${amountOf(signal)} ${where}.`, rest: sentences.filter((s) => s !== '').join(' '), lost: true };
}

const PART_OF: Readonly<Partial<Record<SignalReport['signal'], LstmPart>>> = { x: 'x', c: 'c', m: 'm', h: 'h' };

function costText(layer: LayerReport, signal: SignalReport): string {
  const part = PART_OF[signal.signal];
  const cost = part ? costOf(layer, part) : null;
  if (!part || cost === null) return '';
  return `${part} gains ${format.withUnit(format.decibel(Math.max(0, cost)), 'dB')} in float.`;
}

function inertClip(layer: LayerReport, signal: SignalReport): string {
  const row = layer.lstm?.ledger.find(({ cause }) => cause === 'cell-clip');
  if (signal.signal !== 'c' || row?.absent !== 'inert') return '';
  const clip = /±\S+/.exec(row.label)?.[0];
  return clip ? `The model's clip ${clip} lies outside and never acts.` : `The model's clip never acts.`;
}

const CLIPS: Readonly<Partial<Record<SignalReport['signal'], LossCause>>> = { c: 'cell-clip', h: 'projection-clip' };

/** Values changed by the model's own clip, where there are any. */
function readClip(layer: LayerReport, signal: SignalReport): Reading | null {
  const row = layer.lstm?.ledger.find(({ cause }) => cause === CLIPS[signal.signal]);
  const entry = row?.entries.find((e) => e.signal === signal.signal);
  if (!row || !entry || entry.count === 0) return null;
  const amount = format.isCount(entry.count, entry.values)
    ? `${format.count(entry.count)} ${entry.count === 1 ? 'value' : 'values'}`
    : format.percent(entry.count / entry.values);
  const clip = /±\S+/.exec(row.label)?.[0];
  const rest = [`Float is clipped there as well.`, costText(layer, signal)].filter((s) => s !== '').join(' ');
  return { lead: `${amount} clipped${clip ? ` at ${clip}` : ''}.`, rest, lost: true };
}

/** No value at a rail: then the question is whether the range is used. */
function readUnused(layer: LayerReport, signal: SignalReport): Reading {
  const { min, max, effectiveBits } = signal;
  const gate = gateOf(signal.signal);
  const activated = gate && findSignal(layer, gate, signal.direction);
  const parts: string[] = [];
  if (min !== null && max !== null) {
    const bits = effectiveBits ? `, ${effectiveBits.used.toFixed(1)} of ${effectiveBits.bits} bits` : '';
    parts.push(`range used ${range(min, max)}${bits}`);
  }
  const sqnr = activated ? sqnrText(activated, 'has') : sqnrText(signal);
  if (sqnr) parts.push(activated && gate ? `after ${activationOf(gate)} ${gate} ${sqnr}` : sqnr);
  const text = parts.join('; ');
  return {
    lead: signal.rails ? 'Nothing at the rails.' : 'No integer rails here.',
    rest: text === '' ? '' : `${capital(text)}.`,
    lost: false,
  };
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** `SQNR 36.9 dB`, or after a subject and a verb `keeps 36.9 dB`; empty where not measured. */
function sqnrText({ accumulated }: SignalReport, verb = 'SQNR'): string {
  if (!accumulated) return '';
  if (accumulated.exact) return 'equals float';
  return accumulated.sqnrDb === null ? '' : `${verb} ${format.withUnit(format.decibel(accumulated.sqnrDb), 'dB')}`;
}

function range(low: number, high: number): string {
  return `${format.real(low)} to ${low < 0 ? format.signedReal(high) : format.real(high)}`;
}
