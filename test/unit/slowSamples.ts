import type { SampleSource } from '../../worker/core/data/sample';

/** The same samples, each given after a rest: whoever takes them leaves some to others. */
export function slowSamples(samples: SampleSource): SampleSource {
  return {
    ...samples,
    get: (index) => {
      const start = Date.now();
      while (Date.now() - start < 9);
      return samples.get(index);
    },
  };
}
