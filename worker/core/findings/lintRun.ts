import type { Finding } from './finding';
import { sortFindings } from './lintModel';
import type { RunLstm, RunParts, RunRule } from './runRule';
import { cellBitsUnused } from './runRules/cellBitsUnused';
import { cellRangeTooSmall } from './runRules/cellRangeTooSmall';
import { gateSaturates } from './runRules/gateSaturates';
import { gateSaturatesWithoutCost } from './runRules/gateSaturatesWithoutCost';
import { hiddenAtRails } from './runRules/hiddenAtRails';
import { inputAtRails } from './runRules/inputAtRails';
import { layerNormOverflow } from './runRules/layerNormOverflow';
import { notFinite } from './runRules/notFinite';
import { outputAtRails } from './runRules/outputAtRails';

/** Every rule that needs a run, the gravest first. */
export const RUN_RULES: readonly RunRule[] = [
  notFinite,
  inputAtRails,
  outputAtRails,
  cellRangeTooSmall,
  hiddenAtRails,
  layerNormOverflow,
  gateSaturates,
  gateSaturatesWithoutCost,
  cellBitsUnused,
];

/** What a run shows of a model's quantization; empty when nothing quantized was run. Sorted like `lintModel`. */
export function lintRun(parts: RunParts): Finding[] {
  const lstms = parts.lstms.flatMap((info): RunLstm[] => {
    const layer = parts.layers.find(({ subgraph, index }) => subgraph === info.subgraph && index === info.op);
    if (layer === undefined || layer.lstm === null) return [];
    const costs = layer.lstm.costs;
    return [
      {
        info,
        layer,
        signal: (name) => layer.signals.find(({ signal }) => signal === name) ?? null,
        gainDb: (part) => costs?.find((cost) => cost.part === part)?.gainDb ?? null,
      },
    ];
  });
  const findings = RUN_RULES.flatMap((rule) =>
    rule.check(parts, lstms).map((occurrence): Finding => ({
      rule: rule.rule,
      severity: occurrence.severity ?? rule.severity,
      title: rule.title,
      message: occurrence.message,
      fix: occurrence.fix === undefined ? rule.fix : occurrence.fix,
      source: rule.source,
      subgraph: occurrence.subgraph,
      op: occurrence.layer?.index ?? null,
      tensor: null,
    })),
  );
  return sortFindings(findings);
}
