import type { ModelOverview } from '../../../worker/core/report/overview';
import type { AppState } from '../../state';
import { Button } from '../../ui/Button';
import { Icon } from '../../ui/Icon';
import { Link } from '../../ui/Link';
import { Panel } from '../../ui/Panel';
import { useInspector } from '../InspectorContext';

/** Before the first run: what data there is, and what will happen with it. */
export function FirstRun({ state, overview }: { readonly state: AppState; readonly overview: ModelOverview }) {
  const inspector = useInspector();
  const found = (state.host?.data ?? []).filter(({ synthetic }) => !synthetic);
  const synthetic = state.host?.data.find((data) => data.synthetic);
  const best = found[0];
  return (
    <>
      <div class="first-run" data-testid="first-run">
        <Icon name="graph-line" size={40} />
        <h2>
          {overview.scheme === 'float' ? 'Give it data to see its ranges' : `Give it data to see where ${pathOf(overview)} loses`}
        </h2>
        <p class="dim">.npy, .npz, .wav, .csv or .json files. {willRun(overview)}</p>
        <div class="buttons">
          {best ? (
            <Button primary icon="play" testId="run-found" onClick={() => void inspector.run(best.id)}>
              {`Run with ${best.label}`}
            </Button>
          ) : null}
          <Button primary={!best} icon="folder-opened" testId="choose-data" onClick={() => void inspector.chooseData()}>
            Choose data…
          </Button>
          {synthetic ? (
            <Button testId="run-synthetic" tip={synthetic.detail} onClick={() => void inspector.run(synthetic.id)}>
              Run with synthetic data
            </Button>
          ) : null}
        </div>
      </div>
      {found.length > 0 ? (
        <Panel title="Found beside the model" flush testId="panel-found">
          <ul class="rows">
            {found.map((data) => (
              <li class="row found" key={data.id}>
                <Icon name="file-binary" />
                <div>
                  {data.label} <span class="dim detail">{data.detail}</span>
                </div>
                <Link label={`Run with ${data.label}`} onClick={() => void inspector.run(data.id)}>
                  Run
                </Link>
              </li>
            ))}
          </ul>
        </Panel>
      ) : null}
      <Panel title="What happens">
        <ol class="what-happens">
          {stepsFor(overview).map(([title, text]) => (
            <li key={title}>
              <strong>{title}</strong>
              <span class="dim">{text}</span>
            </li>
          ))}
        </ol>
      </Panel>
    </>
  );
}

const pathOf = ({ scheme }: ModelOverview): string => (scheme === 'hybrid' ? 'hybrid' : 'int8');

function willRun(overview: ModelOverview): string {
  if (overview.scheme === 'float') return 'GateScope runs the model and shows the range of every signal.';
  const gates = overview.lstms.length > 0 ? 'every gate' : 'every layer';
  return `GateScope runs float and ${pathOf(overview)} side by side, and shows ${gates}.`;
}

function stepsFor(overview: ModelOverview): readonly (readonly [string, string])[] {
  if (overview.scheme === 'float')
    return [
      ['1. Run', 'the float model, step by step, on this machine'],
      ['2. Look', 'ranges and histograms of every signal; export a report'],
    ];
  return [
    ['1. Find float', 'a float model beside this one, else its own weights as reals'],
    ['2. Run both', `float and ${pathOf(overview)}, step by step, on this machine`],
    ['3. Compare', 'error, saturation and cost of every signal'],
    ['4. Look', overview.lstms.length > 0 ? 'layers, gates, causes; export a report' : 'layers and causes; export a report'],
  ];
}
