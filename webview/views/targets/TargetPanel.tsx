import type { HandOver, Split, TargetEffects, TargetSummary } from '../../../worker/core/targets/effects/effects';
import { byteCount, count, percent } from '../../charts/format';
import { Panel } from '../../ui/Panel';
import { plural, shortName } from '../text';
import { ChangeOffer } from './ChangeOffer';
import { changesOf } from '../../figures/targetChanges';
import { opName, type TargetColumn } from './placements';

/** Hand-overs and changes told one by one; the rest as a number. */
const MOST = 6;
/** Room beside the bytes in the narrowest panel, in px. */
const NAME_WIDTH = 180;

/** One target in figures: what it takes of the model, what crosses, what changes to the model would help. */
export function TargetPanel({ column }: { readonly column: TargetColumn }) {
  const { label, version, source, summary, effects, notes = [], result, reasons } = column.placement;
  const changes = changesOf(column.placement);
  const isOther = column.marks[0] === 'other';
  return (
    <Panel title={label} detail={version} testId="panel-target">
      {result === 'rejected' && reasons[0] ? <p>{reasons[0].message}</p> : null}
      {summary === undefined || isOther ? null : <Figures summary={summary} effects={effects} rejected={result === 'rejected'} />}
      {effects === undefined || effects.handOvers.length === 0 ? null : <HandOvers handOvers={effects.handOvers} />}
      {changes.length === 0 ? null : (
        <>
          <h3>What would make it fit</h3>
          <ul class="changes">
            {changes.slice(0, MOST).map(({ fix, ops, rejects }) => (
              <li key={fix.text}>
                <span class={`caption ${rejects ? 'lost' : ''}`}>
                  {rejects ? 'refused without it' : ''}
                  {rejects && ops > 0 ? ', ' : ''}
                  {ops > 0 ? plural(ops, 'op') : ''}
                </span>
                <ChangeOffer fix={fix} testId="target-change" />
              </li>
            ))}
          </ul>
          {changes.length > MOST ? <p class="caption">{count(changes.length - MOST)} more, each at its ops.</p> : null}
        </>
      )}
      {notes.map((note) => (
        <p class="caption" key={note}>
          {note}
        </p>
      ))}
      <p class="caption name">{source}</p>
    </Panel>
  );
}

interface FiguresProps {
  readonly summary: TargetSummary;
  readonly effects: TargetEffects | undefined;
  readonly rejected: boolean;
}

function Figures({ summary, effects, rejected }: FiguresProps) {
  const { ops, macs, weightBytes, peakOnTarget, peakActivation, handOverBytes } = summary;
  const here = ops.native + ops.conditional;
  const elsewhere = ops.fallback + ops.rejected + ops.unverified;
  const { partitions = [], handOvers = [], conversions = [], unrolled = [] } = effects ?? {};
  const inserted = conversions.filter(({ index }) => index === null).length;
  return (
    <dl class="facts figures" data-testid="target-figures">
      {rejected ? null : (
        <>
          <dt>Ops</dt>
          <dd>
            {count(here)} here, {count(elsewhere)} elsewhere
          </dd>
          <dt>MACs</dt>
          <dd>{splitText(macs, count)}</dd>
          <dt>Weights</dt>
          <dd>{splitText(weightBytes, byteCount)}</dd>
          <dt>Peak memory</dt>
          <dd data-tip="The largest sum of values alive at one op; no scratch memory, nothing in place.">
            {byteCount(peakOnTarget.bytes)} of activations{peakOnTarget.op === null ? '' : `, at op ${peakOnTarget.op}`}
          </dd>
        </>
      )}
      <dt>Whole model</dt>
      <dd>
        {byteCount(peakActivation.bytes)} at its peak{peakActivation.op === null ? '' : `, at op ${peakActivation.op}`}
      </dd>
      {partitions.length === 0 ? null : (
        <>
          <dt>Partitions</dt>
          <dd>{count(partitions.length)}</dd>
          <dt>Hand-overs</dt>
          <dd>{handOvers.length === 0 ? 'none' : `${plural(handOvers.length, 'value')}, ${byteCount(handOverBytes)} a run`}</dd>
        </>
      )}
      {conversions.length === 0 ? null : (
        <>
          <dt>Conversions</dt>
          <dd>
            {count(inserted)} that it inserts, {count(conversions.length - inserted)} in the file
          </dd>
        </>
      )}
      {unrolled.map(({ subgraph, index, steps, operators }) => (
        <>
          <dt>Unrolled</dt>
          <dd data-tip="Commands grow with the steps">
            op {opName({ subgraph, index })} over {plural(steps, 'step')} into {plural(operators, 'op')}
          </dd>
        </>
      ))}
    </dl>
  );
}

function splitText({ onTarget, elsewhere }: Split, format: (value: number) => string): string {
  const total = onTarget + elsewhere;
  if (total === 0) return 'none';
  return `${format(onTarget)} here (${percent(onTarget / total)}), ${format(elsewhere)} elsewhere`;
}

function HandOvers({ handOvers }: { readonly handOvers: readonly HandOver[] }) {
  const largest = [...handOvers].sort((a, b) => b.bytes - a.bytes).slice(0, MOST);
  const side = (partition: number | null): string => (partition === null ? 'CPU' : `partition ${partition + 1}`);
  return (
    <>
      <h3>
        Hand-overs <span class="dim">largest first</span>
      </h3>
      <ul class="hand-overs">
        {largest.map(({ subgraph, tensor, name, bytes, from, to }) => (
          <li key={`${subgraph} ${tensor} ${to ?? ''}`}>
            <span class="name" data-tip={name}>
              {name === '' ? `tensor ${tensor}` : shortName(name, NAME_WIDTH)}
            </span>
            <span class="figure small">{byteCount(bytes)}</span>
            <span class="caption">
              {side(from)} to {side(to)}
            </span>
          </li>
        ))}
      </ul>
      {handOvers.length > MOST ? <p class="caption">{plural(handOvers.length - MOST, 'more value')}</p> : null}
    </>
  );
}
