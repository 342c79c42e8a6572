import { describe, expect, it } from 'vitest';
import type { Model } from '../../../worker/core/model/model';
import { overlayLog, type LogOverlay } from '../../../worker/core/targetLogs/overlayLog';
import { readTargetLog } from '../../../worker/core/targetLogs/readTargetLog';
import type { TargetPlacement, Verdict } from '../../../worker/core/targets/verdict';
import { affine, graphOf, modelOf, tensor } from '../findings/models';
import * as logs from './logs';

const NAMES = ['FULLY_CONNECTED', 'QUANTIZE', 'FULLY_CONNECTED', 'LOGISTIC', 'FULLY_CONNECTED'];

/** Five operators in a row that write a, b, c, d and e. */
function chain(names: readonly string[] = NAMES): Model {
  const tensors = [...'xabcde'].map((name) => tensor(name, 'int8', [1, 8], affine(1)));
  return modelOf(graphOf(names.map((name, at) => ({ name, inputs: [tensors[at] ?? null], outputs: [tensors[at + 1]!] }))));
}

function placed(verdicts: readonly Verdict[], names: readonly string[] = NAMES): TargetPlacement {
  const ops = verdicts.map((verdict, index) => ({
    subgraph: 0,
    index,
    op: names[index] ?? '',
    verdict,
    reached: true,
    reasons: verdict === 'fallback' ? [{ rule: 'a rule', seen: 'a value', message: '', source: '' }] : [],
  }));
  const result = verdicts.includes('rejected') ? 'rejected' : 'runs';
  return { label: 'A target', version: '1', source: '', result, reasons: [], ops };
}

const overlay = (text: string, verdicts: readonly Verdict[], target = 'ethos-u55'): LogOverlay =>
  overlayLog(chain(), target, placed(verdicts), readTargetLog(text, 'a.log'));
const observed = ({ rows }: LogOverlay) => rows.map((row) => row.observed);

const RIGHT = ['native', 'fallback', 'native', 'native', 'native'] as const;

describe('Log over prediction', () => {
  it('marks what agrees, what differs and what is left open', () => {
    const right = overlay(logs.VELA_DATABASE, RIGHT);
    expect(observed(right)).toEqual(['accelerator', 'cpu', 'accelerator', 'accelerator', 'removed']);
    expect([right.agree, right.differ, right.open]).toEqual([4, 0, 1]);
    const wrong = overlay(logs.VELA_DATABASE, ['fallback', 'conditional', 'unverified', 'native', 'native']);
    expect(wrong.rows.map(({ agrees }) => agrees)).toEqual([false, false, null, true, null]);
    expect(wrong.rows[0]).toMatchObject({ reason: 'a rule (seen: a value)', status: 'has commands', line: 32 });
    expect(wrong.rows[0]?.figures).toEqual({ cycles: 120, macs: 2048 });
  });

  it('finds operators by what they write, and knows where the others ran', () => {
    const layers = overlay(logs.VELA_LAYERS, RIGHT);
    expect(observed(layers)).toEqual(['accelerator', 'cpu', 'accelerator', null, null]);
    const printed = overlay(logs.VELA_CONSOLE, RIGHT, 'ethos-u65');
    expect(observed(printed)).toEqual(['accelerator', 'cpu', 'accelerator', 'accelerator', 'accelerator']);
    expect([printed.agree, printed.differ]).toEqual([5, 0]);
  });

  it('gives the rows of an operator that was taken apart to it', () => {
    const text = logs.VELA_LAYERS.replaceAll('FullyConnected,', 'Logistic,').replace(',a\n', ',gate1\n').replace('"c"', 'gate2');
    const { rows, unmatched } = overlay(text, RIGHT);
    expect(rows[3]).toMatchObject({ op: 'LOGISTIC', observed: 'accelerator', figures: { cycles: 420, macs: 6144 } });
    expect(unmatched.length).toBe(0);
  });

  it('compares counts where a log only counts', () => {
    const { kinds, rows, agree, differ } = overlay(
      logs.EDGE_TPU,
      ['native', 'fallback', 'native', 'native', 'native'],
      'edge-tpu',
    );
    expect(kinds).toMatchObject([{ op: 'FULLY_CONNECTED', inModel: 3, inLog: 3, predicted: 3, observed: 2, agrees: false }]);
    expect(rows.map((row) => row.agrees)).toEqual([null, true, null, true, null]);
    expect([agree, differ]).toEqual([2, 1]);
    const right = overlay(logs.EDGE_TPU, ['native', 'fallback', 'native', 'native', 'fallback'], 'edge-tpu');
    expect([right.kinds[0]?.agrees, right.differ]).toEqual([true, 0]);
  });

  it('takes operators that a profile does not list for those of the delegate', () => {
    const { rows, differ, total } = overlay(logs.BENCHMARK, ['native', 'fallback', 'native', 'fallback', 'native'], 'xnnpack');
    expect(rows.map((row) => row.observed)).toEqual(['accelerator', 'cpu', 'accelerator', 'cpu', 'accelerator']);
    expect([differ, total]).toEqual([0, null]);
  });

  it('compares totals where nothing else is said', () => {
    const verdicts = ['native', 'fallback', 'native', 'fallback', 'native'] as const;
    expect(overlay(logs.GPU, verdicts, 'gpu-delegate').total).toEqual({ predicted: 3, observed: 3, of: 5, agrees: true });
    expect(overlay(logs.GPU, RIGHT, 'gpu-delegate')).toMatchObject({ differ: 1, total: { predicted: 4, agrees: false } });
    expect(overlay(logs.GPU, RIGHT, 'gpu-delegate').rows[3]?.status).toContain('not supported by the GPU delegate');
  });

  it('says whether a refusal was foreseen', () => {
    expect(overlay(logs.VELA_REFUSAL, RIGHT).refusal).toMatchObject({ agrees: false });
    expect(overlay(logs.VELA_REFUSAL, ['rejected', 'rejected', 'rejected', 'rejected', 'rejected'])).toMatchObject({
      refusal: { agrees: true },
      differ: 0,
    });
  });

  it('names what fits no operator: a log of another model', () => {
    const names = ['ADD', 'ADD', 'ADD', 'ADD', 'ADD'];
    const other = (text: string) =>
      overlayLog(chain(names), 'xnnpack', placed(RIGHT, names), readTargetLog(text, 'a.log')).unmatched.map(({ op }) => op);
    expect(other(logs.EDGE_TPU)).toEqual(['FULLY_CONNECTED', 'FULLY_CONNECTED', 'LOGISTIC', 'QUANTIZE']);
    expect(other(logs.BENCHMARK)).toEqual(['QUANTIZE', 'LOGISTIC']);
  });

  it('counts what runs natively in an interpreter as on the CPU', () => {
    const text = 'Though NNAPI delegate is explicitly applied, the model graph will not be executed by the delegate.';
    expect(overlay(text, RIGHT, 'tflite-cpu')).toMatchObject({ agree: 5, differ: 0 });
    expect(overlay(text, RIGHT, 'nnapi')).toMatchObject({ agree: 1, differ: 4 });
  });
});
