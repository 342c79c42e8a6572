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
