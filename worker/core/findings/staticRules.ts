import type { FindingRule } from './findingRule';
import { accumulatorDepth } from './rules/accumulatorDepth';
import { biasMissing } from './rules/biasMissing';
import { biasNearOverflow } from './rules/biasNearOverflow';
import { biasScale } from './rules/biasScale';
import { calibratedCarried } from './rules/calibratedCarried';
import { cellClipInert } from './rules/cellClipInert';
import { cellClipZero } from './rules/cellClipZero';
import { cellRangeWasted } from './rules/cellRangeWasted';
import { cellScale } from './rules/cellScale';
import { cellType } from './rules/cellType';
import { constantRange } from './rules/constantRange';
import { deadOperators } from './rules/deadOperators';
import { dynamicTimeAxis } from './rules/dynamicTimeAxis';
import { fakeQuantLeft } from './rules/fakeQuantLeft';
import { fixedOutput } from './rules/fixedOutput';
import { floatBias } from './rules/floatBias';
import { floatBoundary } from './rules/floatBoundary';
import { floatIsland } from './rules/floatIsland';
import { frontEndOutside } from './rules/frontEndOutside';
import { gateScaleMissing } from './rules/gateScaleMissing';
import { gruDecomposed } from './rules/gruDecomposed';
import { hiddenParameters } from './rules/hiddenParameters';
import { hybridOnTflm } from './rules/hybridOnTflm';
import { int16ZeroPoint } from './rules/int16ZeroPoint';
import { intermediateShape } from './rules/intermediateShape';
import { layerNormCanOverflow } from './rules/layerNormCanOverflow';
import { layerNormCells } from './rules/layerNormCells';
import { lstm16x8 } from './rules/lstm16x8';
import { lstmActivation } from './rules/lstmActivation';
import { lstmAsLoop } from './rules/lstmAsLoop';
import { lstmLeftFloat } from './rules/lstmLeftFloat';
import { lstmOperandCount } from './rules/lstmOperandCount';
import { lstmUnrolled } from './rules/lstmUnrolled';
import { missingIntermediates } from './rules/missingIntermediates';
import { negatedHiddenZeroPoint } from './rules/negatedHiddenZeroPoint';
import { oneSidedRange } from './rules/oneSidedRange';
import { operatorVersion } from './rules/operatorVersion';
import { passThrough } from './rules/passThrough';
import { peepholeOverrun } from './rules/peepholeOverrun';
import { perChannelElsewhere } from './rules/perChannelElsewhere';
import { perChannelLstm } from './rules/perChannelLstm';
import { projectionClipZeroPoint } from './rules/projectionClipZeroPoint';
import { projectionPeephole } from './rules/projectionPeephole';
import { quantizePingPong } from './rules/quantizePingPong';
import { quantizedDimension } from './rules/quantizedDimension';
import { rescaleVanishes } from './rules/rescaleVanishes';
import { scaleMissing } from './rules/scaleMissing';
import { scaleUnusable } from './rules/scaleUnusable';
import { stateKept } from './rules/stateKept';
import { stateNotVariable } from './rules/stateNotVariable';
import { stateParameters } from './rules/stateParameters';
import { stateResetOnCmsisNn } from './rules/stateResetOnCmsisNn';
import { takenForGranted } from './rules/takenForGranted';
import { typeMix } from './rules/typeMix';
import { uint8Scheme } from './rules/uint8Scheme';
import { unusedBuffers } from './rules/unusedBuffers';
import { unusedTensors } from './rules/unusedTensors';
import { weightBitsUnused } from './rules/weightBitsUnused';
import { weightRowsUneven } from './rules/weightRowsUneven';
import { weightZeroPoint } from './rules/weightZeroPoint';
import { weightsAtMinus128 } from './rules/weightsAtMinus128';
import { zeroPointType } from './rules/zeroPointType';
import { zeroRepresentable } from './rules/zeroRepresentable';

/** Every static rule, the gravest first. */
export const FINDING_RULES: readonly FindingRule[] = [
  biasMissing,
  missingIntermediates,
  gateScaleMissing,
  stateNotVariable,
  cellType,
  cellScale,
  stateParameters,
  scaleUnusable,
  scaleMissing,
  zeroPointType,
  perChannelLstm,
  perChannelElsewhere,
  quantizedDimension,
  weightZeroPoint,
  int16ZeroPoint,
  floatBias,
  typeMix,
  fixedOutput,
  passThrough,
  rescaleVanishes,
  accumulatorDepth,
  peepholeOverrun,
  cellClipZero,
  hiddenParameters,
  biasScale,
  biasNearOverflow,
  projectionPeephole,
  projectionClipZeroPoint,
  negatedHiddenZeroPoint,
  lstmActivation,
  lstmLeftFloat,
  lstm16x8,
  lstmOperandCount,
  cellClipInert,
  cellRangeWasted,
  calibratedCarried,
  oneSidedRange,
  constantRange,
  layerNormCells,
  layerNormCanOverflow,
  intermediateShape,
  zeroRepresentable,
  weightsAtMinus128,
  weightBitsUnused,
  weightRowsUneven,
  floatIsland,
  quantizePingPong,
  fakeQuantLeft,
  deadOperators,
  lstmAsLoop,
  lstmUnrolled,
  gruDecomposed,
  hybridOnTflm,
  stateResetOnCmsisNn,
  stateKept,
  frontEndOutside,
  dynamicTimeAxis,
  takenForGranted,
  uint8Scheme,
  floatBoundary,
  operatorVersion,
  unusedTensors,
  unusedBuffers,
];
