import type { OperatorPlacement, Reason } from '../../../worker/core/targets/verdict';
import { ChangeOffer } from './ChangeOffer';

/** Why a target decides as it does, in its own terms, and the smallest change that would make it decide otherwise. */
export function Reasons({ placement }: { readonly placement: Pick<OperatorPlacement, 'verdict' | 'reasons'> }) {
  if (placement.reasons.length === 0)
    return <p>{placement.verdict === 'unverified' ? 'No source says.' : 'Runs natively. No rule speaks against it.'}</p>;
  return <ReasonList reasons={placement.reasons} />;
}

/** Reasons one after the other; a change that several of them ask for is offered once. */
export function ReasonList({ reasons }: { readonly reasons: readonly Reason[] }) {
  const fixes = new Map(reasons.flatMap(({ fix }) => (fix ? [[fix.text, fix] as const] : [])));
  return (
    <>
      {reasons.map((reason) => (
        <ReasonFacts key={`${reason.rule} ${reason.seen}`} reason={reason} />
      ))}
      {fixes.size === 0 ? null : <h3>What would make it fit</h3>}
      {[...fixes.values()].map((fix) => (
        <ChangeOffer key={fix.text} fix={fix} testId="change" />
      ))}
    </>
  );
}

function ReasonFacts({ reason }: { readonly reason: Reason }) {
  return (
    <div class="reason" data-testid="reason">
      <p>{reason.message}</p>
      <dl class="facts">
        <dt>Rule</dt>
        <dd>{reason.rule}</dd>
        <dt>Seen</dt>
        <dd class="figure small name">{reason.seen}</dd>
        <dt>Source</dt>
        <dd class="dim name">{reason.source}</dd>
      </dl>
    </div>
  );
}
