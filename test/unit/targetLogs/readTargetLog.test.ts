import { describe, expect, it } from 'vitest';
import { readTargetLog } from '../../../worker/core/targetLogs/readTargetLog';
import type { LogEntry, TargetLog } from '../../../worker/core/targetLogs/targetLog';
import { TargetLogError } from '../../../worker/core/targetLogs/targetLogError';
import * as logs from './logs';

const read = (text: string): TargetLog => readTargetLog(text, 'some.log');
const brief = ({ op, which, ran }: LogEntry) => [op, which.by === 'index' ? which.index : which.by === 'output' ? which.name : which.count, ran]; // prettier-ignore

describe('Logs of targets', () => {
  it('reads what edgetpu_compiler says of each kind', () => {
    const { kind, tool, targets, entries, facts } = read(logs.EDGE_TPU);
    expect([kind, tool, targets]).toEqual(['edge-tpu-compiler', 'Edge TPU Compiler 16.0.384591198', ['edge-tpu']]);
    expect(entries.map(brief)).toEqual([
      ['FULLY_CONNECTED', 2, 'accelerator'],
      ['FULLY_CONNECTED', 1, 'cpu'],
      ['LOGISTIC', 1, 'accelerator'],
      ['QUANTIZE', 1, 'cpu'],
    ]);
    expect(entries[1]).toMatchObject({ line: 24, status: 'More than one subgraph is not supported' });
    expect(facts).toContainEqual({ name: 'On-chip memory used for caching model parameters', value: '8.25KiB' });
  });

  it('reads a compiler that gave up', () => {
    const { refused, entries } = read('Edge TPU Compiler version 15.0.340273435\n\nInternal compiler error. Aborting!\n');
    expect([refused, entries]).toEqual(['Internal compiler error. Aborting!', []]);
    expect(read(logs.VELA_REFUSAL).refused).toBe("UNIDIRECTIONAL_SEQUENCE_LSTM 'y' Does not have valid TFLite Semantics.");
  });

  it("reads Vela's debug database of the C++ core, with figures", () => {
    const { kind, entries, targets } = read(logs.VELA_DATABASE);
    expect([kind, targets]).toEqual(['vela-database', ['ethos-u55', 'ethos-u65', 'ethos-u85']]);
    expect(entries.map(brief)).toEqual([
      ['FullyConnected', 0, 'accelerator'],
      ['Quantize', 1, 'cpu'],
      ['FullyConnected', 2, 'accelerator'],
      ['Sigmoid', 3, 'accelerator'],
      ['FullyConnected', 4, 'removed'],
    ]);
    expect(entries.map(({ figures }) => figures)).toEqual([{ cycles: 120, macs: 2048 }, {}, { cycles: 300, macs: 4096 }, {}, {}]);
  });

  it('reads that of the Python core, which does not say what stays on the CPU', () => {
    expect(read(logs.VELA_DATABASE_PYTHON).entries.map(brief)).toEqual([
      ['FullyConnected', 0, 'accelerator'],
      ['Quantize', 1, null],
    ]);
  });

  it('tells the subgraphs of a database apart', () => {
    const text = logs.VELA_DATABASE.replace('3,"FullyConnected",1,1,1,1,8,2', '3,"FullyConnected",1,1,1,1,8,0');
    const places = read(text).entries.map(({ which }) => (which.by === 'index' ? `${which.subgraph}/${which.index}` : ''));
    expect(places).toEqual(['0/0', '0/1', '1/0', '1/3', '1/4']);
  });

  it("reads Vela's table by layers, rows of one operator together", () => {
    const { entries } = read(logs.VELA_LAYERS);
    expect(entries.map(brief)).toEqual([
      ['FullyConnected', 'a', 'accelerator'],
      ['Quantize', 'b', 'cpu'],
      ['FullyConnected', 'c', 'accelerator'],
    ]);
    expect(entries[0]?.figures).toEqual({ cycles: 120, macs: 2048 });
  });

  it("reads Vela's summary and what it prints, with the accelerator", () => {
    const summary = read(logs.VELA_SUMMARY);
    expect(summary.targets).toEqual(['ethos-u85']);
    expect(summary.facts).toContainEqual({ name: 'SRAM used (KiB)', value: '3.5' });
    const printed = read(logs.VELA_CONSOLE);
    expect([printed.targets, printed.others]).toEqual([['ethos-u65'], 'accelerator']);
    expect(printed.entries.map(brief)).toEqual([['QUANTIZE', 'b', 'cpu']]);
    expect(printed.entries[0]?.status).toBe('Operation has tensor with unsupported DataType Float32 (a)');
    expect(read(logs.VELA_CONSOLE_PYTHON).entries.map(({ status }) => status)).toEqual([
      'Input(s), Output and Weight tensors must have quantization parameters: Op has tensors with missing quantization parameters: a',
      "Weight tensor must be 8-bit: Tensor 'w' is 16-bit",
    ]);
  });

  it('reads delegates and the profile of benchmark_model', () => {
    const { kind, targets, entries, others, taken, facts } = read(logs.BENCHMARK);
    expect([kind, targets, others, taken]).toEqual(['benchmark', ['xnnpack'], 'accelerator', { count: 3, of: 5 }]);
    expect(entries.map(brief)).toEqual([
      ['QUANTIZE', 1, 'cpu'],
      ['LOGISTIC', 3, 'cpu'],
    ]);
    expect(entries.map(({ figures }) => figures)).toEqual([{ milliseconds: 0.01 }, { milliseconds: 0.05 }]);
    expect(facts).toContainEqual({ name: 'TfLiteXNNPackDelegate', value: 'node 6, 0.12 ms' });
  });

  it('reads through logcat, and an older table', () => {
    const { targets, entries } = read(logs.BENCHMARK_LOGCAT);
    expect(targets).toEqual(['nnapi']);
    expect(entries.map((own) => [...brief(own), own.figures.milliseconds])).toEqual([['QUANTIZE', 1, 'cpu', 0.058]]);
  });

  it('reads why the GPU delegate left operators', () => {
    const { targets, entries, taken } = read(logs.GPU);
    expect([targets, taken]).toEqual([['gpu-delegate'], { count: 3, of: 5 }]);
    expect(entries.map(({ op, status }) => `${op}: ${status}`)).toEqual([
      'LOGISTIC: not supported by the GPU delegate: Operation is not supported.',
      'QUANTIZE: not supported by the GPU delegate: Max version supported: 2. Requested version 3.',
    ]);
  });

  it.each([
    [
      'completely',
      'Explicitly applied GPU delegate, and the model graph will be completely executed by the delegate.',
      'accelerator',
    ],
    ['not at all', 'Though NNAPI delegate is explicitly applied, the model graph will not be executed by the delegate.', 'cpu'],
  ])('reads that a delegate took the model %s', (_, line, others) => expect(read(line).others).toBe(others));

  it.each([
    ['of no known kind', 'hello', 'LOG_UNKNOWN', null, 'edgetpu_compiler'],
    ['without a table', 'Edge TPU Compiler version 16.0\n', 'LOG_WITHOUT_OPERATORS', null, 'Operator, Count, Status'],
    ['with a count that is none', logs.EDGE_TPU.replace('LOGISTIC                       1', 'LOGISTIC                       x'), 'LOG_NOT_A_NUMBER', 25, 'a whole number'], // prettier-ignore
    ['without a table of a database', logs.VELA_DATABASE.replace('"queue"', '"other"'), 'LOG_TABLE_MISSING', null, 'queue'],
    ['cut off inside a table', logs.VELA_DATABASE.slice(0, 200), 'LOG_TABLE_MISSING', null, 'source'],
    ['with a reference to nowhere', logs.VELA_DATABASE.replace('13,2,"Passthrough"', '13,99,"Passthrough"'), 'LOG_REFERENCE', 23, 'source'], // prettier-ignore
    ['without a column', logs.VELA_LAYERS.replace('Op Cycles', 'Cycles'), 'LOG_COLUMN_MISSING', 1, 'Op Cycles'],
    ['with text for a number', logs.VELA_LAYERS.replace(',300,75.0,', ',many,75.0,'), 'LOG_NOT_A_NUMBER', 5, 'a number'],
    ['with a row that is too long', logs.VELA_LAYERS.replace('"c"', 'c,d'), 'LOG_ROW_TOO_LONG', 5, '16 cells'],
    ['of time only', 'Inference timings in us: Init: 1, Inference (avg): 2\n', 'LOG_WITHOUT_OPERATORS', null, 'delegate'],
  ])('refuses a log %s: what, where, limit', (_, text, code, line, limit) => {
    const error = ((): unknown => {
      try {
        return read(text);
      } catch (thrown) {
        return thrown;
      }
    })();
    expect(error).toBeInstanceOf(TargetLogError);
    expect(error).toMatchObject({ code, line });
    expect((error as TargetLogError).limit).toContain(limit);
  });

  it('refuses a log that is too large', () => {
    expect(() => read(' '.repeat(2 ** 26 + 1))).toThrow(expect.objectContaining({ code: 'LOG_TOO_LARGE' }) as Error);
  });
});
