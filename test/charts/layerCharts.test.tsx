import type { VNode } from 'preact';
import { renderToStaticMarkup } from 'preact-render-to-string';
import { describe, expect, test } from 'vitest';
import { ChannelHistogram } from '../../webview/charts/ChannelHistogram';
import { ChannelRanges } from '../../webview/charts/ChannelRanges';
import { detailAt, GraphPicture, type PictureBox } from '../../webview/charts/GraphPicture';
import { boxAt, boxesIn, lineAt, linesIn } from '../../webview/charts/graphSight';
import { GraphMinimap, minimapScale } from '../../webview/charts/GraphMinimap';
import { HeadroomBar } from '../../webview/charts/HeadroomBar';
import { headroomText, operandRows, operatorFormulaRows } from '../../webview/figures/operatorFormulaRows';
import type { OperatorFormula } from '../../worker/core/formula/operatorFormula';

const drawn = (chart: VNode): string => renderToStaticMarkup(chart).replaceAll('><', '>\n<');
const elements = (svg: string): number => svg.match(/<[a-z]/g)?.length ?? 0;

/** `count` boxes in a row, each joined to the next. */
function row(count: number) {
  const boxes = Float64Array.from({ length: 4 * count }, (_, k) => [Math.floor(k / 4) * 140, 20, 112, 36][k % 4] ?? 0);
  const lines = Array.from({ length: count - 1 }, (_, at) => Float64Array.of(at * 140 + 112, 38, (at + 1) * 140, 38));
  const looks = Array.from({ length: count }, (_, at): PictureBox => ({ shape: 'op', title: `${at} ADD`, note: '20.1 dB', tone: 'fg', level: at % 6, isFaded: false })); // prettier-ignore
  return { places: { boxes, lines }, looks };
}

const whole = { left: 0, top: 0, right: 1e6, bottom: 1e6 };

describe('graph', () => {
  test('boxes, group, port, marks', () => {
    const { places, looks } = row(3);
    const boxes: PictureBox[] = [
      { ...looks[0]!, shape: 'port', title: 'input', note: '', level: 0 },
      { ...looks[1]!, shape: 'group', title: 'lstm_4, unrolled', note: '19 ops, 9.3 dB', level: 5 },
      { ...looks[2]!, tone: 'sat', isFaded: true },
    ];
    const camera = { x: -10, y: 0, scale: 1 };
    expect(
      drawn(<GraphPicture width={500} height={120} title="Graph" summary="3 boxes" places={places} boxes={boxes} camera={camera} sight={whole} selected={[1]} found={[2]} hover={0} hoverLine={1} strongLines={[0]} />), // prettier-ignore
    ).toMatchSnapshot();
  });

  test('draws what is in sight, and from far a handful of paths', () => {
    const { places, looks } = row(2_000);
    const chart = (scale: number, right: number) => (
      <GraphPicture
        width={900}
        height={400}
        title="Graph"
        summary=""
        places={places}
        boxes={looks}
        camera={{ x: 0, y: 0, scale }}
        sight={{ ...whole, right }}
      />
    );
    const near = drawn(chart(1, 1_400));
    expect(near).toContain('10 ADD');
    expect(near).not.toContain('11 ADD');
    expect(elements(near)).toBeLessThan(100);
    expect(detailAt(0.1)).toBe('shapes');
    expect(elements(drawn(chart(0.1, 1e6)))).toBeLessThan(40);
  });

  test('finds boxes and lines by place', () => {
    const { places } = row(10);
    expect(boxesIn(places, { left: 113, top: 0, right: 300, bottom: 30 })).toEqual([1, 2]);
    expect(boxesIn(places, { left: 0, top: 57, right: 300, bottom: 90 })).toEqual([]);
    expect(linesIn(places, { left: 113, top: 0, right: 130, bottom: 90 })).toEqual([0]);
    expect(boxAt(places, 150, 30)).toBe(1);
    expect(boxAt(places, 130, 30)).toBe(null);
    expect(lineAt(places, 126, 41, 6)).toBe(0);
    expect(lineAt(places, 126, 50, 6)).toBe(null);
    // The innermost: what stands in another comes after it.
    expect(boxAt({ boxes: [0, 0, 100, 100, 10, 10, 20, 20], lines: [] }, 15, 15)).toBe(1);
  });

  test('minimap', () => {
    const { places } = row(4);
    const graph = { width: 560, height: 80 };
    expect(drawn(<GraphMinimap places={places} graph={graph} most={{ width: 190, height: 96 }} window={{ x: 100, y: 0, width: 280, height: 120 }} selected={[2]} />)).toMatchSnapshot(); // prettier-ignore
  });

  test('the minimap of one long row is high enough to point at', () => {
    const most = { width: 190, height: 96 };
    const chain = { width: 28_000, height: 36 };
    const { x, y } = minimapScale({ graph: chain, most });
    expect(x * chain.width).toBeCloseTo(190);
    expect(y * chain.height).toBeGreaterThanOrEqual(24);
  });
});

