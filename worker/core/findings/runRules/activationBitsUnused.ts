import type { LayerReport, SignalReport } from '../../report/report';
import { mergeRecipes, lstmRecipeOf, tensorRecipe } from '../recipeFragment';
import type { RunLstm, RunRule } from '../runRule';
import { listSome, real, tensorName } from '../wording';

const ENOUGH_BITS = 6;
/** With fewer values a span of codes says little. */
const ENOUGH_VALUES = 1000;
const ALSO_NAMED = 3;

/** Operators whose integer outputs have built-in parameters. */
const FIXED: ReadonlySet<string> = new Set(['SOFTMAX', 'LOGISTIC', 'TANH', 'L2_NORMALIZATION', 'LOG_SOFTMAX']);

export const activationBitsUnused: RunRule = {
  rule: 'activation-bits-unused',
  severity: 'info',
  title: 'Values use fewer than 6 of 8 bits',
  explanation:
    'A tensor gets its range from calibration. Where the data stay in a small part of it, most of the 256 codes are never used and the rest are coarser than need be: one outlier in calibration is enough.',
  fix: 'Calibrate with representative data, or quantize with a range from a percentile, if these data are representative.',
  reference: 'arXiv 2101.05453: ranges come from calibration; spans of codes of this run',
  onRandomData: 'silent',
  check: ({ inputs, layers }, lstms) => {
    const loose = [...inputs, ...layers].flatMap((layer) => looseSignals(layer, lstms)).sort((a, b) => a.used - b.used);
    const [worst, ...others] = loose;
    if (worst === undefined) return [];
    const also = listSome(
      others.map(({ name, used }) => `${name} ${real(used)}`),
      ALSO_NAMED,
    );
    const recipe = mergeRecipes(loose.flatMap((own) => own.recipe ?? []));
    const { layer } = worst;
    return [
      {
        message: `${worst.message}${others.length === 0 ? '' : ` Also ${also}.`}`,
        layer: layer.op === 'INPUT' ? null : layer,
        ...(layer.op === 'INPUT' ? { input: layer.index } : {}),
        subgraph: layer.subgraph,
        ...(recipe === null ? {} : { recipe }),
      },
    ];
  },
};

function looseSignals(layer: LayerReport, lstms: readonly RunLstm[]) {
  const lstm = lstms.find((own) => own.layer === layer);
  if (FIXED.has(layer.op)) return [];
  return layer.signals.flatMap((signal) => {
    const isHidden = signal.signal === 'm' && lstm?.info.projection === true;
    const isOutput = signal.signal === 'out' || signal.signal === 'h';
    const { effectiveBits, rails } = signal;
    if ((!isOutput && !isHidden) || rails === null || effectiveBits?.bits !== 8 || signal.values < ENOUGH_VALUES) return [];
    if (effectiveBits.used >= ENOUGH_BITS || effectiveBits.used === 0) return [];
    const own = lstm === undefined ? tensorName({ name: layer.name, index: layer.index }) : `${lstm.info.name} ${signal.signal}`;
    return [
      { layer, name: own, used: effectiveBits.used, message: describe(own, signal), recipe: remedy(layer, signal, isHidden) },
    ];
  });
}

function describe(name: string, { effectiveBits, rails, floatMin, floatMax }: SignalReport): string {
  const range = rails === null ? '' : `the range is ${real(rails.lowReal)} to ${real(rails.highReal)}, `;
  return `${name}: ${real(effectiveBits?.used ?? 0)} of 8 bits; ${range}float reaches ${real(floatMin)} to ${real(floatMax)}.`;
}

function remedy(layer: LayerReport, { floatMin, floatMax }: SignalReport, isHidden: boolean) {
  const range: readonly [number, number] = [Math.min(0, floatMin), Math.max(0, floatMax)];
  return isHidden ? lstmRecipeOf(layer, { hidden: { range } }) : tensorRecipe(layer.name, { range });
}
