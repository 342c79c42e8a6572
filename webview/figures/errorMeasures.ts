import type { ErrorStats } from '../../worker/core/report/report';
import type { ErrorMeasure } from '../charts/errorMeasure';

/** A figure of an error; null where there is none, as the SQNR of what is exact. */
export function measureOf(error: ErrorStats | null, measure: ErrorMeasure): number | null {
  if (error === null) return null;
  switch (measure) {
    case 'sqnr':
      return error.sqnrDb;
    case 'rmse':
      return error.rmse;
    case 'max':
      return error.maxAbs;
    case 'cosine':
      return error.cosine;
    case 'mean':
      return error.meanError;
  }
}
