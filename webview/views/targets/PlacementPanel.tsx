import type { OperatorInfo } from '../../../worker/core/report/overview';
import type { OverlayRow } from '../../../worker/core/targetLogs/overlayLog';
import { count } from '../../charts/format';
import { MARK_NAME } from '../../figures/VerdictGlyph';
import { Button } from '../../ui/Button';
import { Panel } from '../../ui/Panel';
import { useInspector } from '../InspectorContext';
import { opName, type TargetColumn } from './placements';
import { ReasonList, Reasons } from './Reasons';
import { reasonText } from './reasonText';
import { VerdictMark, verdictText } from './VerdictMark';

interface Props {
  readonly column: TargetColumn;
  readonly op: OperatorInfo;
  readonly position: number;
}

/** The verdict on one operator with its reasons. */
export function PlacementPanel({ column, op, position }: Props) {
  const inspector = useInspector();
  const { placement: target } = column;
  const placement = target.ops[position];
  const mark = column.marks[position] ?? 'unverified';
  const title = `Op ${opName(op)} ${op.op} on ${target.label}`;
  // What is refused as a whole says at every operator why: once is enough.
  const own = placement?.reached === false && target.reasons.length > 0 ? [] : (placement?.reasons ?? []);
  const all = [...own, ...target.reasons];
  return (
    <Panel
      title={title}
      testId="panel-reasons"
      end={
        <span class={mark === 'rejected' ? 'lost' : ''}>
          <VerdictMark mark={mark} /> {MARK_NAME[mark]}
        </span>
      }
    >
      {placement === undefined ? <p>{verdictText('unverified')}</p> : null}
      {placement !== undefined && (own.length > 0 || target.reasons.length === 0) ? (
        <Reasons placement={{ verdict: placement.verdict, reasons: own }} />
      ) : null}
      {target.reasons.length > 0 ? (
        <>
          <h3>The model as a whole</h3>
          <ReasonList reasons={target.reasons} />
        </>
      ) : null}
      <Variants column={column} position={position} />
      <Observed row={column.log?.[position]} />
      <div class="buttons">
        {all.length > 0 ? (
          <Button testId="copy-reason" onClick={() => void inspector.copy('Reason', reasonText(title, all))}>
            Copy reason
          </Button>
        ) : null}
        <Button
          onClick={() => {
            inspector.openLayer(op);
          }}
        >
          Show in Layers
        </Button>
      </div>
    </Panel>
  );
}

/** The same target on other instruction sets. */
function Variants({ column, position }: Pick<Props, 'column' | 'position'>) {
  const variants = Object.values(column.placement.variants ?? {});
  if (variants.length === 0) return null;
  return (
    <>
      <h3>By instruction set</h3>
      <dl class="facts">
        {variants.map(({ label, verdicts }) => {
          const mark = verdicts[position] ?? 'unverified';
          return (
            <>
              <dt>{label}</dt>
              <dd>
                <VerdictMark mark={mark} /> {verdictText(mark)}
              </dd>
            </>
          );
        })}
      </dl>
    </>
  );
}

const RAN = { accelerator: 'on the accelerator', cpu: 'on the CPU', removed: 'removed by the tool' } as const;

/** What an imported log says of the same operator. */
function Observed({ row }: { readonly row: OverlayRow | undefined }) {
  if (row === undefined) return null;
  const { observed, status, line, agrees, figures } = row;
  const cost =
    figures.milliseconds === undefined
      ? figures.cycles === undefined
        ? null
        : `${count(figures.cycles)} cycles`
      : `${figures.milliseconds} ms`;
  return (
    <>
      <h3>
        In the log{' '}
        <span class={agrees === false ? 'warn' : 'dim'}>
          {agrees === null ? 'left open' : agrees ? 'as predicted' : 'not as predicted'}
        </span>
      </h3>
      <dl class="facts" data-testid="observed">
        <dt>Ran</dt>
        <dd>{observed === null ? 'the log does not say' : RAN[observed]}</dd>
        {status ? (
          <>
            <dt>Says</dt>
            <dd class="name">{status}</dd>
          </>
        ) : null}
        {cost === null ? null : (
          <>
            <dt>Cost</dt>
            <dd class="figure">{cost}</dd>
          </>
        )}
        {line === null ? null : (
          <>
            <dt>Line</dt>
            <dd class="figure">{count(line)}</dd>
          </>
        )}
      </dl>
    </>
  );
}
