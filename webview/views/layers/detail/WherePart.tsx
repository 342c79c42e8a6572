import { useState } from 'preact/hooks';
import { outputAxes } from '../../../../worker/core/analysis/outputAxes';
import type { SignalDetail, UnitFigures } from '../../../../worker/core/report/detail';
import type { LayerReport, Report, SignalReport } from '../../../../worker/core/report/report';
import { count, percent, real } from '../../../charts/format';
import { UnitErrors } from '../../../charts/UnitErrors';
import { stepsTable, unitsTable } from '../../../figures/chartTables';
import { plain, readSignal, toldAtRails } from '../../../figures/readings';
import { signalLabel } from '../../../figures/signalNames';
import { Dropdown } from '../../../ui/Dropdown';
import { Segmented } from '../../../ui/Segmented';
import { Sized } from '../../../ui/Sized';
import { HEATS, type ViewState } from '../../../viewState';
import { useCharted } from '../../charted';
import { useInspector } from '../../InspectorContext';
import { HeatLegend } from '../../lstm/HeatLegend';
import { aboutOf, matrixOf, samplesShown } from '../../lstm/stepChoices';
import { StepFigure, type StepPick } from '../../steps/StepFigure';
import { plural, shapeText } from '../../text';
import { useDetail } from '../../useDetail';

interface Props {
  readonly layer: LayerReport;
  readonly signal: SignalReport;
  readonly report: Report;
  readonly view: ViewState;
}

const NOTHING: StepPick = { step: null, unit: null, steps: null, stepWindow: null };
/** Units of one answer, in order. */
const MOST_UNITS = 4_096;
const UNIT_HEIGHT = 96;

/** Where the error of an operator's output, or of a signal inside it, lies: over samples, steps and channels. */
export function WherePart({ layer, signal, report, view }: Props) {
  const inspector = useInspector();
  const [pick, setPick] = useState<StepPick>(NOTHING);
  const samples = samplesShown(report, signal, view.sample);
  const path = report.quantizedPath ?? 'int8';
  return (
    <>
      <div class="line wrap">
        {report.perSample.length < 2 ? null : (
          <Dropdown
            label="Sample"
            prefix="Sample"
            testId="where-sample"
            choices={sampleChoices(report)}
            value={view.sample === 'all' ? 'all' : String(samples[0] ?? 0)}
            onChange={(value) => {
              inspector.view({ sample: value === 'all' ? 'all' : Number(value) });
            }}
          />
        )}
        <Segmented
          label="Channels by steps show"
          choices={HEATS.map((value) => ({ value, label: value }))}
          value={view.heat}
          testId="where-heat"
          onChange={(heat) => {
            inspector.view({ heat });
          }}
        />
        <HeatLegend heat={view.heat} path={path} />
      </div>
      <Sized class="steps-figure">
        {({ width }) => (
          <Where
            {...{ layer, signal, report, view, samples, width, pick }}
            onPick={(change) => {
              setPick({ ...pick, ...change });
            }}
          />
        )}
      </Sized>
    </>
  );
}

interface WhereProps extends Props {
  readonly samples: readonly number[];
  readonly width: number;
  readonly pick: StepPick;
  readonly onPick: (change: Partial<StepPick>) => void;
}

function Where({ layer, signal, report, view, samples, width, pick, onPick }: WhereProps) {
  const address = { op: layer.index, signal: signal.signal };
  const about = aboutOf(report, address);
  const all = { ...address, samples, steps: null, units: null, filter: null };
  const { detail, waiting, problem } = useDetail(
    'signalDetail',
    about,
    samples.length === 0
      ? null
      : {
          ...all,
          series: { mostPoints: Math.max(64, Math.min(1024, width)) },
          unitList: { order: 'worst', most: 8 },
          matrix: matrixOf(view.heat, width, 108),
        },
  );
  // Units are counted over the steps that are picked out.
  const inOrder = useDetail(
    'signalDetail',
    about,
    samples.length === 0 ? null : { ...all, steps: pick.steps, unitList: { order: 'index', most: MOST_UNITS } },
  );
  useCharted(() => {
    const title = `${signalLabel(signal.signal)} of op ${layer.index}`;
    const path = report.quantizedPath ?? 'int8';
    return [
      ...(detail?.series && detail.steps > 1 ? [stepsTable(detail.series, title, path)] : []),
      ...(inOrder.detail?.unitList ? [unitsTable(inOrder.detail.unitList, title, path)] : []),
    ];
  });
  if (problem !== null) return <p class="dim">{problem}</p>;
  if (!detail) return <p class="dim steps-waiting">{waiting ? 'Working out where the error lies…' : 'Nothing to show.'}</p>;
  const path = report.quantizedPath ?? 'int8';
  const units = inOrder.detail?.unitList ?? [];
  const worst = [...units].sort((a, b) => b.rmse - a.rmse || a.unit - b.unit).slice(0, 8);
  return (
    <div data-testid="where">
      {signal.signal === 'out' ? <p class="caption">{axesText(layer, detail.steps)}</p> : null}
      {detail.steps > 1 ? (
        <StepFigure
          detail={detail}
          waiting={waiting}
          path={path}
          title={`${signalLabel(signal.signal)} of op ${layer.index}`}
          summary={plain(readSignal(layer, signal, report.persona))}
          width={width}
          noiseFloor={signal.noiseFloor ?? null}
          pick={pick}
          onPick={onPick}
        />
      ) : null}
      {inOrder.problem === null ? null : <p class="dim">{inOrder.problem}</p>}
      <h3>
        Error by channel{' '}
        <span class="dim">
          RMS, over {pick.steps === null ? coveredText(detail) : `steps ${count(pick.steps.from)} to ${count(pick.steps.to - 1)}`}
        </span>
      </h3>
      <UnitErrors
        title={`Error by channel of op ${layer.index}`}
        summary={worstText(worst)}
        width={width}
        height={UNIT_HEIGHT}
        units={units}
        selected={pick.unit}
        reference={signal.noiseFloor?.float16Rmse ?? null}
        onSelect={(unit) => {
          onPick({ unit });
        }}
      />
      <p class="caption">Columns: accumulated; lines: local; dotted: float16, at most.</p>
      <UnitTable units={worst} path={path} isLost={toldAtRails(signal).lost} selected={pick.unit} onPick={onPick} />
      {signal.located ? <SampleList report={report} signal={signal} /> : null}
    </div>
  );
}

