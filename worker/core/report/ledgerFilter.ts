import type { ValueFilter } from './detail';
import type { LossCause } from './report';

/** Which values of its signal a cell of the ledger counts; null where the signal's values do not show it. */
export function ledgerFilter(cause: LossCause): ValueFilter | null {
  switch (cause) {
    case 'int8-rails':
    case 'after-input':
    case 'after-recurrent':
    case 'recurrent-alone':
    case 'after-peephole':
    case 'after-layer-norm':
    case 'cell-add':
    case 'hidden-rails':
      return { kind: 'rails', end: 'either' };
    case 'flat':
      return { kind: 'flat' };
    case 'cell-clip':
    case 'projection-clip':
      return { kind: 'clip' };
    case 'weight-rails':
    case 'layer-norm-overflow':
      return null;
  }
}
