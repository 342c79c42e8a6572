import type { BlameChoice, InspectorState, OtherModel } from '../extension/protocol/messages';
import { hasQuirk, QUIRKS, switchQuirks, type QuirkName, type QuirkSwitches } from '../worker/core/compare/quirks';
import { arithmeticLabel } from '../worker/core/compare/sideLabels';
import { PERSONA_NAMES, type PersonaName } from '../worker/core/lstm/persona';
import type { LstmInfo, ModelOverview } from '../worker/core/report/overview';
import type { ViewState } from './viewState';

/** One thing that can stand beside this model. */
export interface Side {
  readonly id: string;
  readonly label: string;
  /** What is otherwise there, in a sentence or two. */
  readonly explanation: string;
  /** Id of another file; null: this one. */
  readonly other: string | null;
  readonly persona: PersonaName;
  readonly quirks: QuirkSwitches;
}

export const fileSide = (id: string): string => `file:${id}`;

const PERSONA_TEXT: Readonly<Record<PersonaName, string>> = {
  tflite: 'TensorFlow Lite 2.21 and LiteRT',
  'tflite-old':
    'An older TensorFlow Lite (tfjs-tflite 0.0.1-alpha.10): as today, but the hidden value always has the negated zero point',
  tflm: 'TensorFlow Lite Micro and CMSIS-NN: other activation tables, and other decisions wherever the recipe leaves a choice',
};

type Chosen = Pick<ViewState, 'persona' | 'quirks'>;

/** The model's own arithmetic as it runs by the settings: side A. */
export function ownLabel({ persona, quirks }: Chosen): string {
  return arithmeticLabel(persona, switchQuirks(quirks, persona));
}

/** Quirks that make a difference in one of the model's integer LSTMs, with the first of those. */
export function quirksThatMatter(lstms: readonly LstmInfo[]): readonly { readonly name: QuirkName; readonly lstm: LstmInfo }[] {
  const integer = lstms.filter(({ scheme }) => scheme === 'int8' || scheme === '16x8');
  return QUIRKS.flatMap(({ name, matters }) => {
    const lstm = integer.find((one) => matters(one));
    return lstm ? [{ name, lstm }] : [];
  });
}

/** What can stand beside this model: its quirks one by one, none of them, other runtimes, other files. A float file has no arithmetic to choose. */
export function sidesOf(chosen: Chosen, { scheme, lstms }: ModelOverview, others: readonly OtherModel[]): readonly Side[] {
  const files = others.map(({ id, label }): Side => ({
    id: fileSide(id),
    label,
    explanation: `Another file, run by the same runtime: what differs in tensors, scales, operators and weights, and in every value.`,
    other: id,
    ...chosen,
  }));
  return scheme === 'float' ? files : [...quirkSides(chosen, lstms), ...personaSides(chosen), ...files];
}

function quirkSides({ persona, quirks }: Chosen, lstms: readonly LstmInfo[]): readonly Side[] {
  const overrides = switchQuirks(quirks, persona);
  const matter = quirksThatMatter(lstms);
  const label = (switches: QuirkSwitches) => arithmeticLabel(persona, switchQuirks(switches, persona));
  const one = matter.map(({ name, lstm }): Side => {
    const switched = { ...quirks, [name]: !hasQuirk(name, persona, overrides) };
    const explanation = QUIRKS.find((quirk) => quirk.name === name)?.explain(lstm) ?? '';
    return { id: `quirk:${name}`, label: label(switched), explanation, other: null, persona, quirks: switched };
  });
  const on = matter.filter(({ name }) => hasQuirk(name, persona, overrides));
  if (on.length < 2) return one;
  const recipe: Side = {
    id: 'recipe',
    label: `${arithmeticLabel(persona)}, all quirks off`,
    explanation: `The recipe as the paper has it: ${on.length} decisions in which the runtime departs from it are undone at once.`,
    other: null,
    persona,
    quirks: { ...quirks, ...Object.fromEntries(on.map(({ name }) => [name, false])) },
  };
  return [...one, recipe];
}

function personaSides({ persona }: Chosen): readonly Side[] {
  return PERSONA_NAMES.filter((name) => name !== persona).map((name) => ({
    id: `persona:${name}`,
    label: arithmeticLabel(name),
    explanation: `${PERSONA_TEXT[name]}.`,
    other: null,
    persona: name,
    quirks: {},
  }));
}

/** What stands beside the model now: the chosen one where it is still offered, else the first. */
export function chosenSide(
  view: Chosen & Pick<ViewState, 'compareWith'>,
  overview: ModelOverview,
  others: readonly OtherModel[],
): Side | null {
  const sides = sidesOf(view, overview, others);
  return sides.find(({ id }) => id === view.compareWith) ?? sides[0] ?? null;
}

/** Blame asks about the report shown, not about the next run; null without a report that compares, and why it cannot be asked. */
export function blameChoice({ report, data }: InspectorState): Omit<BlameChoice, 'id'> | { readonly problem: string } | null {
  if (report === null || report.quantizedPath === null) return null;
  const { persona, quirks = {}, state } = report;
  const found = data.find(({ label, synthetic }) => label === report.data.label && synthetic === report.data.synthetic);
  if (!found) return { problem: 'The data of this report is no longer offered. Choose it again, or run with other data.' };
  return { dataId: found.id, persona, quirks, state };
}