interface UnitTableProps {
  readonly units: readonly UnitFigures[];
  readonly path: string;
  /** Whether what lies at the rails is lost there. */
  readonly isLost: boolean;
  readonly selected: number | null;
  readonly onPick: WhereProps['onPick'];
}

/** The channels of the largest error. */
function UnitTable({ units, path, isLost, selected, onPick }: UnitTableProps) {
  return (
    <table class="where-table" aria-label="Worst channels" data-testid="worst-channels">
      <thead>
        <tr>
          {['channel', 'RMS', 'local', 'largest', 'float', path, 'at rails'].map((label) => (
            <th scope="col" key={label}>
              {label}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {units.map(({ unit, rmse, localRmse, maxAbs, floatMin, floatMax, min, max, atRails, values }) => (
          <tr key={unit} class={unit === selected ? 'picked' : ''}>
            <th scope="row">
              <button
                type="button"
                class="plain-link figure"
                aria-pressed={unit === selected}
                onClick={() => {
                  onPick({ unit: unit === selected ? null : unit });
                }}
              >
                {count(unit)}
              </button>
            </th>
            <td class="figure small">{real(rmse)}</td>
            <td class="figure small">{real(localRmse)}</td>
            <td class="figure small">{real(maxAbs)}</td>
            <td class="figure small">{`${real(floatMin)} to ${real(floatMax)}`}</td>
            <td class="figure small">{`${real(min)} to ${real(max)}`}</td>
            <td class={`figure small ${atRails > 0 && isLost ? 'lost' : ''}`}>{percent(values === 0 ? 0 : atRails / values)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Samples of the largest error, each a way to see it alone. */
function SampleList({ report, signal }: { readonly report: Report; readonly signal: SignalReport }) {
  const inspector = useInspector();
  const worst = signal.located?.worstSamples ?? [];
  if (worst.length < 2) return null;
  return (
    <>
      <h3>Worst samples</h3>
      <ul class="plain-list" data-testid="where-samples">
        {worst.map(({ sample, rmse }) => (
          <li key={sample}>
            <button
              type="button"
              class="plain-link"
              onClick={() => {
                inspector.showSample(sample);
              }}
            >
              {report.perSample.find(({ index }) => index === sample)?.name ?? `sample ${count(sample)}`}
            </button>{' '}
            <span class="figure small dim">RMS {real(rmse)}</span>
          </li>
        ))}
      </ul>
    </>
  );
}

function sampleChoices(report: Report) {
  const one = report.perSample.map(({ index, name }) => ({ value: String(index), label: name, short: name }));
  return [{ value: 'all', label: 'all together', short: 'all together' }, ...one];
}

/** What steps and channels are. */
function axesText({ op, shape }: LayerReport, steps: number): string {
  // An open axis is longer than 1 when the model runs.
  const axes = outputAxes(
    { name: op },
    shape.map((size) => (size < 0 ? 2 : size)),
  );
  if (!axes) return '';
  const whole = `of ${shapeText(shape)}`;
  const channels = `channels: axis ${axes.unit}`;
  if (steps < 2) return `${channels} ${whole}`;
  const isAxis = axes.step !== null && shape[axes.step] !== 1;
  return isAxis ? `steps: axis ${axes.step}, ${channels} ${whole}` : `steps: calls of the model, ${channels} ${whole}`;
}

function coveredText({ samples, steps }: SignalDetail): string {
  const all = steps > 1 ? `, ${plural(steps, 'step')}` : '';
  return samples.length === 1 ? `${samples[0]?.name ?? 'one sample'}${all}` : `${plural(samples.length, 'sample')}${all}`;
}

function worstText([first, second]: readonly UnitFigures[]): string {
  if (!first) return 'not measured';
  const next = second ? `, then channel ${second.unit}, ${real(second.rmse)}` : '';
  return `channel ${first.unit} errs most, RMS ${real(first.rmse)}${next}`;
}
