import { isHidden, type CellBoxId, type CellTopology, type HiddenTopology, type LstmTopology } from './cellLayout';

/** Signs of activations by their names in options; of others the name. */
export function activationSign(activation: string): string {
  return activation === 'SIGMOID' ? 'σ' : activation === 'TANH' ? 'tanh' : activation;
}

/** Name and stage as they stand in a box. */
export function boxTitle(id: CellBoxId, topology: CellTopology): readonly [name: string, stage: string] {
  if (id === 'W') return ['W, R', ''];
  if (id === 'x') return ['x', ''];
  if (id === 'h_prev') return ['h', 't−1'];
  if (id === 'h') return ['h', 'out'];
  return isHidden(topology) ? hiddenTitle(id, topology) : lstmTitle(id, topology);
}

function lstmTitle(id: CellBoxId, { layerNorm, cifg }: LstmTopology): readonly [name: string, stage: string] {
  if (id === 'tanh_c') return ['tanh(c)', ''];
  const [lane = '', part] = id.split('_');
  if (lane === 'c' || lane === 'm') return [lane, ''];
  const activation = lane === 'g' ? 'tanh' : 'σ';
  if (part === 'in') return ['', layerNorm ? `${lane} Σ` : `${lane} before ${activation}`];
  if (part === 'ln') return ['', `${lane} norm`];
  if (lane === 'i' && cifg) return ['i', '1 − f'];
  return [lane, layerNorm || lane === 'g' ? activation : `after ${activation}`];
}

/** What stands before and after an activation; what a candidate adds up has a name of its own. */
function hiddenTitle(id: CellBoxId, topology: HiddenTopology): readonly [name: string, stage: string] {
  const titles: Partial<Record<CellBoxId, string>> = { n_x: 'n: W·x', n_h: 'n: R·h', n_rh: 'r · R·h', rh: 'r · h', a_x: 'W·x' };
  const own = titles[id];
  if (own !== undefined) return ['', own];
  const [letter = '', part] = id.split('_');
  const sign = activationSign(signOf(letter, topology));
  return part === 'in' ? ['', `${letter} before ${sign}`] : [letter, `after ${sign}`];
}

/** Activation that a letter's sum goes through. */
function signOf(letter: string, { gateActivation, activation }: HiddenTopology): string {
  return (letter === 'z' || letter === 'r' ? gateActivation : null) ?? activation;
}

const SPOKEN: Readonly<Partial<Record<CellBoxId, string>>> = {
  W: 'weights',
  x: 'input x',
  h_prev: 'h of the step before',
  c: 'cell c',
  tanh_c: 'tanh of the cell',
  m: 'hidden m',
  h: 'output h',
  n_x: 'candidate n, W times x',
  n_h: 'candidate n, R times h',
  n_rh: 'candidate n, r times R times h',
  rh: 'r times h',
  a_x: 'W times x',
};

/** A box's name for a screen reader: `gate g, after tanh`. */
export function spokenBox(id: CellBoxId, topology: CellTopology): string {
  return SPOKEN[id] ?? (isHidden(topology) ? spokenHidden(id, topology) : spokenGate(id, topology));
}

const LETTERS: Readonly<Record<string, string>> = { z: 'update gate z', r: 'reset gate r', n: 'candidate n', a: 'sum a' };
const SIGNS: Readonly<Record<string, string>> = { σ: 'sigmoid' };

function spokenHidden(id: CellBoxId, topology: HiddenTopology): string {
  const [letter = '', part] = id.split('_');
  const sign = activationSign(signOf(letter, topology));
  return `${LETTERS[letter] ?? letter}, ${part === 'in' ? 'before' : 'after'} ${SIGNS[sign] ?? sign}`;
}

function spokenGate(id: CellBoxId, { layerNorm, cifg }: LstmTopology): string {
  const [lane = '', part] = id.split('_');
  const activation = lane === 'g' ? 'tanh' : 'sigmoid';
  if (part === 'in') return `gate ${lane}, ${layerNorm ? 'before layer norm' : `before ${activation}`}`;
  if (part === 'ln') return `gate ${lane}, after layer norm`;
  return lane === 'i' && cifg ? 'gate i, 1 minus f' : `gate ${lane}, after ${activation}`;
}
