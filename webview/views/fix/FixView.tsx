import { useRef } from 'preact/hooks';
import type { QuantizedState } from '../../../extension/protocol/fix';
import type { ModelOverview } from '../../../worker/core/report/overview';
import type { Report } from '../../../worker/core/report/report';
import type { AppState } from '../../state';
import { useFocusFallback } from '../../ui/useFocusFallback';
import { EffectPanel } from './EffectPanel';
import { FormerPanel } from './FormerPanel';
import { FixTable } from './FixTable';
import { HintsPanel } from './HintsPanel';
import { HistoryPanel } from './HistoryPanel';
import { NotesPanel } from './NotesPanel';
import { NothingToQuantize } from './NothingToQuantize';
import { QuantizePanel } from './QuantizePanel';
import { RowPanel } from './RowPanel';
import { WhatHappens } from './WhatHappens';

/** From a float model to a quantized one: how, what becomes of it, what can be changed, and what that gains. */
export function FixView({ state, overview }: { readonly state: AppState; readonly overview: ModelOverview }) {
  const fix = state.host?.fix;
  // Buttons that start something go, and those of a value with its step: reading goes on where it was.
  const { step, steps } = fix?.quantized ?? { step: 0, steps: [] };
  useFocusFallback(
    `${fix?.job.status} ${step} ${steps.length}`,
    '[data-testid="fix-cancel"], [data-testid="fix-grid"], [data-testid="quantize"]',
  );
  if (!fix || fix.source === null) return <NothingToQuantize overview={overview} />;
  const { quantized } = fix;
  if (quantized === null)
    return (
      <div class="fix before">
        <QuantizePanel state={state} fix={fix} />
        <div class="column">
          {fix.former === null ? null : <FormerPanel former={fix.former} isBusy={fix.job.status === 'running'} />}
          <WhatHappens fix={fix} isOnnx={overview.format === 'onnx'} />
        </div>
      </div>
    );
  return <Fixing state={state} quantized={quantized} />;
}

function Fixing({ state, quantized }: { readonly state: AppState; readonly quantized: QuantizedState }) {
  const report = quantized.shown ? (state.host?.report ?? null) : null;
  // While the next run is under way, what the last one measured stays, dimmed.
  const last = useRef<Report | null>(null);
  if (report !== null) last.current = report;
  const row = quantized.rows.find(({ id }) => id === state.view.fixRow) ?? quantized.rows[0] ?? null;
  const fix = state.host!.fix;
  return (
    <div class="fix">
      <EffectPanel state={state} quantized={quantized} />
      <div class="fix-columns">
        <div class="column fix-main">
          <FixTable quantized={quantized} report={last.current} isStale={report === null} selected={row?.id ?? null} />
          <HintsPanel state={state} quantized={quantized} report={last.current} />
        </div>
        <div class="column fix-side">
          {row === null ? null : (
            <RowPanel
              key={`${quantized.step} ${row.id} ${JSON.stringify(quantized.steps[quantized.step]?.recipe)}`}
              state={state}
              quantized={quantized}
              row={row}
              report={last.current}
            />
          )}
          <HistoryPanel quantized={quantized} isBusy={fix.job.status === 'running'} />
          <QuantizePanel state={state} fix={fix} />
          <NotesPanel quantized={quantized} />
        </div>
      </div>
    </div>
  );
}
