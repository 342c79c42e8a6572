import type { FormerFix } from '../../../extension/protocol/fix';
import { Button } from '../../ui/Button';
import { Panel } from '../../ui/Panel';
import { useInspector } from '../InspectorContext';
import { plural } from '../text';

/** What was quantized before the window was loaded anew, to go on with. */
export function FormerPanel({ former, isBusy }: { readonly former: FormerFix; readonly isBusy: boolean }) {
  const inspector = useInspector();
  const { steps, step, calibration, at } = former;
  const ranges = calibration.source === 'none' ? 'without calibration' : `ranges from ${calibration.label}`;
  return (
    <Panel title="Before the window was loaded anew" detail={whenText(at)} testId="panel-former">
      <p>
        {plural(steps.length, 'step')}, last <strong>{steps[step]?.label}</strong>, {ranges}.
      </p>
      <p class="caption">Calibrates and quantizes again by the same recipe, and measures with the data chosen now.</p>
      <Button icon="history" disabled={isBusy} testId="restore-history" onClick={() => void inspector.fix.restore()}>
        Restore
      </Button>
    </Panel>
  );
}

const whenText = (at: number): string => new Date(at).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });
