import type { LstmReport } from '../../worker/core/report/report';
import { Bars } from '../charts/Bars';
import * as format from '../charts/format';
import { PART_NAME } from './signalNames';

export interface CostBarsProps {
  readonly lstm: LstmReport;
  readonly width: number;
}

/** What each part costs, most first; nothing where costs were not measured. */
export function CostBars({ lstm, width }: CostBarsProps) {
  if (!lstm.costs || lstm.costs.length === 0) return null;
  const costs = [...lstm.costs].sort((a, b) => b.gainDb - a.gainDb);
  const [most] = costs;
  return (
    <Bars
      width={width}
      title={`What each part of ${lstm.name} costs`}
      summary={most ? `${PART_NAME[most.part]} gains most in float, ${format.withUnit(format.gain(most.gainDb), 'dB')}` : ''}
      rows={costs.map(({ part, gainDb }) => ({
        label: PART_NAME[part],
        value: gainDb,
        text: format.withUnit(format.gain(gainDb), 'dB'),
        tone: gainDb > 0.3 ? 'strong' : 'weak',
      }))}
    />
  );
}
