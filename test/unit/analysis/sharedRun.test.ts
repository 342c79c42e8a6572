import { describe, expect, it } from 'vitest';
import { comparePaths, type Comparison, type ComparisonControl } from '../../../worker/core/analysis/comparePaths';
import { compareSamples, type PreparedComparison } from '../../../worker/core/analysis/compareSamples';
import { HelperLost, type Compare, type Helpers } from '../../../worker/core/analysis/crew';
import { GraphLane } from '../../../worker/core/analysis/graphLane';
import { TraceMemory } from '../../../worker/core/analysis/localCell';
import { planLayers } from '../../../worker/core/analysis/layerPlan';
import { Pace } from '../../../worker/core/analysis/pace';
import { chunksOf } from '../../../worker/core/analysis/sampleChunks';
import type { SampleSource } from '../../../worker/core/data/sample';
import { slowSamples } from '../slowSamples';
import { TOY_GRAPH, toyRunner, toySamples, withoutSamples } from './toyGraph';

function prepared(state: 'reset' | 'carry' = 'reset'): PreparedComparison {
  const runner = toyRunner('int8', 1);
  const quantized = {
    runner,
    lane: new GraphLane(runner),
    local: new GraphLane(toyRunner('int8', 1)),
    memory: new TraceMemory(),
  };
  const paths = { graph: TOY_GRAPH, float: new GraphLane(toyRunner('float')), quantized };
  return { paths, plans: planLayers(runner), state, decode: null, costs: new Map() };
}

const later = () => new Promise<void>((resolve) => setTimeout(resolve, 1));

/** A helper that prepares for itself, on this thread, and gives away copies as another thread would. */
function helper(samples: SampleSource, meanwhile: (first: number) => Promise<void> = later): Compare {
  const own = prepared();
  return async (range) => {
    await meanwhile(range.first);
    return structuredClone(await compareSamples(own, samples, range, new Pace({})));
  };
}

function helpers(compares: readonly Compare[], calls: { started: number; ended: number } = { started: 0, ended: 0 }): Helpers {
  return {
    count: compares.length,
    afterMs: 0,
    costMs: 0,
    start: (most) => {
      calls.started++;
      return Promise.resolve(compares.slice(0, most));
    },
    end: () => void calls.ended++,
  };
}

const rows = Array.from({ length: 40 }, (_, k) => [k, 0.3 * k, 100 - k / 7, -k * k]);

/** The thread that leads rests before each sample, so that others get their share. */
function led(samples: SampleSource, others: Helpers | null, control: ComparisonControl = {}): Promise<Comparison> {
  return comparePaths(prepared(), slowSamples(samples), { yieldToOthers: later, ...control }, others);
}

