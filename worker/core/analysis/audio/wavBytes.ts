import { WaveFile } from 'wavefile';

/** A mono wav of 16 bits; reals beyond -1..1 are clipped, NaN is silence. */
export function wavBytes(signal: Float32Array, rate: number): Uint8Array<ArrayBuffer> {
  const samples = Int16Array.from(signal, (value) => Math.max(-32_768, Math.min(32_767, Math.round((value || 0) * 32_768))));
  const wave = new WaveFile();
  wave.fromScratch(1, rate, '16', samples);
  return Uint8Array.from(wave.toBuffer());
}
