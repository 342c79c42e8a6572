import FFT from 'fft.js';

/** The few operations of fft.js that are used here, with their types. */
interface Transform {
  transform(out: Float64Array, data: Float64Array): void;
  realTransform(out: Float64Array, data: Float64Array): void;
  inverseTransform(out: Float64Array, data: Float64Array): void;
}

/** Fourier transforms of one size, a power of two from 2 up. Complex arrays hold real and imaginary parts in turns. */
export class Fourier {
  private readonly fft: Transform;

  constructor(readonly size: number) {
    this.fft = new FFT(size);
  }

  /** @param out 2 * size; only bins 0 to size / 2 are filled */
  ofReals(out: Float64Array, data: Float64Array): void {
    this.fft.realTransform(out, data);
  }

  of(out: Float64Array, data: Float64Array): void {
    this.fft.transform(out, data);
  }

  /** Scaled by 1 / size. */
  inverse(out: Float64Array, data: Float64Array): void {
    this.fft.inverseTransform(out, data);
  }
}

/** The smallest power of two that is not below `least`, and not below 2. */
export function powerOfTwo(least: number): number {
  return 2 ** Math.max(1, Math.ceil(Math.log2(least)));
}
