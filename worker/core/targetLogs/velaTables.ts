import { readTable } from './logText';
import type { LogEntry, LogFact, Ran, LogContent } from './targetLog';
import { velaTargets } from './velaTargets';

const CPP = 'Original Operator';
const PYTHON = 'TFLite_operator';

/** `NAME_per-layer.csv`, or the table that `--verbose-performance` prints, saved as such: one row for each operator that it made. */
export function isVelaLayers(text: string): boolean {
  return text.startsWith(`${CPP},`) || text.startsWith(`${PYTHON},`);
}

/** The Python core lists what runs on the NPU only, the C++ core also what it leaves, with its target. */
export function readVelaLayers(text: string): LogContent {
  const isCpp = text.startsWith(CPP);
  const kind = isCpp ? CPP : PYTHON;
  const { rows } = readTable(text, 1, [kind, 'Op Cycles', 'MAC Count', 'Name', ...(isCpp ? ['Target'] : [])]);
  const byPlace = new Map<string, LogEntry>();
  for (const row of rows) {
    const [op, name] = [row.text(kind), row.text('Name')];
    const ran: Ran = row.text('Target') === 'CPU' ? 'cpu' : 'accelerator';
    // Rows of tensors without a name cannot be told apart.
    const place = name === '' ? `line ${row.line}` : `${op}\n${name}`;
    const before = byPlace.get(place);
    byPlace.set(place, {
      line: before?.line ?? row.line,
      op,
      which: { by: 'output', name },
      ran: before?.ran === 'cpu' ? 'cpu' : ran,
      status: isCpp ? `target ${row.text('Target')}` : 'in the NPU subgraph',
      figures: {
        cycles: (before?.figures.cycles ?? 0) + row.number('Op Cycles'),
        macs: (before?.figures.macs ?? 0) + row.number('MAC Count'),
      },
    });
  }
  return {
    kind: 'vela-layers',
    tool: `Vela per-layer estimate (${isCpp ? 'C++' : 'Python'} core)`,
    targets: velaTargets(null),
    entries: [...byPlace.values()],
    others: null,
    taken: null,
    refused: null,
    facts: [],
  };
}

const SUMMARY: readonly (readonly [column: string, name: string])[] = [
  ['network', 'network'],
  ['system_config', 'system configuration'],
  ['memory_mode', 'memory mode'],
  ['inference_time', 'inference time (s)'],
  ['sram_memory_used', 'SRAM used (KiB)'],
  ['dram_memory_used', 'DRAM used (KiB)'],
  ['on_chip_flash_memory_used', 'on-chip flash used (KiB)'],
  ['off_chip_flash_memory_used', 'off-chip flash used (KiB)'],
  ['total_original_weights', 'weights before compression (bytes)'],
  ['total_npu_encoded_weights', 'weights after compression (bytes)'],
  ['nn_macs', 'MACs'],
  ['cycles_total', 'cycles'],
];

/** `NAME_summary_CONFIG.csv`: one row of figures for the network. */
export function isVelaSummary(text: string): boolean {
  return text.startsWith('experiment,network,accelerator_configuration,');
}

export function readVelaSummary(text: string): LogContent {
  const { rows } = readTable(text, 1, ['accelerator_configuration']);
  const accelerator = rows[0]?.text('accelerator_configuration') ?? '';
  const facts = rows
    .slice(0, 1)
    .flatMap((row) =>
      SUMMARY.flatMap(([column, name]): LogFact[] => (row.text(column) === '' ? [] : [{ name, value: row.text(column) }])),
    );
  return {
    kind: 'vela-summary',
    tool: `Vela summary, ${accelerator}`,
    targets: velaTargets(accelerator),
    entries: [],
    others: null,
    taken: null,
    refused: null,
    facts,
  };
}
