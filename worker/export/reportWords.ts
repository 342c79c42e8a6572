import { switchQuirks } from '../core/compare/quirks';
import { switchedLabels } from '../core/compare/sideLabels';
import type { PersonaName } from '../core/lstm/persona';
import { cellInfos, isLstm, type CellInfo } from '../core/report/cellInfos';
import type { LayerReport, Report } from '../core/report/report';
import { toldOfLayer } from '../../webview/figures/readings';
import * as format from '../../webview/charts/format';

export const PERSONA_LABEL: Readonly<Record<PersonaName, string>> = {
  tflite: 'TFLite',
  'tflite-old': 'TFLite, older',
  tflm: 'TFLM',
};

/** `TFLite`; with what was switched: `TFLite, peephole quirk off`. */
export function arithmeticOf({ persona, quirks }: Pick<Report, 'persona' | 'quirks'>): string {
  return [PERSONA_LABEL[persona], ...switchedLabels(persona, switchQuirks(quirks ?? {}, persona))].join(', ');
}

/** `lstm.int8.tflite against lstm.float.tflite`. */
export function comparisonOf({ model, floatModel, quantizedPath }: Report): string {
  if (quantizedPath === null || floatModel === null) return model.fileName;
  return floatModel.source === 'file' && floatModel.fileName !== null
    ? `${model.fileName} against ${floatModel.fileName}`
    : `${model.fileName} against its own weights in float`;
}

/** `telephony.npz, 24 samples, 2,261 steps, TFLite persona, states reset`. */
export function coverageOf({
  data,
  samples,
  requestedSamples,
  complete,
  steps,
  persona,
  quirks,
  state,
  ...rest
}: Report): string {
  const many = complete ? plural(samples, 'sample') : `${format.count(samples)} of ${plural(requestedSamples, 'sample')}`;
  const label = data.synthetic ? `${data.label} (synthetic)` : data.label;
  const states = state === 'reset' ? 'states reset' : 'states carried over';
  // Without a recurrent layer the first axis is no time, and there are no states.
  const recurrent = cellInfos(rest).length > 0;
  return [
    label,
    many,
    ...(recurrent ? [plural(steps, 'step')] : []),
    quirks === undefined ? `${PERSONA_LABEL[persona]} persona` : `persona ${arithmeticOf({ persona, quirks })}`,
    ...(recurrent ? [states] : []),
  ].join(', ');
}

export function plural(value: number, singular: string): string {
  return `${format.count(value)} ${value === 1 ? singular : `${singular}s`}`;
}

/** SQNR of one kind of error, without unit. */
export function sqnrOf(error: LayerReport['local']): string {
  return error === null ? format.NOT_MEASURED : format.decibel(error.sqnrDb, error.exact);
}

export function saturationOf(layer: LayerReport): string {
  const { values } = layer.saturation;
  return values === 0 ? format.NOT_MEASURED : format.shareOrCount(toldOfLayer(layer).count, values);
}

/** `[1, time, 96]`; dynamic axes are named. */
export function shapeOf(shape: readonly number[]): string {
  return `[${shape.map((size) => (size < 0 ? '?' : size)).join(', ')}]`;
}

/** `120 → 96 → 48`: input, cells and, with a projection, outputs; of a GRU or a simple layer input and h. */
export function sizesOf(info: CellInfo): string {
  if (!isLstm(info)) return `${info.input} → ${info.hidden}`;
  return [info.input, info.cell, ...(info.projection ? [info.output] : [])].join(' → ');
}
