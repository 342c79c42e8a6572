import { renderToStaticMarkup } from 'preact-render-to-string';
import { describe, expect, test } from 'vitest';
import { GEMMLOWP_TABLES, LUT_TABLES } from '../../worker/core/quantization/activationTables';
import type { LayerReport, SignalReport } from '../../worker/core/report/report';
import { CellFigure } from '../../webview/figures/CellFigure';
import { CostBars, ModelCostBars } from '../../webview/figures/CostBars';
import { ErrorAlongGraph } from '../../webview/figures/ErrorAlongGraph';
import { FLAT_BEYOND } from '../../webview/figures/flatBeyond';
import { LayerProfile } from '../../webview/figures/LayerProfile';
import { LedgerTable } from '../../webview/figures/LedgerTable';
import { losslessRails, lostShare, plain, readSignal, toldAtRails } from '../../webview/figures/readings';
import { findSignal, layerLabel, layerOf, signalLabel, signalType } from '../../webview/figures/signalNames';
import { TaskBars } from '../../webview/figures/TaskBars';
import { lstmInfo, lstmLayer, reportOf, signalOf } from './reportFixture';

const text = (markup: string): string =>
  markup
    .replace(/<title>.*?<\/title>/g, '')
    .replace(/<[^>]+>/g, '|')
    .replaceAll('\u00a0', ' ')
    .replace(/\|+/g, '|');

const layer = lstmLayer(lstmInfo(1), 1);
const found = (name: SignalReport['signal'], of: LayerReport = layer): SignalReport => {
  const signal = findSignal(of, name);
  if (!signal) throw new Error(`no signal ${name}`);
  return signal;
};
/** The same signal with other figures, so that a sentence's numbers are known. */
const set = (name: SignalReport['signal'], change: Partial<SignalReport>): LayerReport => ({
  ...layer,
  signals: layer.signals.map((signal) => {
    if (signal.signal !== name) return signal;
    const changed = { ...signal, ...change };
    return { ...changed, lostAtRails: changed.rails && { low: changed.rails.low, high: changed.rails.high } };
  }),
});
const withCosts = (of: LayerReport, gains: Partial<Record<string, number>> | null): LayerReport => ({
  ...of,
  lstm: of.lstm && {
    ...of.lstm,
    costs: gains && Object.entries(gains).map(([part, gainDb]) => ({ part: part as 'o', gainDb: gainDb ?? 0 })),
  },
});
const sqnr = (sqnrDb: number) => ({ ...layer.accumulated!, sqnrDb, exact: false });
const reading = (of: LayerReport, name: SignalReport['signal']): string =>
  plain(readSignal(of, found(name, of))).replaceAll('\u00a0', ' ');

