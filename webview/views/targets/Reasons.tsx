import type { OperatorPlacement, Reason } from '../../../worker/core/targets/verdict';

/** Why a target decides as it does, in its own terms. */
export function Reasons({ placement }: { readonly placement: Pick<OperatorPlacement, 'verdict' | 'reasons'> }) {
  if (placement.reasons.length === 0)
    return <p>{placement.verdict === 'unverified' ? 'No source says.' : 'Runs natively. No rule speaks against it.'}</p>;
  return (
    <>
      {placement.reasons.map((reason) => (
        <ReasonFacts key={`${reason.rule} ${reason.seen}`} reason={reason} />
      ))}
    </>
  );
}

export function ReasonFacts({ reason }: { readonly reason: Reason }) {
  return (
    <dl class="facts reason" data-testid="reason">
      <dt>Message</dt>
      <dd>{reason.message}</dd>
      <dt>Rule</dt>
      <dd>{reason.rule}</dd>
      <dt>Seen</dt>
      <dd class="figure small">{reason.seen}</dd>
      <dt>Source</dt>
      <dd class="dim">{reason.source}</dd>
    </dl>
  );
}

/** A reason as text, for an issue or a message. */
export function reasonText(title: string, reasons: readonly Reason[]): string {
  const lines = reasons.flatMap(({ message, rule, seen, source }) => [
    message,
    `Rule: ${rule}`,
    `Seen: ${seen}`,
    `Source: ${source}`,
  ]);
  return [title, ...lines].join('\n');
}
