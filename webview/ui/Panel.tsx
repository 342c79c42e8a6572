import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';

/** A bordered part of a screen with a title row. */
export function Panel(props: {
  readonly title: ComponentChildren;
  readonly detail?: ComponentChildren;
  /** Right end of the title row. */
  readonly end?: ComponentChildren;
  readonly class?: string;
  /** No padding: the children go to the border. */
  readonly flush?: boolean;
  readonly testId?: string;
  readonly children: ComponentChildren;
}) {
  const id = useId();
  return (
    <section class={`panel ${props.class ?? ''}`} aria-labelledby={id} data-testid={props.testId}>
      <header class="panel-title">
        <h2 id={id}>{props.title}</h2>
        {props.detail === undefined ? null : <span class="panel-detail">{props.detail}</span>}
        {props.end === undefined ? null : <span class="panel-end">{props.end}</span>}
      </header>
      <div class={props.flush ? 'panel-body flush' : 'panel-body'}>{props.children}</div>
    </section>
  );
}