describe('readings', () => {
  const rails = { ...found('o_in').rails!, low: 620, high: 58980 };
  const loud = { ...set('o_in', { values: 217056, rails, share: 59600 / 217056 }) };
  const kept = { ...loud, signals: loud.signals.map((s) => (s.signal === 'o' ? { ...s, accumulated: sqnr(54.3) } : s)) };

  test('many values at the rails that cost nothing', () => {
    expect(reading(withCosts(kept, { o: 0.01 }), 'o_in')).toBe(
      '27.5 % at the rails, and it costs nothing: σ is flat beyond ±7.95, so o keeps 54.3 dB and gains 0.0 dB in float.',
    );
  });

  test('the same values where the gate does cost', () => {
    expect(reading(withCosts(kept, { o: 2.5 }), 'o_in')).toBe(
      '27.5 % at the rails: o gains 2.5 dB in float, all its causes together; after σ it has 54.3 dB.',
    );
    expect(reading(withCosts(kept, { o: 0.2 }), 'o_in')).toBe(
      '27.5 % at the rails, at little cost: o gains 0.2 dB in float; after σ it has 54.3 dB.',
    );
  });

  test('costs not measured: no claim about them', () => {
    expect(reading(withCosts(kept, null), 'o_in')).toBe('27.5 % at the rails: σ is flat beyond ±7.95, and o keeps 54.3 dB.');
  });

  test('a miscalibrated input: how far float goes, what the type holds', () => {
    const x = { ...found('x').rails!, lowReal: -3.71, highReal: 0.004, low: 0, high: 25486 };
    const ill = set('x', { values: 66600, rails: x, share: 0.383, floatMin: -3.21, floatMax: 3.08 });
    expect(reading(withCosts(ill, { x: 14.1 }), 'x')).toBe(
      '38.3 % at the rails. Float reaches 3.08, the type holds −3.71 to +0.00400. x gains 14.1 dB in float.',
    );
    expect(readSignal(ill, found('x', ill)).lost).toBe(true);
  });

  test('a cell range too small, and a clip that never acts', () => {
    const c = { ...found('c').rails!, low: 9, high: 5 };
    const small = set('c', { values: 217056, rails: c, share: 14 / 217056, floatMin: -4.69, floatMax: 3.9 });
    expect(reading(withCosts(small, { c: 0 }), 'c')).toBe(
      "14 values at the ±4 rails. Float reaches −4.69. c gains 0.0 dB in float. The model's clip ±10 lies outside and never acts.",
    );
  });

  test('values changed by the model’s own clip', () => {
    const clipped: LayerReport = {
      ...layer,
      lstm: {
        ...layer.lstm!,
        costs: null,
        ledger: [
          {
            cause: 'cell-clip',
            label: 'cell clip ±0.75',
            loss: true,
            absent: null,
            entries: [{ part: 'c', signal: 'c', count: 57, lost: 57, values: 648 }],
          },
        ],
      },
    };
    expect(reading(clipped, 'c')).toBe('8.8 % clipped at ±0.75. Float is clipped there as well.');
  });

  test('flat is not lost', () => {
    const flat = set('o', { values: 217056, flat: { low: 100, high: 60400 }, accumulated: sqnr(54.3) });
    const said = readSignal(flat, found('o', flat));
    expect(plain(said).replaceAll('\u00a0', ' ')).toBe(
      '27.9 % flat. At 0 or 1 σ has ended; that alone loses nothing. SQNR 54.3 dB.',
    );
    expect(said.lost).toBe(false);
  });

  test('nothing at the rails: is the range used', () => {
    const calm = set('o_in', {
      rails: { ...found('o_in').rails!, low: 0, high: 0 },
      share: 0,
      min: -3.11,
      max: 3.01,
      effectiveBits: { used: 14.6, bits: 16 },
    });
    const known = { ...calm, signals: calm.signals.map((s) => (s.signal === 'o' ? { ...s, accumulated: sqnr(47.1) } : s)) };
    expect(reading(known, 'o_in')).toBe(
      'Nothing at the rails. Range used −3.11 to +3.01, 14.6 of 16 bits; after σ o has 47.1 dB.',
    );
  });

  test('values at a rail that float keeps to are told, but not as lost', () => {
    const low = { ...found('x').rails!, lowReal: 0, low: 8290, high: 43 };
    const image = set('x', { values: 10000, rails: low, floatMin: 0, floatMax: 1 });
    const none = { ...found('x', image), lostAtRails: { low: 0, high: 0 } };
    expect(plain(readSignal(image, none))).toMatch(/^83\.3.% at the rails, beyond which float does not go\./);
    expect(toldAtRails(none)).toEqual({ count: 8333, lost: false });
    const some = { ...none, lostAtRails: { low: 0, high: 43 } };
    expect(readSignal(image, some).lost).toBe(true);
    expect(toldAtRails(some)).toEqual({ count: 43, lost: true });
  });

  test('an output that ends where float ends loses nothing', () => {
    const softmax = signalOf('out', null, { dtype: 'int8', scale: 1 / 256, zeroPoint: -128 }, [0, 0, 0.0001, 0.5, 0.9999]);
    expect(losslessRails(softmax)).toEqual({ low: true, high: true });
    expect(lostShare(softmax)).toBe(0);
    expect(plain(readSignal({ ...layer, lstm: null }, softmax))).toMatch(/at the rails, beyond which float does not go/);
    const clamped = signalOf('out', null, { dtype: 'int8', scale: 1 / 256, zeroPoint: -128 }, [0, 0.5, 3, 4]);
    expect(losslessRails(clamped)).toEqual({ low: true, high: false });
    expect(lostShare(clamped)).toBe(0.5);
  });

  test('a float model has ranges only', () => {
    const float = set('o_in', { histogram: { ...found('o_in').histogram, int8: null }, floatMin: -2.94, floatMax: 9.9 });
    expect(reading(float, 'o_in')).toBe('Float only. Values from −2.94 to +9.90.');
  });
});

test('where activations are flat is what the runtimes’ tables say', () => {
  for (const [tables, personas] of [[GEMMLOWP_TABLES, ['tflite', 'tflite-old']] as const, [LUT_TABLES, ['tflm']] as const]) {
    const flatFrom = (table: Int16Array): number => {
      let index = 65535;
      while (table[index - 1] === table[65535]) index--;
      return (index - 32768) / 4096;
    };
    for (const persona of personas) {
      expect(FLAT_BEYOND[persona]).toEqual({ sigmoid: flatFrom(tables.sigmoid()), tanh: flatFrom(tables.tanh(3)) });
    }
  }
});

