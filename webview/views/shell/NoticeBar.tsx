import type { AppState, Notice } from '../../state';
import { Button } from '../../ui/Button';
import { Icon } from '../../ui/Icon';
import { useInspector } from '../InspectorContext';

/** What went wrong or was done last, until it is dismissed; a failed run stays until the next. */
export function NoticeBar({ state }: { readonly state: AppState }) {
  const inspector = useInspector();
  const run = state.host?.run;
  return (
    <>
      {run?.status === 'failed' ? <NoticeRow notice={{ kind: 'error', text: run.message }} testId="run-failed" /> : null}
      {state.notice ? (
        <NoticeRow
          notice={state.notice}
          testId="notice"
          onDismiss={() => {
            inspector.dismiss();
          }}
        />
      ) : null}
    </>
  );
}

function NoticeRow(props: { readonly notice: Notice; readonly testId: string; readonly onDismiss?: () => void }) {
  const { kind, text } = props.notice;
  return (
    <div class={`notice ${kind}`} data-testid={props.testId}>
      <Icon name={kind === 'error' ? 'error' : 'check'} />
      <span>{text}</span>
      {props.onDismiss ? <Button quiet icon="close" label="Dismiss" onClick={props.onDismiss} /> : null}
    </div>
  );
}