describe('weights and sums', () => {
  test('ranges of channels', () => {
    const channels = [
      { min: -1, max: 0.5, rails: [-1.27, 1.27] as const },
      { min: -0.1, max: 0.2, rails: [-1.27, 1.27] as const },
      { min: 0, max: 0, rails: null },
    ];
    expect(drawn(<ChannelRanges width={300} height={140} title="Ranges" summary="3 channels" channels={channels} first={64} selected={1} onSelect={() => undefined} />)).toMatchSnapshot(); // prettier-ignore
  });

  test('values of one channel', () => {
    expect(drawn(<ChannelHistogram width={300} height={110} title="Values" summary="" edges={[-2, -1, 0, 1, 2]} counts={[1, 0, 25, 4]} rails={[-2.5, 2.5]} />)).toMatchSnapshot(); // prettier-ignore
  });

  test('accumulator within and beyond its end', () => {
    const bar = (used: number) => drawn(<HeadroomBar width={310} height={32} title="Bits" summary="" bits={31} used={used} />);
    expect(bar(20)).toMatchSnapshot();
    expect(bar(20)).not.toContain('--gs-sat');
    expect(bar(34)).toContain('--gs-sat');
  });
});

describe('formula of an operator', () => {
  const formula: OperatorFormula = {
    operands: [
      { symbol: 'x', tensor: 0, dtype: 'int8', scale: 0.5, zeroPoint: -3, scales: 1 },
      { symbol: 'w', tensor: 1, dtype: 'int8', scale: 0.01, zeroPoint: 0, scales: 2 },
      { symbol: 'y', tensor: 2, dtype: 'int8', scale: 0.25, zeroPoint: 7, scales: 1 },
    ],
    arithmetic: {
      kind: 'products',
      depth: 64,
      channels: 2,
      rescales: [
        { factor: 0.02, multiplier: 1374389535, shift: -5 },
        { factor: 0.04, multiplier: 1374389535, shift: -4 },
      ],
      rounding: 'twice',
      accumulator: 'int32',
      bias: null,
    },
    limits: { low: 7, high: 127, activation: 'RELU' },
    source: 'TFLM',
  };

  test('spells out offsets, the multiplier of one channel, limits and scales', () => {
    expect(operatorFormulaRows(formula, 1).map(({ symbol, text, note }) => `${symbol} | ${text} | ${note}`)).toEqual([
      'y | (Σ w · (x + 3)) ⊗ M + 7 | int32, depth 64',
      'M, ch. 1 | 0.040000 | 1,374,389,535 ≫ 35',
      'rounded | twice | 2 channels',
      'clamp | 7 to 127 | RELU',
    ]);
    expect(operandRows(formula).map(({ text }) => text)).toEqual([
      'scale 2⁻¹, zero point −3',
      '2 scales, the first 0.010000',
      'scale 2⁻², zero point 7',
    ]);
  });

  test('tells what stays free, and what can wrap around', () => {
    const headroom = {
      accumulator: 'int32',
      depth: 4,
      channels: 2,
      largestInput: 131,
      bound: 2 ** 21,
      limit: 2 ** 31 - 1,
      freeBits: 10,
      worst: { channel: 1, sumOfWeights: 16_000, bias: -1_152 },
      reach: [-5, 9],
    } as const;
    expect(headroomText(headroom).finding).toBe('10.0 bits stay free: the largest sum can be 2,097,152, 0.10\u00a0% of int32.');
    expect(headroomText({ ...headroom, bound: 2 ** 32, freeBits: -1 }).finding).toBe(
      'A sum can be 2.00 times what int32 holds: it can wrap around.',
    );
    expect(headroomText(headroom).parts).toContain('Channel 1: Σ|w| 16,000 · 131 + |bias| 1,152. Whole sums reach −5 to 9.');
  });
});
