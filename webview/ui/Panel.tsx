import type { ComponentChildren } from 'preact';
import { useId, useRef, useState } from 'preact/hooks';
import type { TextRows } from '../figures/textRows';
import { CopyMenu } from './CopyMenu';
import { TableDialog } from './TableDialog';

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
  /** Its charts and tables can be copied; a function gives the tables of which the page holds only a part. */
  readonly copies?: true | (() => readonly TextRows[]);
  /** What its charts show, as tables. */
  readonly charted?: () => readonly TextRows[];
  readonly children: ComponentChildren;
}) {
  const id = useId();
  const section = useRef<HTMLElement>(null);
  const { copies, charted } = props;
  const [shown, setShown] = useState<TextRows | null>(null);
  return (
    <section class={`panel ${props.class ?? ''}`} aria-labelledby={id} ref={section} data-testid={props.testId}>
      <header class="panel-title">
        <h2 id={id}>{props.title}</h2>
        {props.detail === undefined ? null : <span class="panel-detail">{props.detail}</span>}
        {props.end === undefined && copies === undefined ? null : (
          <span class="panel-end">
            {props.end}
            {copies === undefined ? null : (
              <CopyMenu
                of={section}
                testId={`${props.testId ?? 'panel'}-copy`}
                {...(copies === true ? {} : { tables: copies })}
                {...(charted ? { charted } : {})}
                {...(charted || copies !== true ? { onShow: setShown } : {})}
              />
            )}
          </span>
        )}
      </header>
      <div class={props.flush ? 'panel-body flush' : 'panel-body'}>{props.children}</div>
      {shown ? (
        <TableDialog
          table={shown}
          onClose={() => {
            setShown(null);
          }}
        />
      ) : null}
    </section>
  );
}
