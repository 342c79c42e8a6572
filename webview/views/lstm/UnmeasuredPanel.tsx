import { isLstm, type CellInfo } from '../../../worker/core/report/cellInfos';
import type { LstmInfo, RecurrentInfo } from '../../../worker/core/report/overview';
import { bound, qFormat } from '../../charts/format';
import { chosenData } from '../../derived';
import { recurrentNotes } from '../../figures/recurrentText';
import type { AppState } from '../../state';
import { Button } from '../../ui/Button';
import { Panel } from '../../ui/Panel';
import { useInspector } from '../InspectorContext';
import { Flags } from '../overview/LstmsPanel';

/** Before a run: what the file says of this LSTM, and the way to more. */
export function UnmeasuredPanel({ state, lstm }: { readonly state: AppState; readonly lstm: CellInfo }) {
  const inspector = useInspector();
  const data = chosenData(state);
  return (
    <Panel title={lstm.name} detail={`op ${lstm.op}`} class="signal-panel unmeasured" testId="panel-unmeasured">
      {isLstm(lstm) ? <LstmFacts lstm={lstm} /> : <HiddenFacts info={lstm} />}
      <p>Run it to see every gate: float over int8, what saturates, and what that costs.</p>
      <div class="buttons">
        <Button primary icon="play" disabled={data === null} onClick={() => void inspector.run()}>
          {data === null ? 'Run' : data.synthetic ? 'Run with synthetic data' : `Run with ${data.label}`}
        </Button>
      </div>
    </Panel>
  );
}

function LstmFacts({ lstm }: { readonly lstm: LstmInfo }) {
  return (
    <>
      <Flags lstm={lstm} />
      <dl class="facts">
        <dt>Sizes</dt>
        <dd>
          input <span class="figure">{lstm.input}</span>, cell <span class="figure">{lstm.cell}</span>, output{' '}
          <span class="figure">{lstm.output}</span>
        </dd>
        <dt>Arithmetic</dt>
        <dd>{lstm.scheme}</dd>
        <dt>Cell</dt>
        <dd>
          {lstm.cellIntegerBits === null
            ? 'no power-of-two scale'
            : `${qFormat(lstm.cellIntegerBits)}, ±${bound(2 ** lstm.cellIntegerBits)}`}
        </dd>
        <dt>Clips</dt>
        <dd>{clipsText(lstm)}</dd>
        <dt>Layout</dt>
        <dd>{lstm.timeMajor ? 'time-major' : 'batch-major'}</dd>
      </dl>
    </>
  );
}

function HiddenFacts({ info }: { readonly info: RecurrentInfo }) {
  return (
    <dl class="facts">
      <dt>Sizes</dt>
      <dd>
        input <span class="figure">{info.input}</span>, h <span class="figure">{info.hidden}</span>
      </dd>
      <dt>Arithmetic</dt>
      <dd>{info.scheme}</dd>
      <dt>Form</dt>
      <dd>{recurrentNotes(info)}</dd>
    </dl>
  );
}

function clipsText({ cellClip, projectionClip }: LstmInfo): string {
  const clips = [
    ...(cellClip > 0 ? [`cell ±${bound(cellClip)}`] : []),
    ...(projectionClip > 0 ? [`projection ±${bound(projectionClip)}`] : []),
  ];
  return clips.length > 0 ? clips.join(', ') : 'none';
}
