import { useLayoutEffect, useRef } from 'preact/hooks';
import type { Progress } from '../../../extension/protocol/messages';
import { count, decibel, withUnit } from '../../charts/format';
import { Icon } from '../../ui/Icon';
import { Panel } from '../../ui/Panel';
import { ProgressRing } from '../../ui/ProgressRing';
import { useVirtualRows } from '../../ui/useVirtualRows';
import { plural } from '../text';

const ROW = 26;

/** `8 of 24 samples done`. Several run at a time, so that no single one stands for the run. */
export function runningText({ done, total }: Progress): string {
  return total === 0 ? 'Reading data' : `${count(done)} of ${plural(total, 'sample')} done`;
}

/** Samples done so far with their error, the one that is running last. */
export function RunningPanel({ progress }: { readonly progress: Progress }) {
  const scroller = useRef<HTMLDivElement>(null);
  const { finished } = progress;
  const rows = useVirtualRows(finished.length + 1, ROW, scroller);
  // The running sample stays in sight, as the log of a build does.
  useLayoutEffect(() => {
    rows.scrollToIndex(finished.length);
  }, [finished.length]);
  return (
    <Panel title="Samples" detail={runningText(progress)} class="running-panel" testId="panel-running">
      <div class="samples" ref={scroller} role="list" aria-label="Samples">
        <div style={{ height: `${rows.totalSize}px` }}>
          {rows.items.map(({ index, start }) => {
            const sample = finished[index];
            return (
              <div class="sample" role="listitem" key={index} style={{ transform: `translateY(${start}px)` }}>
                {sample ? <Icon name="check" size={14} /> : <ProgressRing label="running" />}
                <span>{sample ? sample.name : progress.sample}</span>
                <span class="figure small dim">{sample ? plural(sample.steps, 'step') : ''}</span>
                <span class="figure small">{sample ? withUnit(decibel(sample.sqnrDb), 'dB') : ''}</span>
              </div>
            );
          })}
        </div>
      </div>
    </Panel>
  );
}
