import { useMemo } from 'preact/hooks';
import { chosenData } from '../../derived';
import type { AppState } from '../../state';
import { Dropdown } from '../../ui/Dropdown';
import { useInspector } from '../InspectorContext';

const CHOOSE = 'choose-data';

/** The data of the next run; the last entry picks other files. */
export function DataDropdown(props: { readonly state: AppState; readonly prefix?: string; readonly testId: string }) {
  const inspector = useInspector();
  const { host } = props.state;
  const data = host?.data;
  const choices = useMemo(
    () => [
      ...(data ?? []).map(({ id, label, detail, synthetic }) => ({
        value: id,
        label: synthetic ? label : `${label} · ${detail}`,
        short: label,
      })),
      { value: CHOOSE, label: 'Choose data…' },
    ],
    [data],
  );
  return (
    <Dropdown
      label="Data"
      {...(props.prefix === undefined ? {} : { prefix: props.prefix })}
      choices={choices}
      value={chosenData(props.state)?.id ?? ''}
      disabled={host?.run.status === 'running'}
      testId={props.testId}
      onChange={(id) => {
        if (id === CHOOSE) void inspector.chooseData();
        else inspector.view({ dataId: id });
      }}
    />
  );
}
