import type { ModelOverview } from '../../../worker/core/report/overview';
import { count } from '../../charts/format';
import type { AppState } from '../../state';
import { Button } from '../../ui/Button';
import { Checkbox } from '../../ui/Checkbox';
import { Popover } from '../../ui/Popover';
import { RadioGroup } from '../../ui/RadioGroup';
import { TextField } from '../../ui/TextField';
import { LAYER_COLUMNS } from '../../viewState';
import { useInspector } from '../InspectorContext';
import { COLUMNS } from './columns';
import { plural } from '../text';
import { csvOf, type LayerRow } from './layerRows';

interface Props {
  readonly state: AppState;
  readonly overview: ModelOverview;
  readonly target: string | null;
  readonly rows: readonly LayerRow[];
  readonly total: number;
  /** Two paths were run, so that there are errors. */
  readonly compared: boolean;
}

/** Filter, columns, copy. */
export function LayerTools({ state, overview, target, rows, total, compared }: Props) {
  const inspector = useInspector();
  const { filter } = state.view;
  return (
    <div class="layer-tools">
      <TextField
        label="Filter layers"
        placeholder="Filter by op, name, type"
        icon="search"
        value={filter}
        testId="layer-filter"
        focusKey="/"
        onInput={(value) => {
          inspector.view({ filter: value });
        }}
      />
      {filter === '' ? null : (
        <Button
          quiet
          icon="close"
          label="Clear filter"
          tip="Clear the filter (Esc)"
          onClick={() => {
            inspector.view({ filter: '' });
          }}
        />
      )}
      <span class="caption" aria-live="polite" data-testid="layer-count">
        {filter === '' ? plural(total, 'row') : `${count(rows.length)} of ${count(total)}`}
      </span>
      {compared ? <span class="caption roomy-only">longer bar: more error</span> : null}
      <span class="spread" />
      <Popover role="dialog" icon="list-selection" label="Columns" testId="columns" button={<div class="wide-only">Columns</div>}>
        {() => <ColumnChooser state={state} overview={overview} target={target} />}
      </Popover>
      <Button
        icon="copy"
        label="Copy as CSV"
        testId="copy-csv"
        onClick={() => void inspector.copy(`${count(rows.length)} rows`, csvOf(rows, target))}
      >
        <div class="wide-only">Copy as CSV</div>
      </Button>
    </div>
  );
}

function ColumnChooser({ state, overview, target }: Pick<Props, 'state' | 'overview' | 'target'>) {
  const inspector = useInspector();
  const { hiddenColumns } = state.view;
  return (
    <div class="column-chooser">
      {LAYER_COLUMNS.filter((column) => column !== 'index').map((column) => (
        <Checkbox
          key={column}
          checked={!hiddenColumns.includes(column)}
          testId={`column-${column}`}
          onChange={(checked) => {
            const others = hiddenColumns.filter((other) => other !== column);
            inspector.view({ hiddenColumns: checked ? others : [...others, column] });
          }}
        >
          {COLUMNS[column].label}
        </Checkbox>
      ))}
      {target === null ? null : (
        <RadioGroup
          label="Target shown"
          choices={Object.entries(overview.targets).map(([value, { label }]) => ({ value, label }))}
          value={target}
          testId="column-target-choice"
          onChange={(value) => {
            inspector.view({ target: value });
          }}
        />
      )}
    </div>
  );
}
