import type { ComponentChildren } from 'preact';
import { switchQuirks } from '../../../worker/core/compare/quirks';
import { arithmeticLabel } from '../../../worker/core/compare/sideLabels';
import { otherTraining } from '../../../worker/core/report/headline';
import type { LayerReport, Report, SignalReport, TaskReport } from '../../../worker/core/report/report';
import { count, decibel, isCount, NOT_MEASURED, percent, real } from '../../charts/format';
import { foreignSentences } from '../../figures/foreignText';
import { layerLabel, signalLabel } from '../../figures/signalNames';
import { TaskBars } from '../../figures/TaskBars';
import { taskErrorsTable } from '../../figures/taskTables';
import { Icon } from '../../ui/Icon';
import { Link } from '../../ui/Link';
import { Panel } from '../../ui/Panel';
import { Sized } from '../../ui/Sized';
import { lossOf } from '../lstm/losses';
import type { ViewState } from '../../viewState';
import { useInspector } from '../InspectorContext';
import { plural, shortName } from '../text';
import { Answers } from './Answers';
import { goToLayer } from './goToLayer';
import { largestSaturation, outputLayer, type Saturated } from './results';

/** What the next run will be done with. */
export type NextRun = Pick<ViewState, 'persona' | 'quirks'>;

/** `TFLite`, or `TFLite, peephole quirk off`. */
const arithmeticOf = ({ persona, quirks = {} }: Pick<Report, 'persona' | 'quirks'>): string =>
  arithmeticLabel(persona, switchQuirks(quirks, persona));

/** The answer: what the run says, in words and in three figures. */
export function ResultPanel({ report, next }: { readonly report: Report; readonly next: NextRun }) {
  const caveats = caveatsOf(report, next);
  return (
    <Panel title="Result" detail={coverage(report)} testId="panel-result" {...copiesOf(report)}>
      <Caveats texts={caveats} />
      {report.headline
        .filter((line) => !caveats.includes(line))
        .map((line, at) => (
          <p key={line} class={at === 0 ? 'headline' : 'headline-more'} data-testid={at === 0 ? 'headline' : undefined}>
            {line}
          </p>
        ))}
      {foreignSentences(report).map((line) => (
        <p key={line} class="headline-more" data-testid="foreign">
          {line}
        </p>
      ))}
      {report.quantizedPath === null || report.samples === 0 ? null : <BigFigures report={report} />}
      {report.task ? <Task task={report.task} report={report} /> : null}
    </Panel>
  );
}

function copiesOf(report: Report) {
  const { task } = report;
  return task ? ({ copies: true, charted: () => [taskErrorsTable(task, report.quantizedPath)] } as const) : {};
}

export function coverage(report: Report): string {
  const paths = report.quantizedPath === null ? 'float' : `${report.quantizedPath} against float`;
  const synthetic = report.data.synthetic ? 'synthetic data, ' : '';
  // Without a recurrent layer the first axis is no time.
  const steps = report.lstms.length > 0 ? `, ${plural(report.steps, 'step')}` : '';
  const switched = report.quirks === undefined ? '' : `, ${arithmeticOf(report)}`;
  return `${synthetic}${plural(report.samples, 'sample')}${steps}, ${paths}${switched}`;
}

const SYNTHETIC = 'Synthetic data: ranges only, not accuracy.';

/** What limits all figures: the headline's own first lines where it says so, and what is asked for by now. */
function caveatsOf(report: Report, next: NextRun): readonly string[] {
  const stopped = report.complete ? [] : report.headline.filter((line) => line.startsWith('Stopped after'));
  return [
    ...stopped,
    ...otherTraining(report.floatModel),
    ...(report.data.synthetic ? [SYNTHETIC] : []),
    ...(arithmeticOf(next) === arithmeticOf(report)
      ? []
      : [`Figures are for ${arithmeticOf(report)}. Run again for ${arithmeticOf(next)}.`]),
  ];
}

function Caveats({ texts }: { readonly texts: readonly string[] }) {
  return (
    <>
      {texts.map((text) => (
        <p class="caveat" key={text} data-testid="caveat">
          <Icon name="info" />
          {text}
        </p>
      ))}
    </>
  );
}

/** Pixels for the output's name under its figure; a longer one is told by its end. */
const NAME_ROOM = 150;

function BigFigures({ report }: { readonly report: Report }) {
  const output = outputLayer(report);
  const saturated = largestSaturation(report);
  const error = output?.accumulated ?? null;
  return (
    <div class="big-figures">
      <BigFigure
        testId="output-sqnr"
        layer={output}
        caption={output ? `${shortName(output.name, NAME_ROOM)}, accumulated` : 'output, not measured'}
      >
        {decibel(error?.sqnrDb ?? null, error?.exact)}
        {error && error.sqnrDb !== null ? <small> dB</small> : null}
      </BigFigure>
      <BigFigure
        testId="largest-saturation"
        lost={saturated !== null}
        layer={saturated?.layer ?? null}
        signal={saturated?.signal.signal ?? null}
        caption={saturated ? `largest saturation: ${saturationPlace(report, saturated)}` : 'no value lost at a rail'}
      >
        <SaturationFigure saturated={saturated} />
      </BigFigure>
      <BigFigure
        testId="output-rmse"
        layer={output}
        caption={error ? `output RMS error; max ${real(error.maxAbs)}` : 'output RMS error'}
      >
        {error ? real(error.rmse) : NOT_MEASURED}
      </BigFigure>
    </div>
  );
}

/** `38.3 %`, or `1 value` where a share would say little. */
function SaturationFigure({ saturated }: { readonly saturated: Saturated | null }) {
  const { count: lost, values } = saturated ? lossOf(saturated.signal) : { count: 0, values: 1 };
  const isShare = lost === 0 || !isCount(lost, values);
  return (
    <>
      {isShare ? percent(lost / values).replace('\u00a0%', '') : count(lost)}
      <small> {isShare ? '%' : lost === 1 ? 'value' : 'values'}</small>
    </>
  );
}

function saturationPlace(report: Report, { layer, signal }: Saturated): string {
  const where = layerLabel(report, layer);
  return layer.lstm ? `${where}, ${signalLabel(signal.signal)}` : `${layer.op === 'INPUT' ? 'model input ' : ''}${where}`;
}

function BigFigure(props: {
  readonly children: ComponentChildren;
  readonly caption: string;
  readonly lost?: boolean;
  readonly testId: string;
  /** Where the figure comes from: its caption leads there. */
  readonly layer: LayerReport | null;
  readonly signal?: SignalReport['signal'] | null;
}) {
  const inspector = useInspector();
  const { layer, caption, signal = null } = props;
  return (
    <div>
      <div class={`big ${props.lost ? 'lost' : ''}`} data-testid={props.testId}>
        {props.children}
      </div>
      <div class="caption">
        {layer === null ? (
          caption
        ) : (
          <Link
            testId={`${props.testId}-place`}
            label={`${caption}: show where`}
            tip={layer.name}
            onClick={() => {
              goToLayer(inspector, layer, signal);
            }}
          >
            {caption}
          </Link>
        )}
      </div>
    </div>
  );
}

function Task({ task, report }: { readonly task: TaskReport; readonly report: Report }) {
  return (
    <>
      <h3>
        {task.kind === 'classification' ? 'Wrong answers' : 'Error rate'}{' '}
        <span class="dim">
          {task.labels}, {count(task.total)} {task.unit}
        </span>
      </h3>
      <Sized>{({ width }) => <TaskBars task={task} quantizedPath={report.quantizedPath} width={width} />}</Sized>
      <Answers report={report} />
    </>
  );
}
