import type { ComponentChildren } from 'preact';
import type { Choice } from '../../ui/choice';
import { Button } from '../../ui/Button';
import { Checkbox } from '../../ui/Checkbox';
import { Dropdown } from '../../ui/Dropdown';
import { Popover } from '../../ui/Popover';
import { Segmented } from '../../ui/Segmented';
import type { VerdictFilter, ViewState } from '../../viewState';
import { useInspector } from '../InspectorContext';
import type { TargetColumn } from './placements';

const FILTERS: readonly Choice<VerdictFilter>[] = [
  { value: 'all', label: 'All ops' },
  { value: 'fallback', label: 'Falls back' },
  { value: 'rejected', label: 'Rejected' },
  { value: 'differ', label: 'Compare', tip: 'Ops on which two targets differ' },
];
const OF_LOG: Choice<VerdictFilter> = { value: 'log', label: 'Unlike the log', tip: 'Prediction and log differ' };
const ANY = '';

interface Props {
  readonly view: ViewState;
  readonly columns: readonly TargetColumn[];
  readonly pair: readonly [TargetColumn, TargetColumn] | null;
  readonly hasLog: boolean;
  readonly title: ComponentChildren;
  readonly end: ComponentChildren;
}

/** What the matrix shows: which operators, which targets, and a log over them. */
export function MatrixTools({ view, columns, pair, hasLog, title, end }: Props) {
  const inspector = useInspector();
  const targets = columns.map(({ name, placement }) => ({ value: name, label: placement.label }));
  return (
    <div class="matrix-tools">
      <h2>{title}</h2>
      <Segmented
        label="Ops shown"
        choices={hasLog ? [...FILTERS, OF_LOG] : FILTERS}
        value={view.verdicts}
        testId="verdict-filter"
        onChange={(verdicts) => {
          inspector.view({ verdicts });
        }}
      />
      {view.verdicts === 'fallback' || view.verdicts === 'rejected' ? (
        <Dropdown
          label="Target that the filter goes by"
          prefix="on"
          choices={[{ value: ANY, label: 'any target' }, ...targets]}
          value={view.verdictsOn ?? ANY}
          testId="verdict-target"
          onChange={(value) => {
            inspector.view({ verdictsOn: value === ANY ? null : value });
          }}
        />
      ) : null}
      {view.verdicts === 'differ' && pair ? <PairChoice targets={targets} pair={pair} /> : null}
      <span class="spread" />
      <Popover role="dialog" icon="list-selection" label="Targets shown" tip="Targets shown" testId="targets-shown">
        {() => <TargetChooser columns={columns} hidden={view.hiddenTargets} />}
      </Popover>
      <Button
        icon="cloud-upload"
        label="Overlay a log"
        tip="Lay a log of the Edge TPU compiler, Vela or benchmark_model over the prediction"
        testId="import-log"
        onClick={() => void inspector.importTargetLog()}
      >
        <div class="wide-only">Overlay a log</div>
      </Button>
      {end}
    </div>
  );
}

function PairChoice({
  targets,
  pair,
}: {
  readonly targets: readonly Choice<string>[];
  readonly pair: NonNullable<Props['pair']>;
}) {
  const inspector = useInspector();
  const [first, second] = pair.map(({ name }) => name) as [string, string];
  return (
    <>
      <Dropdown
        label="First target"
        choices={targets}
        value={first}
        testId="pair-first"
        onChange={(value) => {
          inspector.view({ targetPair: [value, second] });
        }}
      />
      <span class="dim">and</span>
      <Dropdown
        label="Second target"
        choices={targets}
        value={second}
        testId="pair-second"
        onChange={(value) => {
          inspector.view({ targetPair: [first, value] });
        }}
      />
    </>
  );
}

function TargetChooser({ columns, hidden }: { readonly columns: readonly TargetColumn[]; readonly hidden: readonly string[] }) {
  const inspector = useInspector();
  return (
    <div class="column-chooser target-chooser">
      {columns.map(({ name, placement }) => (
        <Checkbox
          key={name}
          checked={!hidden.includes(name)}
          testId={`show-${name}`}
          onChange={(checked) => {
            const others = hidden.filter((other) => other !== name);
            inspector.view({ hiddenTargets: checked ? others : [...others, name] });
          }}
        >
          {placement.label}
        </Checkbox>
      ))}
      <div class="buttons">
        <Button
          onClick={() => {
            inspector.view({ hiddenTargets: [] });
          }}
        >
          All
        </Button>
        <Button
          tip="Targets that read this file format"
          onClick={() => {
            inspector.view({ hiddenTargets: columns.filter(({ marks }) => marks[0] === 'other').map(({ name }) => name) });
          }}
        >
          This format
        </Button>
      </div>
    </div>
  );
}
