import { deserialize, serialize } from 'node:v8';
import { readModel } from '../../../worker/core/formats/readModel';
import { firstOverview } from '../../../worker/core/report/buildOverview';
import { longChain, stackedLstms } from './syntheticModels';

export interface OpenTimes {
  readonly name: string;
  readonly megabytes: number;
  readonly readMs: number;
  readonly overviewMs: number;
  /** Copying the overview from one thread to another. */
  readonly transferMs: number;
  readonly overviewMegabytes: number;
}

const MODELS: readonly (readonly [name: string, make: () => Uint8Array])[] = [
  ['12 LSTMs of 1,024 cells', () => stackedLstms(12, 1024)],
  ['10,000 operators', () => longChain(10_000)],
];

/** Opens each synthetic model `rounds` times; the first round, with everything cold, is reported on its own. */
export function measureOpening(rounds: number): OpenTimes[] {
  return MODELS.flatMap(([name, make]) => {
    const bytes = make();
    const times = Array.from({ length: rounds }, () => openOnce(name, bytes));
    const [cold, ...warm] = times;
    const median = [...warm].sort((a, b) => a.readMs + a.overviewMs - b.readMs - b.overviewMs)[Math.floor(warm.length / 2)];
    return [
      ...(cold === undefined ? [] : [{ ...cold, name: `${name}, first time` }]),
      ...(median === undefined ? [] : [{ ...median, name: `${name}, again` }]),
    ];
  });
}

function openOnce(name: string, bytes: Uint8Array): OpenTimes {
  const start = performance.now();
  const model = readModel({ name, bytes });
  const read = performance.now();
  // As the editor's worker does: what targets make of a model is worked out after it is on screen.
  const overview = firstOverview(model);
  const built = performance.now();
  const message = serialize(overview);
  deserialize(message);
  return {
    name,
    megabytes: bytes.length / 1e6,
    readMs: read - start,
    overviewMs: built - read,
    transferMs: performance.now() - built,
    overviewMegabytes: message.length / 1e6,
  };
}
