import { NOTABLE_DB } from '../../worker/core/findings/runRule';
import type { LstmReport, PartCost } from '../../worker/core/report/report';
import { Bars } from '../charts/Bars';
import * as format from '../charts/format';
import { PART_NAME } from './signalNames';

export interface CostBarsProps {
  readonly lstm: LstmReport;
  readonly width: number;
}

/** What each part of one LSTM costs, most first; nothing where costs were not measured. */
export function CostBars({ lstm, width }: CostBarsProps) {
  return <ModelCostBars lstms={[lstm]} width={width} />;
}

export interface ModelCostBarsProps {
  /** Their parts are ranked together; each gain is measured at its own LSTM's output. */
  readonly lstms: readonly LstmReport[];
  readonly width: number;
  /** At most this many bars. Default: all of one LSTM, 10 of several. */
  readonly most?: number;
}

/** What the parts of all LSTMs cost, most first; nothing where costs were not measured. */
export function ModelCostBars({ lstms, width, most }: ModelCostBarsProps) {
  const measured = lstms.flatMap(({ name, costs }) => (costs && costs.length > 0 ? [{ name, costs }] : []));
  const several = measured.length > 1;
  const label = (name: string, { part }: PartCost): string => (several ? `${name} ${PART_NAME[part]}` : PART_NAME[part]);
  const rows = measured
    .flatMap(({ name, costs }) => costs.map((cost) => ({ label: label(name, cost), gainDb: cost.gainDb })))
    .sort((a, b) => b.gainDb - a.gainDb)
    .slice(0, most ?? (several ? 10 : undefined));
  const [first] = rows;
  if (!first) return null;
  const text = (gainDb: number): string => format.withUnit(format.gain(gainDb), 'dB');
  return (
    <Bars
      width={width}
      title={several ? 'What each part costs' : `What each part of ${measured[0]?.name} costs`}
      summary={`${first.label} gains most in float, ${text(first.gainDb)}`}
      labelWidth={several ? 150 : 112}
      rows={rows.map((row) => ({
        label: row.label,
        value: row.gainDb,
        text: text(row.gainDb),
        tone: row.gainDb >= NOTABLE_DB ? 'strong' : 'weak',
      }))}
    />
  );
}
