import type { RefObject } from 'preact';
import type { Finding } from '../../../worker/core/findings/finding';
import type { ModelOverview } from '../../../worker/core/report/overview';
import { count } from '../../charts/format';
import { sameOp } from '../../derived';
import type { TextRows } from '../../figures/textRows';
import { LAYER_METRICS, type LayersState } from '../../layersState';
import type { AppState } from '../../state';
import { Button } from '../../ui/Button';
import { Checkbox } from '../../ui/Checkbox';
import { CopyMenu } from '../../ui/CopyMenu';
import { Popover } from '../../ui/Popover';
import { RadioGroup } from '../../ui/RadioGroup';
import { Segmented } from '../../ui/Segmented';
import { TextField } from '../../ui/TextField';
import { LAYER_COLUMNS } from '../../viewState';
import { useInspector } from '../InspectorContext';
import { COLUMNS, isMetric } from './columns';
import { plural } from '../text';
import { findingChoices, kindChoices } from './layerFilters';
import { layerTable, type LayerRow } from './layerRows';

interface Props {
  readonly state: AppState;
  readonly overview: ModelOverview;
  readonly target: string | null;
  readonly all: readonly LayerRow[];
  /** Filtered and sorted. */
  readonly rows: readonly LayerRow[];
  readonly findings: readonly Finding[];
  /** Rows inside the brush; null without one. */
  readonly brushed: number | null;
  /** Names of the first and last operator in the brush. */
  readonly stretchText: string;
  /** Two paths were run, so that there are errors. */
  readonly compared: boolean;
  readonly selected: LayerRow | null;
  readonly panel: RefObject<HTMLElement>;
}

/** Filters, table or graph, columns, copy. */
export function LayerTools(props: Props) {
  const { state, overview, target, all, rows, brushed, stretchText, compared, selected, panel } = props;
  const inspector = useInspector();
  const { filter, layers } = state.view;
  const isFiltered = filter !== '' || layers.kinds.length > 0 || layers.finding !== null;
  const isGraph = layers.as === 'graph';
  /** Enter in the filter goes from one match to the next. */
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || event.ctrlKey || event.metaKey || rows.length === 0) return;
    event.preventDefault();
    const at = rows.findIndex((row) => sameOp(row, selected));
    const next = event.shiftKey ? (at <= 0 ? rows.length : at) - 1 : (at + 1) % rows.length;
    const row = rows[next];
    if (row) inspector.view({ layer: { subgraph: row.subgraph, index: row.index }, layers: { ...layers, also: [] } });
  };
  return (
    <div class="layer-tools">
      <div class="layer-search" onKeyDown={onKeyDown}>
        <TextField
          label="Filter layers"
          placeholder={isGraph ? 'Find op, name, type' : 'Filter by op, name, type'}
          icon="search"
          value={filter}
          testId="layer-filter"
          focusKey="/"
          onInput={(value) => {
            inspector.view({ filter: value });
          }}
        />
      </div>
      <FilterMenu all={all} layers={layers} findings={props.findings} />
      {layers.stretch === null ? null : (
        <span class="chip" data-testid="stretch">
          {stretchText}
          <Button
            quiet
            icon="close"
            label="Clear the brush"
            tip="Clear the brush (Esc)"
            onClick={() => {
              inspector.layers({ stretch: null });
            }}
          />
        </span>
      )}
      {isFiltered ? (
        <Button
          quiet
          icon="clear-all"
          label="Clear filter"
          tip="Clear the filter (Esc)"
          onClick={() => {
            inspector.view({ filter: '', layers: { ...layers, kinds: [], finding: null } });
          }}
        />
      ) : null}
      <span class="caption" aria-live="polite" data-testid="layer-count">
        {isFiltered || brushed !== null ? `${count(brushed ?? rows.length)} of ${count(all.length)}` : plural(all.length, 'row')}
      </span>
      {compared && !isGraph ? <span class="caption roomy-only">longer bar: more error</span> : null}
      <span class="spread" />
      {isGraph ? null : (
        <Popover
          role="dialog"
          icon="list-selection"
          label="Columns"
          testId="columns"
          button={<div class="wide-only">Columns</div>}
        >
          {() => <ColumnChooser state={state} overview={overview} target={target} />}
        </Popover>
      )}
      <CopyMenu of={panel} testId="copy-layers" tables={() => tablesOf(all, rows, layers.also, selected, target)} />
      <Segmented
        label="Layers as"
        choices={AS}
        value={layers.as}
        testId="layers-as"
        onChange={(as) => {
          inspector.layers({ as });
        }}
      />
    </div>
  );
}

