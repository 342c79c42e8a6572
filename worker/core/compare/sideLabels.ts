import type { PersonaName, PersonaOverrides } from '../lstm/persona';
import type { LstmInfo } from '../report/overview';
import type { DifferenceCause } from './comparison';
import { hasQuirk, QUIRKS } from './quirks';
import type { SideModel } from './prepareSides';

const PERSONA_LABELS: Readonly<Record<PersonaName, string>> = { tflite: 'TFLite', 'tflite-old': 'Older TFLite', tflm: 'TFLM' };

/** Quirks that are otherwise than the runtime has them: `peephole quirk off`. */
export function switchedLabels(persona: PersonaName, overrides: PersonaOverrides): readonly string[] {
  return QUIRKS.flatMap(({ name, label }) => {
    const [usual, now] = [hasQuirk(name, persona), hasQuirk(name, persona, overrides)];
    return usual === now ? [] : [`${label} ${now ? 'on' : 'off'}`];
  });
}

/** `TFLite`, or `TFLite, peephole quirk off`. */
export function arithmeticLabel(persona: PersonaName, overrides: PersonaOverrides = {}): string {
  return [PERSONA_LABELS[persona], ...switchedLabels(persona, overrides)].join(', ');
}

/** The file's name, with its arithmetic where that is what tells the sides apart. */
export function sideLabels(a: SideModel, b: SideModel): readonly [a: string, b: string] {
  const arithmetics = [a, b].map(({ persona, personaOverrides }) => arithmeticLabel(persona, personaOverrides));
  const names = [a.model.fileName, b.model.fileName];
  const [first = '', second = ''] = arithmetics;
  const isSameFile = a.sha256 === b.sha256;
  const [nameA = '', nameB = ''] = isSameFile ? ['', ''] : names;
  if (isSameFile) return [first, second];
  return first === second ? [nameA, nameB] : [`${nameA} (${first})`, `${nameB} (${second})`];
}

/** Decisions in which two runs of one file differ and that matter to one of its LSTMs. */
export function causesOf(a: SideModel, b: SideModel, lstms: readonly LstmInfo[]): DifferenceCause[] {
  return QUIRKS.flatMap((quirk): DifferenceCause[] => {
    const [onA, onB] = [a, b].map(({ persona, personaOverrides }) => hasQuirk(quirk.name, persona, personaOverrides));
    const concerned = lstms.filter((lstm) => (lstm.scheme === 'int8' || lstm.scheme === '16x8') && quirk.matters(lstm));
    const [first] = concerned;
    if (onA === onB || first === undefined) return [];
    return [
      {
        quirk: quirk.name,
        label: quirk.label,
        on: onA === true ? 'a' : 'b',
        explanation: quirk.explain(first),
        ops: concerned.map(({ op }) => op),
      },
    ];
  });
}