describe('names', () => {
  test('signals', () => {
    expect((['o_in', 'g_in', 'i_x', 'f_xh', 'g_ln', 'o', 'g', 'c', 'tanh_c', 'h', 'out'] as const).map(signalLabel)).toEqual([
      'o before σ',
      'g before tanh',
      'i after W·x',
      'f after + R·h',
      'g after layer norm',
      'o after σ',
      'g after tanh',
      'cell c',
      'tanh(c)',
      'output h',
      'output',
    ]);
    expect([signalType(found('c')), signalType(found('o_in')), signalType(found('h'))]).toEqual([
      'int16 Q2.13',
      'int16 Q3.12',
      'int8, scale 0.0078400, zero point −1',
    ]);
  });

  test('layers: an input with the index of an LSTM is still an input', () => {
    const report = reportOf();
    expect(report.inputs.map((input) => layerLabel(report, input))).toEqual(['input']);
    expect(report.layers.map((one) => layerLabel(report, one))).toEqual(['lstm0', 'lstm1', '2 FULLY_CONNECTED']);
    expect(report.lstms.map((lstm) => layerOf(report, lstm)?.lstm?.name)).toEqual(['lstm0', 'lstm1']);
  });
});

describe('cell', () => {
  const info = lstmInfo(1);
  const svg = renderToStaticMarkup(<CellFigure lstm={info} layer={layer} width={786} selected="o_xh" onSelect={() => {}} />);
  const names = [...svg.matchAll(/aria-label="([^"]+)" aria-pressed="(true|false)"/g)].map(([, name, pressed]) => ({
    name: name?.replaceAll('\u00a0', ' '),
    pressed,
  }));

  test('is buttons with names, one of them pressed and one of them a tab stop', () => {
    expect(names.length).toBe(14);
    expect(names.filter(({ pressed }) => pressed === 'true').map(({ name }) => name)).toEqual([
      expect.stringMatching(/^gate o, before sigmoid, SQNR [\d.]+ dB, [\d.]+ % at a rail$/),
    ]);
    expect(
      names.some(({ name }) => /^gate g, after tanh, SQNR .* dB, .* flat, gain \+2\.5 dB, rank [23]$/.test(name ?? '')),
    ).toBe(true);
    expect(names.map(({ name }) => name)).toContain('weights, gain +2.8 dB, rank 1');
    expect(svg.match(/tabindex="0"/g)?.length).toBe(1);
  });

  test('without a handler it is a picture without buttons', () => {
    const picture = renderToStaticMarkup(<CellFigure lstm={info} layer={layer} width={786} />);
    expect(picture).toMatch(/^<svg role="img"/);
    expect(picture).not.toContain('role="button"');
  });

  test('a cell of every part says so, one without shows ghosts', () => {
    const all = { ...lstmInfo(0, { layerNorm: true, projection: true, peephole: true }) };
    const drawn = text(renderToStaticMarkup(<CellFigure lstm={all} layer={lstmLayer(all, 0)} width={812} />));
    expect(drawn).toContain('|peephole: c → i f o|');
    expect(drawn).toContain('|g norm|');
    expect(drawn).not.toContain('no proj.');
    expect(text(svg)).toContain('|no peephole|');
  });
});

