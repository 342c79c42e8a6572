import type { LogOverlay, OverlaidLog, OverlayKind } from '../../../worker/core/targetLogs/overlayLog';
import { count } from '../../charts/format';
import { Button } from '../../ui/Button';
import { Dropdown } from '../../ui/Dropdown';
import { Panel } from '../../ui/Panel';
import { useInspector } from '../InspectorContext';
import { plural } from '../text';
import { opName } from './placements';

/** Differences and figures told one by one; the matrix has all of them. */
const MOST = 12;

/** An imported log beside the prediction: how far they agree, and where not. */
export function LogPanel({ log, target }: { readonly log: OverlaidLog; readonly target: string | null }) {
  const inspector = useInspector();
  const overlay = log.overlays.find((one) => one.target === target) ?? log.overlays[0];
  if (!overlay) return null;
  const { agree, differ, open, refusal, unmatched } = overlay;
  return (
    <Panel
      title={log.fileName}
      detail={log.tool}
      testId="panel-log"
      end={
        <Button
          quiet
          icon="close"
          label="Remove the log"
          tip="Remove the log"
          testId="log-remove"
          onClick={() => void inspector.dropTargetLog()}
        />
      }
    >
      {log.overlays.length > 1 ? (
        <Dropdown
          label="Target that the log is of"
          prefix="Of"
          choices={log.overlays.map(({ target: value, label }) => ({ value, label }))}
          value={overlay.target}
          testId="log-target"
          onChange={(value) => {
            inspector.view({ target: value, placement: null });
          }}
        />
      ) : (
        <p class="caption">{overlay.label}</p>
      )}
      <p data-testid="log-summary">
        {count(agree)} as predicted, <span class={differ > 0 ? 'warn' : ''}>{count(differ)} not</span>, {count(open)} left open
      </p>
      {refusal ? (
        <p>
          The tool refused the model, {refusal.agrees ? 'as predicted' : 'which was not predicted'}: {refusal.message}
        </p>
      ) : null}
      {unmatched.length > 0 ? (
        <p class="warn">
          {plural(unmatched.length, 'entry', 'entries')} of the log {unmatched.length === 1 ? 'fits' : 'fit'} no op of this model
          ({unmatched[0]?.op}, line {count(unmatched[0]?.line ?? 0)}). Is it of another model?
        </p>
      ) : null}
      <Differences overlay={overlay} />
      {overlay.kinds.map((kind) => (
        <p key={kind.op} class={`caption ${kind.agrees === false ? 'warn' : ''}`}>
          {kindText(kind)}
        </p>
      ))}
      {overlay.total ? (
        <p class={`caption ${overlay.total.agrees === false ? 'warn' : ''}`}>
          The log counts {count(overlay.total.observed)} of {count(overlay.total.of)} ops on the accelerator; predicted:{' '}
          {count(overlay.total.predicted)}.
        </p>
      ) : null}
      {log.facts.length > 0 ? (
        <details>
          <summary>Figures of the log</summary>
          <dl class="facts">
            {log.facts.map(({ name, value }) => (
              <>
                <dt>{name}</dt>
                <dd class="figure small name">{value}</dd>
              </>
            ))}
          </dl>
        </details>
      ) : null}
    </Panel>
  );
}

const RAN = { accelerator: 'accelerator', cpu: 'CPU', removed: 'removed' } as const;

function Differences({ overlay }: { readonly overlay: LogOverlay }) {
  const inspector = useInspector();
  const rows = overlay.rows.filter(({ agrees }) => agrees === false);
  if (rows.length === 0) return null;
  return (
    <>
      <h3>
        Differences <span class="dim">predicted, then observed</span>
      </h3>
      <ul class="differences" data-testid="log-differences">
        {rows.slice(0, MOST).map((row) => (
          <li key={opName(row)}>
            <button
              type="button"
              data-tip={[row.reason ?? '', row.status ? `Log: ${row.status}` : ''].filter(Boolean).join('\n') || undefined}
              onClick={() => {
                const { subgraph, index } = row;
                inspector.view({ target: overlay.target, placement: { target: overlay.target, subgraph, index } });
              }}
            >
              <span class="figure dim">{opName(row)}</span>
              <span class="name">{row.op}</span>
              <span>
                {row.verdict}, {row.observed === null ? 'left open' : RAN[row.observed]}
              </span>
              <span class="caption">{row.line === null ? '' : `line ${count(row.line)}`}</span>
            </button>
          </li>
        ))}
      </ul>
      {rows.length > MOST ? (
        <Button
          onClick={() => {
            inspector.view({ verdicts: 'log', verdictsOn: overlay.target });
          }}
        >
          Show all {count(rows.length)}
        </Button>
      ) : null}
    </>
  );
}

function kindText({ op, inModel, inLog, predicted, observed }: OverlayKind): string {
  return `${op}: ${count(inModel)} in the model, ${count(inLog)} in the log; predicted ${count(predicted)} on the accelerator, observed ${count(observed)}.`;
}
