import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { AudioDetailRequest } from '../../../../worker/core/report/audioDetail';
import { Sessions } from '../../../../worker/session';
import { describeShared } from '../../../shared';

describeShared('audio of real models', (shared) => {
  const file = (path: string) => ({ name: path.slice(path.lastIndexOf('/') + 1), bytes: new Uint8Array(readFileSync(join(shared, path))) }); // prettier-ignore
  const run = (state: 'reset' | 'carry') => ({
    runId: 'r',
    persona: 'tflite' as const,
    state,
    inputs: [{ name: 'frames.npy', bytes: magnitudes(12) }],
    dataLabel: '',
    floatModel: null,
    labels: null,
  });

  it('a mask over the samples of a run, one frame each, with the states of the run', async () => {
    const sessions = new Sessions();
    const { inputs, outputs } = sessions.open('m', file('data/tflite/dtln_noise_suppression_int8.tflite'));
    const request: AudioDetailRequest = {
      tensor: outputs[0]!.index,
      input: inputs[0]!.index,
      samples: { from: 0, to: 12 },
      kind: 'mask',
      frame: 257,
      hop: 128,
      overlap: 'sum',
      rate: 16_000,
      columns: 100,
      sound: null,
      reference: null,
    };
    await sessions.run('m', run('carry'), () => undefined);
    const detail = await sessions.audioDetail('m', 'q', request, null);
    expect(detail).toMatchObject({ frames: 12, framesSeen: 12, frame: 257, length: 0, exact: false });
    const { quantized, float } = detail.masks!;
    expect(quantized).toMatchObject({ rows: 257, columns: 12 });
    // The last frame is what the run's own last sample gave.
    const last = await sessions.tensorDetail('m', 't', {
      tensor: outputs[0]!.index,
      sample: 11,
      grid: { rows: { from: 0, to: 1 }, columns: { from: 0, to: 257 } },
    });
    const column = (cells: Float32Array) => Array.from({ length: 257 }, (_, row) => cells[row * 12 + 11]);
    expect(column(quantized!.cells)).toEqual([...last.grid!.reals]);
    expect(column(float!.cells)).toEqual([...last.grid!.float!]);
    await expect(sessions.audioDetail('m', 'q', { ...request, samples: { from: 12, to: 13 } }, null)).rejects.toMatchObject({
      code: 'NO_SUCH_SAMPLE',
    });
    // Reset before each, the same frame is another mask.
    await sessions.run('m', run('reset'), () => undefined);
    const reset = await sessions.audioDetail('m', 'q', request, null);
    expect(column(reset.masks!.quantized!.cells)).not.toEqual(column(quantized!.cells));
  });

  it('a mask of a recording is heard: what it lets through of the recording itself', async () => {
    const sessions = new Sessions();
    const { inputs, outputs } = sessions.open('m', file('data/tflite/dtln_noise_suppression_int8.tflite'));
    const data = { features: { kind: 'stft', window: 512, hop: 128, fft: 512, taper: 'none' } };
    const report = await sessions.run('m', { ...run('reset'), inputs: [file('data/audio/tflm/yes_1000ms.wav')], data }, () => undefined); // prettier-ignore
    const request: AudioDetailRequest = {
      tensor: outputs[0]!.index,
      input: inputs[0]!.index,
      samples: { from: 0, to: 1 },
      kind: 'mask',
      frame: 257,
      hop: 128,
      overlap: 'sum',
      rate: 16_000,
      columns: 100,
      sound: 'quantized',
      reference: null,
    };
    const detail = await sessions.audioDetail('m', 'q', request, null);
    expect(detail.frames).toBe(122);
    expect(detail).toMatchObject({ length: 121 * 128 + 512, silentBecause: null, sound: { track: 'quantized' } });
    expect(detail.tracks.map(({ name }) => name)).toEqual(['input', 'float', 'quantized', 'difference']);
    // Magnitudes do not grow under a mask of 0 to 1.
    const [input, float] = detail.tracks;
    expect(float!.rms).toBeLessThan(input!.rms);
    expect(detail.siSdrDb).not.toBeNull();
    expect(report.audio).toMatchObject([{ kind: 'mask', frame: 257, frames: 122 }]);
  });
});

/** Frames [count, 1, 1, 257] that fall off with frequency. */
function magnitudes(count: number): Uint8Array {
  const header = `{'descr': '<f4', 'fortran_order': False, 'shape': (${count}, 1, 1, 257), }`;
  const padded = header.padEnd(Math.ceil((header.length + 11) / 64) * 64 - 11, ' ') + '\n';
  const data = Float32Array.from({ length: count * 257 }, (_, at) => 8 / (1 + (at % 257) / 20) + (Math.floor(at / 257) % 3));
  const bytes = new Uint8Array(10 + padded.length + data.byteLength);
  bytes.set([0x93, ...new TextEncoder().encode('NUMPY'), 1, 0, padded.length % 256, padded.length >> 8]);
  bytes.set(new TextEncoder().encode(padded), 10);
  bytes.set(new Uint8Array(data.buffer), 10 + padded.length);
  return bytes;
}
