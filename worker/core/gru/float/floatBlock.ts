import { KernelArena, padded, type Kernels } from '../../kernels/kernels';
import { clampInPlace } from '../../lstm/clamp';
import type { FloatActivations } from '../../lstm/float/floatParameters';
import type { GruStages } from '../gruSources';

interface FloatStages extends GruStages<Float32Array> {
  /** Where the kernels find `in` and `activated`. */
  readonly inAt: number;
  readonly activatedAt: number;
}

/** Places for every value of a step over one number of batch rows, in the kernels' memory where they work on them. */
export class FloatBlock {
  readonly stages: readonly FloatStages[];
  readonly #kernels: Kernels;
  readonly #count: number;

  /** @param length batch * hidden */
  constructor(
    gates: number,
    length: number,
    private readonly clip: number,
  ) {
    const arena = new KernelArena();
    this.#count = padded(length, 4);
    const reserve = () => arena.reserve(this.#count * 4);
    const places = Array.from({ length: gates }, () => {
      const xh = reserve();
      return { xh, in: clip > 0 ? reserve() : xh, activated: reserve() };
    });
    this.#kernels = arena.open();
    this.stages = places.map((place) => ({
      x: new Float32Array(length),
      xh: arena.float32(place.xh, length),
      in: arena.float32(place.in, length),
      activated: arena.float32(place.activated, length),
      inAt: place.in,
      activatedAt: place.activated,
    }));
  }

  takeInput(gate: number, sums: Float32Array): void {
    this.stages[gate]!.x.set(sums);
  }

  /** activated = f(clip(xh)). */
  protected activateBy(
    { xh, in: before, activated, inAt, activatedAt }: FloatStages,
    activation: FloatActivations['cell'],
  ): void {
    if (this.clip > 0) {
      before.set(xh);
      clampInPlace(before, -this.clip, this.clip);
    }
    if (activation === 'sigmoid') this.#kernels.sigmoidFloat32(inAt, activatedAt, this.#count);
    else if (activation === 'tanh') this.#kernels.tanhFloat32(inAt, activatedAt, this.#count);
    else activation(before, activated);
  }
}