describe('ledger', () => {
  const markup = renderToStaticMarkup(
    <LedgerTable lstm={layer.lstm!} selected={{ part: 'o', cause: 'after-recurrent' }} onSelect={() => {}} />,
  );

  test('is a table of causes and parts, with the figures of the report', () => {
    const rows = [...markup.matchAll(/<tr>(.*?)<\/tr>/gs)].map(([, row]) =>
      [...(row ?? '').matchAll(/<t[hd][^>]*>(.*?)<\/t[hd]>/gs)].map(([, cell]) =>
        (cell ?? '').replace(/<[^>]+>/g, '').replaceAll('\u00a0', ' '),
      ),
    );
    expect(rows[0]).toEqual(['lost at', 'W', 'x', 'i', 'f', 'g', 'o', 'c', 'h']);
    expect(rows.find(([cause]) => cause === 'not in this cell')?.[1]).toMatch(/^peephole, layer norm/);
    expect(rows.find(([cause]) => cause === 'cell clip ±10')).toEqual(['cell clip ±10', '', '', '', '', '', '', 'inert', '']);
    const { low, high } = found('o_xh').rails!;
    const recurrent = rows.find(([cause]) => cause === 'after + R·h, int16');
    expect(recurrent?.[6]).toBe(`${(((low + high) / found('o_xh').values) * 100).toFixed(1)} %`);
    expect(rows.at(-1)?.slice(1)).toEqual(['+2.8', '+2.5', '+0.1', '+0.1', '+2.5', '0.0', '0.0', '+0.4']);
  });

  test('cells are buttons only where they lead somewhere', () => {
    expect(markup).toContain('aria-label="after + R·h, int16, gate o: ');
    expect(renderToStaticMarkup(<LedgerTable lstm={layer.lstm!} />)).not.toContain('<button');
  });

  test('is one stop of the Tab key: the selected cell, else the first', () => {
    const stops = (table: string) => [...table.matchAll(/aria-label="([^"]*)" tabindex="0"/g)].map(([, name]) => name);
    expect(stops(markup)).toEqual([expect.stringMatching(/^after \+ R·h, int16, gate o: /)]);
    const fresh = renderToStaticMarkup(<LedgerTable lstm={layer.lstm!} onSelect={() => {}} />);
    expect(stops(fresh)).toEqual([expect.stringMatching(/^at the int8 rails, input x: /)]);
  });

  test('says once that real arithmetic has no integer rails', () => {
    const ledger = layer.lstm!.ledger.map((row) =>
      row.cause === 'flat' ? row : { ...row, absent: 'hybrid arithmetic', entries: [] },
    );
    const drawn = text(renderToStaticMarkup(<LedgerTable lstm={{ ...layer.lstm!, ledger, costs: null }} />));
    expect(drawn.match(/hybrid arithmetic/g)?.length).toBe(1);
    expect(drawn).toContain('|other causes|none: hybrid arithmetic has no integer rails|');
    expect(drawn).toContain('|σ, tanh flat|');
  });

  test('red is for losses only: the row of flat values has none', () => {
    const flat = /<tr><th[^>]*>σ, tanh flat<.*?<\/tr>/.exec(markup)?.[0] ?? '';
    expect(flat).toContain('color-mix');
    expect(flat).not.toContain('--gs-sat');
  });
});

test('costs are listed from most to least', () => {
  const drawn = text(renderToStaticMarkup(<CostBars lstm={layer.lstm!} width={500} />));
  expect(drawn.split('|').filter(Boolean).slice(0, 4)).toEqual(['weights', '+2.8 dB', 'input x', '+2.5 dB']);
  expect(renderToStaticMarkup(<CostBars lstm={{ ...layer.lstm!, costs: null }} width={500} />)).toBe('');
});

test('costs of several LSTMs are ranked together, with their names', () => {
  const ill = { ...layer.lstm!, name: 'lstm0', costs: [{ part: 'x' as const, gainDb: 14.1 }] };
  const drawn = text(renderToStaticMarkup(<ModelCostBars lstms={[ill, layer.lstm!]} width={500} most={3} />));
  expect(drawn).toBe('|lstm0 input x|+14.1 dB|lstm1 weights|+2.8 dB|lstm1 input x|+2.5 dB|');
});

test('task errors are a share and a count', () => {
  const { task } = reportOf();
  expect(text(renderToStaticMarkup(<TaskBars task={task!} quantizedPath="int8" width={430} />))).toBe(
    '|float|16.7 %, 102 of 609|int8|16.9 %, 103 of 609|',
  );
});

test('error along the graph keeps inputs, LSTMs and the output, in order', () => {
  const report = reportOf();
  const filler = Array.from({ length: 40 }, (_, k) => ({ ...report.layers[2]!, index: 10 + k, op: 'ADD' }));
  const long = { ...report, layers: [report.layers[0]!, ...filler, report.layers[1]!, report.layers[2]!] };
  const drawn = text(renderToStaticMarkup(<ErrorAlongGraph report={long} width={600} most={6} />));
  const labels = drawn.split('|').filter((part) => /^(input|lstm\d|\d+ [A-Z_]+)$/.test(part));
  expect(labels).toEqual(['input', 'lstm0', '10 ADD', '11 ADD', 'lstm1', '2 FULLY_CONNECTED']);
});

test('the profile names its worst layer', () => {
  const report = reportOf();
  const svg = renderToStaticMarkup(<LayerProfile report={report} width={800} height={190} />);
  const worst = [...report.layers].sort((a, b) => (a.accumulated?.sqnrDb ?? 0) - (b.accumulated?.sqnrDb ?? 0))[0]!;
  expect(svg).toContain(`aria-label="Error along the graph: lowest at ${layerLabel(report, worst)}, `);
});
