import type { Model } from '../model/model';
import { describeForLint } from './describeForLint';
import type { Finding, Severity } from './finding';
import type { FindingRule } from './findingRule';
import { accumulatorDepth } from './rules/accumulatorDepth';
import { biasMissing } from './rules/biasMissing';
import { biasScale } from './rules/biasScale';
import { cellClipInert } from './rules/cellClipInert';
import { cellRangeWasted } from './rules/cellRangeWasted';
import { cellScale } from './rules/cellScale';
import { dynamicTimeAxis } from './rules/dynamicTimeAxis';
import { gateScaleMissing } from './rules/gateScaleMissing';
import { hiddenParameters } from './rules/hiddenParameters';
import { hybridOnTflm } from './rules/hybridOnTflm';
import { intermediateShape } from './rules/intermediateShape';
import { layerNormCells } from './rules/layerNormCells';
import { lstmAsLoop } from './rules/lstmAsLoop';
import { lstmUnrolled } from './rules/lstmUnrolled';
import { missingIntermediates } from './rules/missingIntermediates';
import { negatedHiddenZeroPoint } from './rules/negatedHiddenZeroPoint';
import { perChannelLstm } from './rules/perChannelLstm';
import { projectionPeephole } from './rules/projectionPeephole';
import { quantizedDimension } from './rules/quantizedDimension';
import { stateParameters } from './rules/stateParameters';
import { zeroRepresentable } from './rules/zeroRepresentable';

/** Every static rule, the gravest first. */
export const FINDING_RULES: readonly FindingRule[] = [
  biasMissing,
  missingIntermediates,
  gateScaleMissing,
  cellScale,
  stateParameters,
  perChannelLstm,
  quantizedDimension,
  accumulatorDepth,
  hiddenParameters,
  biasScale,
  projectionPeephole,
  negatedHiddenZeroPoint,
  cellClipInert,
  cellRangeWasted,
  layerNormCells,
  intermediateShape,
  zeroRepresentable,
  lstmAsLoop,
  lstmUnrolled,
  hybridOnTflm,
  dynamicTimeAxis,
];

const ORDER: Readonly<Record<Severity, number>> = { error: 0, warning: 1, info: 2 };

/** All that can be said against a model's quantization without running it: errors first, then in file order. Weights are not read. */
export function lintModel(model: Model): Finding[] {
  const findings = model.graphs.flatMap((graph) => {
    const context = describeForLint(model, graph);
    return FINDING_RULES.flatMap((rule) =>
      rule.check(context).map((occurrence): Finding => ({
        rule: rule.rule,
        severity: occurrence.severity ?? rule.severity,
        title: rule.title,
        message: occurrence.message,
        fix: occurrence.fix === undefined ? rule.fix : occurrence.fix,
        source: rule.source,
        subgraph: graph.index,
        op: occurrence.op?.index ?? null,
        tensor: occurrence.tensor?.index ?? null,
      })),
    );
  });
  return sortFindings(findings);
}

/** Errors before warnings before notes; within them by place, else as they came. */
export function sortFindings(findings: readonly Finding[]): Finding[] {
  return [...findings].sort(
    (a, b) => ORDER[a.severity] - ORDER[b.severity] || a.subgraph - b.subgraph || (a.op ?? -1) - (b.op ?? -1),
  );
}
