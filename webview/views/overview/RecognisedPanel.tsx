import type { ModelOverview, RecognisedInfo } from '../../../worker/core/report/overview';
import type { CellReport, Report } from '../../../worker/core/report/report';
import { count } from '../../charts/format';
import { Badge } from '../../ui/Badge';
import { Button } from '../../ui/Button';
import { Link } from '../../ui/Link';
import { Panel } from '../../ui/Panel';
import { useInspector } from '../InspectorContext';
import { CellSignals } from './CellSignals';
import { formText, foundText, showText } from './recognisedTexts';

export const RECOGNISED_ID = 'recognised-cells';

/** LSTMs and GRUs in small operators: what each is, whether it can be shown as one cell, and the ways there. */
export function RecognisedPanel({ overview, report }: { readonly overview: ModelOverview; readonly report: Report | null }) {
  const cells = overview.recognised ?? [];
  if (cells.length === 0) return null;
  return (
    <Panel title="Cells in small operators" detail={cells.length} flush testId="panel-recognised">
      <p class="rows-lead" id={RECOGNISED_ID} tabIndex={-1}>
        {foundText(cells)}
      </p>
      <Ways cells={cells} />
      <ul class="rows">
        {cells.map((cell) => (
          <CellRow key={`${cell.subgraph}-${cell.ops[0] ?? 0}-${cell.name}`} cell={cell} signals={signalsOf(report, cell)} />
        ))}
      </ul>
    </Panel>
  );
}

/** Figures of its operators after a run; the names of several cells may be the same. */
function signalsOf(report: Report | null, { subgraph, signals }: RecognisedInfo): CellReport | null {
  const [first] = signals?.at(-1)?.operators.flat() ?? [];
  const own = (cell: CellReport) => cell.subgraph === subgraph && cell.signals.at(-1)?.operators.flat()[0] === first;
  return first === undefined ? null : (report?.cells?.find(own) ?? null);
}

function CellRow({ cell, signals }: { readonly cell: RecognisedInfo; readonly signals: CellReport | null }) {
  const inspector = useInspector();
  const { shown } = cell;
  const [first = 0] = cell.ops;
  return (
    <li class="row" data-testid="recognised-cell">
      <strong class="lstm-name">{cell.name}</strong>
      <div class="line recognised-kind">
        <span class="figure dim">
          {cell.kind.toUpperCase()} {count(cell.input)} → {count(cell.cell)}
        </span>
        <Badge>{cell.scheme}</Badge>
        <span class="spread" />
        <Link
          label={`Show op ${first}, where ${cell.name} begins`}
          onClick={() => {
            inspector.openLayer({ subgraph: cell.subgraph, index: first });
          }}
        >
          op {first}
        </Link>
      </div>
      <div class="detail">{formText(cell)}</div>
      {signals === null ? null : <CellSignals cell={signals} />}
      <div class="dim detail">{shown.isShown ? `As a cell: ${shown.text}` : `Not as a cell: ${shown.text}`}</div>
    </li>
  );
}

function Ways({ cells }: { readonly cells: readonly RecognisedInfo[] }) {
  const inspector = useInspector();
  const made = cells.filter(({ shown }) => shown.isShown);
  if (made.length === 0) return null;
  const noFile = made.every(({ shown }) => shown.noFile !== undefined) ? made[0]?.shown.noFile : undefined;
  const isHybrid = cells.some(({ scheme, shown }) => scheme === 'hybrid' && shown.isShown);
  return (
    <div class="buttons rows-lead">
      <Button
        primary
        testId="show-cells"
        tip="The same model with each cell as one operator, in memory: every gate is seen, run and quantized in an inspector of its own."
        onClick={() => void inspector.showCells()}
      >
        {showText(made)}
      </Button>
      {isHybrid ? (
        <Button
          testId="show-float-cells"
          tip="With the int8 weights as floats of the same values: a float model, so that a recipe can quantize it."
          onClick={() => void inspector.showCells(true)}
        >
          Show as Float Cells
        </Button>
      ) : null}
      {noFile === undefined ? (
        <Button testId="save-fused" onClick={() => void inspector.saveFused()}>
          Save as Fused .tflite…
        </Button>
      ) : (
        <span class="dim" data-testid="no-fused-file">
          No fused .tflite: {noFile}
        </span>
      )}
    </div>
  );
}