const AS = [
  { value: 'table', label: 'Table' },
  { value: 'graph', label: 'Graph' },
] as const;

/** The selected rows where there are several, and all that are on show. */
function tablesOf(
  all: readonly LayerRow[],
  rows: readonly LayerRow[],
  also: readonly string[],
  selected: LayerRow | null,
  target: string | null,
): readonly TextRows[] {
  const ids = new Set([...also, ...(selected && also.length > 0 ? [selected.id] : [])]);
  const picked = all.filter(({ id }) => ids.has(id));
  return [
    ...(picked.length > 1 ? [layerTable(`${count(picked.length)} selected rows`, picked, target)] : []),
    layerTable(plural(rows.length, 'row'), rows, target),
  ];
}

interface FilterMenuProps {
  readonly all: readonly LayerRow[];
  readonly layers: LayersState;
  readonly findings: readonly Finding[];
}

/** Which kinds of operators, and those of which finding. */
function FilterMenu({ all, layers, findings }: FilterMenuProps) {
  const inspector = useInspector();
  const chosen = layers.kinds.length + (layers.finding === null ? 0 : 1);
  return (
    <Popover
      role="dialog"
      icon={chosen > 0 ? 'filter-filled' : 'filter'}
      label="Filter by kind and finding"
      testId="layer-filters"
      button={<div class="wide-only">{chosen > 0 ? `Filter: ${chosen}` : 'Filter'}</div>}
    >
      {() => (
        <div class="filter-chooser">
          <h3>Kind of op</h3>
          <div class="filter-kinds">
            {kindChoices(all).map(({ value, count: rows }) => (
              <Checkbox
                key={value}
                checked={layers.kinds.includes(value)}
                testId={`kind-${value}`}
                onChange={(checked) => {
                  const others = layers.kinds.filter((kind) => kind !== value);
                  inspector.layers({ kinds: checked ? [...others, value] : others });
                }}
              >
                {`${value}, ${count(rows)}`}
              </Checkbox>
            ))}
          </div>
          <Findings all={all} findings={findings} chosen={layers.finding} />
        </div>
      )}
    </Popover>
  );
}

function Findings({
  all,
  findings,
  chosen,
}: {
  readonly all: readonly LayerRow[];
  readonly findings: readonly Finding[];
  readonly chosen: string | null;
}) {
  const inspector = useInspector();
  const choices = findingChoices(all, findings);
  if (choices.length === 0) return null;
  return (
    <RadioGroup
      label="Ops of a finding"
      choices={[
        { value: '', label: 'any, or none' },
        ...choices.map(({ value, label, count: ops }) => ({ value, label: `${label}, ${count(ops)}` })),
      ]}
      value={chosen ?? ''}
      testId="finding-filter"
      onChange={(value) => {
        inspector.layers({ finding: value === '' ? null : value });
      }}
    />
  );
}

function ColumnChooser({ state, overview, target }: Pick<Props, 'state' | 'overview' | 'target'>) {
  const inspector = useInspector();
  const { hiddenColumns, layers } = state.view;
  return (
    <div class="column-chooser">
      {LAYER_COLUMNS.filter((column) => column !== 'index' && !isMetric(column)).map((column) => (
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
      <h3>More figures</h3>
      {LAYER_METRICS.map((metric) => (
        <Checkbox
          key={metric}
          checked={layers.metrics.includes(metric)}
          testId={`column-${metric}`}
          onChange={(checked) => {
            const others = layers.metrics.filter((other) => other !== metric);
            inspector.layers({ metrics: checked ? [...others, metric] : others });
          }}
        >
          {COLUMNS[metric].label}
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
