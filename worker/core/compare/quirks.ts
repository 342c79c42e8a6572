import { integerPersona, type IntegerDecisions, type PersonaName, type PersonaOverrides } from '../lstm/persona';
import type { LstmInfo } from '../report/overview';

/** Names on the command line and in reports. */
export type QuirkName =
  | 'peephole-width'
  | 'hidden-zero-point'
  | 'projection-clip-centre'
  | 'zero-cell-clip'
  | 'missing-gate-scale'
  | 'recurrent-saturation'
  | 'hidden-parameters'
  | 'cell-products'
  | 'double-rounding';

type Topology = Pick<LstmInfo, 'projection' | 'peephole' | 'layerNorm' | 'cellClip' | 'projectionClip' | 'cell' | 'output'>;

/** One decision in which a runtime's integer LSTM departs from the recipe, so that it can be switched on and off on its own. */
export interface Quirk<D extends keyof IntegerDecisions = keyof IntegerDecisions> {
  readonly name: QuirkName;
  readonly decision: D;
  /** What the recipe does. */
  readonly off: IntegerDecisions[D];
  /** The departure, where the persona has none of its own. */
  readonly on: IntegerDecisions[D];
  /** For people, after "the". */
  readonly label: string;
  /** One sentence on what the runtime does. */
  readonly explain: (lstm: Topology) => string;
  /** False where the topology leaves nothing to decide. */
  readonly matters: (lstm: Topology) => boolean;
}

function quirk<D extends keyof IntegerDecisions>(definition: Quirk<D>): Quirk {
  return definition;
}

export const QUIRKS: readonly Quirk[] = [
  quirk({
    name: 'peephole-width',
    decision: 'peepholeWidth',
    off: 'cell',
    on: 'output',
    label: 'peephole quirk',
    explain: ({ cell, output }) =>
      `With a projection, TFLite passes the output size (${output}) where the cell size (${cell}) belongs: ` +
      `cells ${output} to ${cell - 1} get no peephole term.`,
    matters: ({ peephole, cell, output }) => peephole && output < cell,
  }),
  quirk({
    name: 'hidden-zero-point',
    decision: 'negatedHiddenZeroPoint',
    off: 'never',
    on: 'with-projection',
    label: 'hidden zero point quirk',
    explain: () => 'The hidden value is stored with the negated zero point, so that it clamps at the mirrored ends of its range.',
    matters: () => true,
  }),
  quirk({
    name: 'projection-clip-centre',
    decision: 'projectionClipCentre',
    off: 'zero-point',
    on: 'code-zero',
    label: 'projection clip quirk',
    explain: () => 'The projection clip is centred on code 0 and not on the zero point, which stands for real 0.',
    matters: ({ projection, projectionClip }) => projection && projectionClip > 0,
  }),
  quirk({
    name: 'zero-cell-clip',
    decision: 'cellClipOfZeroCodes',
    off: 'off',
    on: 'clamps-to-zero',
    label: 'cell clip quirk',
    explain: () => 'A cell clip below half a code becomes 0 and clamps every cell to 0.',
    matters: ({ cellClip }) => cellClip > 0,
  }),
  quirk({
    name: 'missing-gate-scale',
    decision: 'missingGateScale',
    off: 'q3.12',
    on: 'constant-output',
    label: 'missing scale quirk',
    explain: () => 'A gate has no scale before its layer norm: set-up fails without a word and every output is one constant.',
    matters: ({ layerNorm }) => layerNorm,
  }),
  quirk({
    name: 'recurrent-saturation',
    decision: 'recurrentSaturatesAlone',
    off: false,
    on: true,
    label: 'recurrent saturation',
    explain: () => 'The recurrent product saturates at int16 before it is added; the recipe saturates the sum only.',
    matters: () => true,
  }),
  quirk({
    name: 'hidden-parameters',
    decision: 'hiddenParameters',
    off: 'intermediate',
    on: 'output-state',
    label: 'hidden scale quirk',
    explain: () => "The hidden value gets the output state's scale and zero point in place of its own.",
    matters: () => true,
  }),
  quirk({
    name: 'cell-products',
    decision: 'cellProducts',
    off: 'shift',
    on: 'multiplier',
    label: 'cell products',
    explain: () => 'f.c and i.g are rescaled by quantized multipliers; the recipe shifts.',
    matters: () => true,
  }),
  quirk({
    name: 'double-rounding',
    decision: 'multiplierRounding',
    off: 'single',
    on: 'double',
    label: 'double rounding',
    explain: () => 'Accumulators are rounded twice when they are rescaled: a build option of the runtime.',
    matters: () => true,
  }),
];

export const QUIRK_NAMES: readonly QuirkName[] = QUIRKS.map(({ name }) => name);

export function quirkOf(name: QuirkName): Quirk {
  return QUIRKS.find((one) => one.name === name)!;
}

/** Whether a runtime has the quirk. */
export function hasQuirk(name: QuirkName, persona: PersonaName, overrides: PersonaOverrides = {}): boolean {
  const { decision, off } = quirkOf(name);
  return integerPersona(persona, overrides)[decision] !== off;
}

/** Overrides that switch a quirk on or off under a persona; none where it is so already. */
export function switchQuirk(name: QuirkName, on: boolean, persona: PersonaName): PersonaOverrides {
  const { decision, off, on: value } = quirkOf(name);
  if (hasQuirk(name, persona) === on) return {};
  return { [decision]: on ? value : off };
}

export type QuirkSwitches = Readonly<Partial<Record<QuirkName, boolean>>>;

/** Overrides that switch several quirks. */
export function switchQuirks(switches: QuirkSwitches, persona: PersonaName): PersonaOverrides {
  const named = QUIRK_NAMES.flatMap((name) => {
    const on = switches[name];
    return on === undefined ? [] : [switchQuirk(name, on, persona)];
  });
  return Object.assign({}, ...named) as PersonaOverrides;
}
