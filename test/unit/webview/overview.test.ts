import { describe, expect, it } from 'vitest';
import { chosenData } from '../../../webview/derived';
import { initialState } from '../../../webview/state';
import { arrangeOverview, type OverviewPanel } from '../../../webview/views/overview/arrangement';
import { lookFirst } from '../../../webview/views/overview/lookFirst';
import { modelSize, modelTitle, opCounts } from '../../../webview/views/overview/modelTitle';
import { largestSaturation, outputLayer } from '../../../webview/views/overview/results';
import { hexRows } from '../../../webview/views/states/hexRows';
import { formulaText, rangeText, shapeText, shortName } from '../../../webview/views/text';
import { reportOf } from '../../charts/reportFixture';
import { sampleOverview } from './overviewFixture';
import { openState } from './testHost';

describe('model', () => {
  it('is named by what it is', () => {
    expect(modelTitle(sampleOverview())).toEqual({ title: 'Integer LSTM', types: 'int8 weights, int16 cell' });
    expect(modelTitle(sampleOverview('digits-float.tflite'))).toEqual({ title: 'Float LSTM', types: 'not quantized' });
    expect(modelTitle(sampleOverview('digits-hybrid.tflite')).title).toBe('Hybrid LSTM');
    expect(modelTitle({ scheme: 'int8', lstms: [], bytesByType: [] }).title).toBe('Integer model');
    const unsigned = [{ label: 'uint8 weights', dtype: 'uint8' as const, bytes: 9 }];
    expect(modelTitle({ scheme: 'int8', lstms: [], bytesByType: unsigned }).types).toBe('uint8 weights and activations');
  });

  it('is measured and counted', () => {
    const overview = sampleOverview();
    expect(modelSize(overview)).toBe('3 ops, 56 tensors, dynamic axes');
    expect(opCounts(overview)).toBe('UNIDIRECTIONAL_SEQUENCE_LSTM ×2, FULLY_CONNECTED');
  });
});

describe('arrangeOverview', () => {
  const all = new Set<OverviewPanel>([
    'model',
    'tensors',
    'data',
    'lstms',
    'findings',
    'result',
    'lookFirst',
    'error',
    'samples',
  ]);

  it('has more columns in wider editors, each panel once', () => {
    expect([530, 700, 1080, 1900].map((width) => arrangeOverview(width, all).length)).toEqual([1, 2, 3, 4]);
    for (const width of [530, 700, 1080, 1900]) expect(arrangeOverview(width, all).flat().sort()).toEqual([...all].sort());
  });

  it('begins narrow ones with the result', () => {
    for (const width of [530, 1050]) expect(arrangeOverview(width, all)[0]?.[0]).toBe('result');
    // What the model is stands in the first column of the two, right below.
    expect(arrangeOverview(1050, all)[0]?.slice(0, 2)).toEqual(['result', 'model']);
  });

  it('leaves no column empty', () => {
    const float = new Set<OverviewPanel>(['model', 'tensors', 'data', 'findings', 'result']);
    for (const width of [530, 1050, 1400, 2400]) {
      const columns = arrangeOverview(width, float);
      expect(columns.every((panels) => panels.length > 0)).toBe(true);
      expect(columns.flat().sort()).toEqual([...float].sort());
    }
  });
});

describe('lookFirst', () => {
  it('names what costs most, at most three places', () => {
    const places = lookFirst(reportOf());
    expect(places.map(({ link }) => link)).toEqual(['lstm0 › W', 'lstm1 › W', 'lstm0 › x']);
    expect(places[0]).toMatchObject({ detail: '+2.8 dB if put back to float', signal: 'W', op: { subgraph: 0, index: 0 } });
  });

  it('puts a clipped input first, with its cost, and does not tell that cost twice', () => {
    const places = lookFirst(reportOf({ inputTooSmallBy: 3 }));
    expect(places[0]?.title).toBe('model input input');
    expect(places[0]?.detail).toMatch(/% of its values at the rails; \+2\.5 dB if put back to float$/);
    expect(places[0]).toMatchObject({ link: 'lstm0 › x', signal: 'x' });
    expect(places.filter(({ link }) => link === 'lstm0 › x').length).toBe(1);
  });
});

describe('results', () => {
  it('take the last compared layer for the output and the loudest signal that loses', () => {
    const report = reportOf({ inputTooSmallBy: 3 });
    expect(outputLayer(report)?.name).toBe('dense2/output');
    expect(largestSaturation(report)?.share).toBeGreaterThan(0.2);
    expect(outputLayer({ ...report, layers: [] })).toBe(null);
    expect(largestSaturation({ ...report, layers: [], inputs: [] })).toBe(null);
  });
});

describe('chosenData', () => {
  const host = openState(sampleOverview());
  const { view } = initialState(null);

  it('is what was chosen while it exists, else what was found, else synthetic', () => {
    expect(chosenData({ host, view: { ...view, dataId: 'synthetic' } })?.id).toBe('synthetic');
    expect(chosenData({ host, view: { ...view, dataId: 'gone' } })?.id).toBe('folder:inputs');
    expect(chosenData({ host: { ...host, data: host.data.slice(1) }, view })?.id).toBe('synthetic');
    expect(chosenData({ host: null, view })).toBe(null);
  });
});

describe('text', () => {
  it('spells formulas, ranges and shapes', () => {
    const quantization = { scales: [0.0293964], zeroPoints: [-11], axis: 0, range: [-3.44, 4.06] as const };
    expect(formulaText(quantization)).toBe('real = 0.029396 · (q + 11)');
    expect(formulaText({ ...quantization, zeroPoints: [22] })).toBe('real = 0.029396 · (q − 22)');
    expect(formulaText({ ...quantization, zeroPoints: [0] })).toBe('real = 0.029396 · q');
    expect(formulaText({ scales: [0.5, 0.25], zeroPoints: [0, 0], axis: 3, range: null })).toBe(
      '2 scales along axis 3, 0.25000 to 0.50000',
    );
    expect(rangeText(quantization)).toBe('range −3.44 to +4.06, zero is code −11');
    expect(shapeText([1, -1, 120], true)).toBe('[1, time, 120]');
    expect(shapeText([-1, 1024])).toBe('[?, 1024]');
  });

  it('keeps the end of a long name', () => {
    expect(shortName('lstm0/output', 200)).toBe('lstm0/output');
    const long = 'a/very/long/name/of/a/tensor/in/a/graph/BiasAdd';
    expect(shortName(long, 60)).toBe('…/BiasAdd');
    expect(shortName(long, 130)).toBe('…/a/graph/BiasAdd');
    expect(shortName(long, 1000)).toBe(long);
    expect(shortName('MatMul;cell/MatMul;cell/add', 200)).toBe('cell/MatMul');
    expect(shortName('averyveryverylongname', 20)).toBe('averyveryverylongname');
  });
});

describe('hexRows', () => {
  it('marks the four bytes at the error, also over the end of a row', () => {
    const rows = hexRows({ bytes: Array.from({ length: 40 }, (_, at) => at), bytesStart: 0x3390, byteOffset: 0x339e });
    expect(rows.map(({ address }) => address)).toEqual(['00003390', '000033A0', '000033B0']);
    const marked = rows.flatMap((row) => row.bytes.filter((byte) => byte.marked).map(({ text }) => text));
    expect(marked).toEqual(['0E', '0F', '10', '11']);
    expect(rows[2]?.bytes.length).toBe(8);
    expect(hexRows({ bytes: [], bytesStart: 0, byteOffset: null })).toEqual([]);
  });
});