describe('a run that is shared', () => {
  it.each([1, 2, 3])('with %i helpers gives what it gives alone, to the last bit', async (count) => {
    const samples = toySamples(rows);
    const alone = await comparePaths(prepared(), samples, {});
    let shares = 0;
    const compares = Array.from({ length: count }, () => helper(samples, () => (shares++, later())));
    const shared = await led(samples, helpers(compares));
    expect(shares).toBeGreaterThan(5);
    expect(shared).toEqual(alone);
    expect(shared.samples.map(({ index }) => index)).toEqual(rows.map((_, index) => index));
  });

  it('is not shared when states are carried on, nor when one thread is all there is', async () => {
    const calls = { started: 0, ended: 0 };
    const samples = toySamples(rows);
    const control = { yieldToOthers: later };
    await comparePaths(prepared('carry'), samples, control, helpers([helper(samples)], calls));
    await led(samples, helpers([], calls));
    expect(calls.started).toBe(0);
  });

  it.each([
    ['has worked for long enough', { afterMs: 60_000 }],
    ['knows that it saves more than they cost', { costMs: 60_000 }],
  ])('starts no one before it %s', async (_, patience) => {
    const calls = { started: 0, ended: 0 };
    const samples = toySamples(rows);
    await led(samples, { ...helpers([helper(samples)], calls), ...patience });
    expect(calls.started).toBe(0);
    await led(samples, { ...helpers([helper(samples)], calls), afterMs: 40, costMs: 60 });
    expect(calls.started).toBe(1);
  });

  it('covers what each had done when it is cancelled, and says which samples these are', async () => {
    const samples = toySamples(rows);
    let cancelled = false;
    const held: Compare = async () => {
      while (!cancelled) await later();
      return null;
    };
    const quick = helper(samples, (first) => (first > 9 && (cancelled = true), later()));
    const { complete, samples: covered, layers } = await led(samples, helpers([held, quick]), { isCancelled: () => cancelled });
    expect(complete).toBe(false);
    const indices = covered.map(({ index }) => index);
    expect(indices).toEqual([...indices].sort((a, b) => a - b));
    // The two chunks that were held are missing in between, and maybe one that was under way here.
    expect(indices.at(-1)! + 1 - indices.length).toBeGreaterThanOrEqual(2);
    expect(layers[0]!.output!.accumulated.values).toBe(4 * indices.length);
    const again = await comparePaths(prepared(), toySamples(indices.map((index) => rows[index]!)), {});
    const numbered = JSON.stringify(again.layers.map(({ output }) => output!.worstSamples.map(({ sample }) => indices[sample])));
    expect(JSON.stringify(layers.map(({ output }) => output!.worstSamples.map(({ sample }) => sample)))).toBe(numbered);
    expect(withoutSamples(layers)).toEqual(withoutSamples(again.layers));
  });

  it('ends with the failure of the first sample that fails, whoever meets it first', async () => {
    const samples = toySamples(rows, (index) => {
      if (index === 7 || index === 3) throw new Error('is cut off');
    });
    const slow = helper(samples, () => new Promise((resolve) => setTimeout(resolve, 30)));
    for (const compares of [[slow], [helper(samples), slow], [helper(samples), helper(samples)]]) {
      await expect(led(samples, helpers(compares))).rejects.toThrow('Sample s3: is cut off');
    }
  });

  it('ends when a helper is lost, without waiting for the others', async () => {
    const samples = toySamples(rows);
    const calls = { started: 0, ended: 0 };
    const releases: ((part: null) => void)[] = [];
    const held: Compare = () => new Promise((resolve) => void releases.push(resolve));
    const dying: Compare = () => Promise.reject(new HelperLost('It is gone.'));
    const crew = { ...helpers([held, dying], calls), end: () => (calls.ended++, releases.forEach((release) => release(null))) };
    await expect(led(samples, crew)).rejects.toThrow(new HelperLost('It is gone.'));
    expect(calls.ended).toBeGreaterThan(0);
  });

  it('tells finished samples once, in order, and all that are done', async () => {
    const many = Array.from({ length: 100 }, () => rows[1]!);
    const samples = toySamples(many);
    const told: string[] = [];
    let most = 0;
    await led(samples, helpers([helper(samples), helper(samples)]), {
      onProgress: ({ done, total, finished, sample }) => {
        told.push(...finished.map(({ name }) => name));
        expect([total, sample]).toEqual([100, `s${told.length}`]);
        expect(done).toBeGreaterThanOrEqual(told.length);
        most = Math.max(most, done);
      },
    });
    expect(told).toEqual(many.slice(0, told.length).map((_, index) => `s${index}`));
    expect(most).toBeGreaterThan(0);
  });
});

describe('chunks of a run', () => {
  it.each([0, 1, 8, 128, 129, 1000, 10_000, 1_000_001])(
    'of %i samples follow each other, at most 128 of about one size',
    (count) => {
      const chunks = chunksOf(count);
      expect(chunks.length).toBeLessThanOrEqual(128);
      expect(chunks.map(({ number }) => number)).toEqual(chunks.map((_, number) => number));
      expect(chunks.map(({ first }) => first)).toEqual([0, ...chunks.map(({ end }) => end)].slice(0, chunks.length));
      expect(chunks.at(-1)?.end ?? 0).toBe(count);
      const sizes = chunks.slice(0, -1).map(({ first, end }) => end - first);
      expect(new Set(sizes).size).toBeLessThanOrEqual(1);
    },
  );
});
