import type { LayerReport } from '../../worker/core/report/report';

/** Local SQNR under which a layer is a culprit: it adds error of its own. dB. */
export const CULPRIT_DB = 22;

export function isCulprit({ local }: Pick<LayerReport, 'local'>): boolean {
  const db = local?.sqnrDb ?? null;
  return db !== null && db < CULPRIT_DB;
}
