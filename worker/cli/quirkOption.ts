import { QUIRK_NAMES, type QuirkName, type QuirkSwitches } from '../core/compare/quirks';
import { UsageError } from './failure';

export const QUIRK_HELP = `Quirks: ${QUIRK_NAMES.join(', ')}.`;

/** `peephole-width=off` as an entry beside those before it. @throws UsageError */
export function collectQuirk(text: string, before: QuirkSwitches = {}): QuirkSwitches {
  const [name = '', value = ''] = text.split('=');
  const known: readonly string[] = QUIRK_NAMES;
  if (!known.includes(name) || (value !== 'on' && value !== 'off')) {
    throw new UsageError(`--quirk takes NAME=on or NAME=off, not ${text}; names are ${QUIRK_NAMES.join(', ')}`);
  }
  return { ...before, [name as QuirkName]: value === 'on' };
}
