import { describe, expect, it } from 'vitest';
import { layoutMatrix } from '../../../webview/views/targets/matrixLayout';

const OPS = ['UNIDIRECTIONAL_SEQUENCE_LSTM', 'FULLY_CONNECTED'];
const TARGETS = ['TFLite CPU', 'XNNPACK', 'TFLite Micro', 'Ethos-U55', 'Ethos-U65', 'Ethos-U85'];
const nameWidth = (tracks: string) => Number(/^(\d+)px/.exec(tracks)?.[1]);

describe('layoutMatrix', () => {
  it('cuts no operator name and no target name where there is room', () => {
    const wide = layoutMatrix(940, OPS, TARGETS);
    expect(wide).toMatchObject({ upright: false, cut: false, head: 25 });
    expect(nameWidth(wide.tracks)).toBeGreaterThan(250);
  });

  it('sets target names upright before it cuts an operator name', () => {
    const narrow = layoutMatrix(514, OPS, TARGETS);
    expect(narrow).toMatchObject({ upright: true, cut: false });
    expect(narrow.head).toBeGreaterThan(80);
  });

  it('keeps a column for every mark, and cuts names last', () => {
    const tight = layoutMatrix(340, OPS, TARGETS);
    expect(tight.cut).toBe(true);
    expect(nameWidth(tight.tracks) + TARGETS.length * 28).toBeLessThanOrEqual(340);
    const many = Array.from({ length: 16 }, () => 'Ethos-U55');
    expect(layoutMatrix(440, OPS, many).width).toBe(140 + 16 * 28);
    expect(layoutMatrix(940, OPS, many).width).toBeLessThanOrEqual(940);
    expect(layoutMatrix(940, ['ADD'], TARGETS).cut).toBe(false);
    expect(layoutMatrix(400, OPS, []).tracks).toMatch(/^\d+px/);
  });
});
