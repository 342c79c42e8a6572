import type { OperatorInfo } from '../../../worker/core/report/overview';
import { opId } from '../../derived';
import { MARK_NAME } from '../../figures/VerdictGlyph';
import { Button } from '../../ui/Button';
import { Panel } from '../../ui/Panel';
import { VerdictMark, verdictText } from './VerdictMark';
import { useInspector } from '../InspectorContext';
import { markOf, type TargetColumn } from './placements';
import { ReasonFacts, Reasons, reasonText } from './Reasons';

/** The verdict on one operator with its reasons. */
export function PlacementPanel({ column, op }: { readonly column: TargetColumn | null; readonly op: OperatorInfo | null }) {
  const inspector = useInspector();
  if (!column || !op)
    return (
      <Panel title="Reasons" testId="panel-reasons">
        <p class="dim">Choose a place in the table to see which rule decided, and what it saw.</p>
      </Panel>
    );
  const placement = column.byOp.get(opId(op));
  const mark = markOf(placement);
  const title = `Op ${op.index} ${op.op} on ${column.placement.label}`;
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
      {placement ? <Reasons placement={placement} /> : <p>{verdictText('unverified')}</p>}
      {column.placement.reasons.length > 0 ? (
        <>
          <h3>The model as a whole</h3>
          {column.placement.reasons.map((reason) => (
            <ReasonFacts key={reason.rule} reason={reason} />
          ))}
        </>
      ) : null}
      <div class="buttons">
        {placement && placement.reasons.length > 0 ? (
          <Button testId="copy-reason" onClick={() => void inspector.copy('Reason', reasonText(title, placement.reasons))}>
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
