import { isLstm } from './cellInfos';
import { hiddenLedger } from './hiddenLedger';
import type { LedgerSource } from './ledgerRows';
import { lstmLedger } from './lstmLedger';
import type { LedgerRow } from './report';

/** Where values are lost in a recurrent layer, by cause and part. */
export function lossLedger({ info, ...counted }: LedgerSource): LedgerRow[] {
  return isLstm(info) ? lstmLedger({ info, ...counted }) : hiddenLedger({ info, ...counted });
}
