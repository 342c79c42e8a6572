import type { QuantizedState } from '../../../extension/protocol/fix';
import type { Effect } from '../../../worker/core/fix/effect';
import { Panel } from '../../ui/Panel';
import { useInspector } from '../InspectorContext';
import { plural } from '../text';
import { changeText, sqnrText, taskText } from './effects';

/** Every recipe so far with what it gained over the one before; a click goes back to it, or forward again. */
export function HistoryPanel({ quantized, isBusy }: { readonly quantized: QuantizedState; readonly isBusy: boolean }) {
  const inspector = useInspector();
  const { steps, step, file } = quantized;
  return (
    <Panel title="History" detail={<span>Z undo, Shift+Z redo</span>} flush testId="panel-history">
      <ol class="history">
        {file === null ? null : (
          <li class="history-file">
            <span class="history-label">The file as it is</span>
            <span class="figure small">{sqnrText(file)}</span>
          </li>
        )}
        {steps.map(({ label, effect }, place) => {
          const before = place === 0 ? file : (steps[place - 1]?.effect ?? null);
          return (
            <li key={place}>
              <button
                type="button"
                class={`history-step ${place > step ? 'undone' : ''}`}
                aria-current={place === step ? 'step' : undefined}
                disabled={isBusy}
                data-testid={`step-${place}`}
                onClick={() => {
                  if (place !== step) void inspector.fix.goTo(place);
                }}
              >
                <span class="history-label">{label}</span>
                <span class="figure small">{sqnrText(effect)}</span>
                <span class="caption history-change">
                  {[before === null || effect === null ? null : changeText(effect, before), taskText(effect), partText(effect)]
                    .filter((part) => part !== null)
                    .join(' · ')}
                </span>
              </button>
            </li>
          );
        })}
      </ol>
    </Panel>
  );
}

/** A run that was stopped, by hand or by the next change. */
function partText(effect: Effect | null): string | null {
  return effect === null || effect.complete ? null : `first ${plural(effect.samples, 'sample')} only`;
}
