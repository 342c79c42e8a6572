import { cellInfos, type CellInfo } from '../../../worker/core/report/cellInfos';
import type { ModelOverview } from '../../../worker/core/report/overview';
import type { Report } from '../../../worker/core/report/report';
import { beginBrush } from '../../charts/brushKeys';
import { keyOfLstm, layerOf, sameOp } from '../../derived';
import type { Inspector } from '../../inspector';
import { shownSelection } from './answers';
import { samplesShown } from './stepChoices';
import { figuresOf, nextStage, stageOf } from './stages';

/** A key with what is held beside it; `code` names the key itself, whatever its layout prints with Shift. */
interface Press {
  readonly key: string;
  readonly code: string;
  readonly shiftKey: boolean;
  readonly altKey: boolean;
}

/** Keys of the recurrent layers' screen. @returns whether the key did something */
export function lstmKey(inspector: Inspector, overview: ModelOverview, lstm: CellInfo, press: Press): boolean {
  const { key } = press;
  const { view } = inspector.store.state;
  if (key === 'l') {
    inspector.view({ counts: view.counts === 'log' ? 'linear' : 'log' });
    return true;
  }
  if (press.shiftKey && (press.code === 'BracketLeft' || press.code === 'BracketRight')) {
    return walkSamples(inspector, lstm, press.code === 'BracketRight' ? 1 : -1);
  }
  if (key === '[' || key === ']') {
    const cells = cellInfos(overview);
    const at = cells.findIndex((other) => sameOp(keyOfLstm(other), keyOfLstm(lstm)));
    const next = cells[at + (key === ']' ? 1 : -1)];
    if (next) inspector.view({ lstm: keyOfLstm(next) });
    return true;
  }
  const step = stepKey(press);
  if (step !== null) return walkSteps(inspector, press, step);
  if (key === 'u' || key === 'U') return walkWorstUnits(inspector, lstm, key === 'u' ? 1 : -1);
  if (key === 'b') {
    const chart = document.querySelector<SVGElement>('.signal-panel [role="slider"]');
    if (chart) beginBrush(chart);
    return chart !== null;
  }
  const signal = nextStage(lstm, view.signal, key);
  if (signal === null) return false;
  inspector.view({ signal });
  return true;
}

/** Direction that a key moves along the steps in; null for other keys. */
export function stepKey({ key, code, shiftKey, altKey }: Press): 1 | -1 | null {
  const held = shiftKey || altKey;
  if (key === ',' || (held && code === 'Comma')) return -1;
  return key === '.' || (held && code === 'Period') ? 1 : null;
}

/** By one; with Shift to the next marked step, with Alt to the next with a value at a rail. */
function walkSteps(inspector: Inspector, { shiftKey, altKey }: Press, direction: 1 | -1): boolean {
  const { step } = inspector.store.state.view;
  if (!shiftKey && !altKey) {
    // Past the last step the figures have nothing to say, and the line stays at it.
    inspector.view({ step: Math.max(0, (step ?? -1) + direction) });
    return true;
  }
  const places = inspector.stepPlaces[altKey ? 'atRails' : 'marked'];
  const from = step ?? (direction === 1 ? -1 : Infinity);
  const ahead = places.filter((place) => (direction === 1 ? place > from : place < from));
  const next = ahead.at(direction === 1 ? 0 : -1);
  if (next !== undefined) inspector.view({ step: next });
  return true;
}

/** Previous or next sample of the run, from the one that the steps are about. */
function walkSamples(inspector: Inspector, lstm: CellInfo, direction: 1 | -1): boolean {
  const { host, view } = inspector.store.state;
  const report = host?.report ?? null;
  const signal = report && selectedSignal(inspector, report, lstm);
  if (!report || !signal) return false;
  const indices = report.perSample.map(({ index }) => index);
  const at = indices.indexOf(samplesShown(report, signal, view.sample)[0] ?? -1);
  const next = indices[at + direction];
  if (next !== undefined) inspector.view({ sample: next });
  return true;
}

/** The next of the units with the largest error of the selected signal, round and round. */
function walkWorstUnits(inspector: Inspector, lstm: CellInfo, direction: 1 | -1): boolean {
  const { host, view } = inspector.store.state;
  const worst = (host?.report && selectedSignal(inspector, host.report, lstm)?.located?.worstUnits) ?? [];
  if (worst.length === 0) return false;
  const at = worst.findIndex(({ unit }) => unit === view.unit);
  const next = at < 0 ? (direction === 1 ? 0 : worst.length - 1) : (at + direction + worst.length) % worst.length;
  inspector.view({ unit: worst[next]?.unit ?? null });
  return true;
}

function selectedSignal(inspector: Inspector, report: Report, lstm: CellInfo) {
  const { view } = inspector.store.state;
  const layer = layerOf(report, keyOfLstm(lstm));
  if (!layer) return null;
  const stage = stageOf(lstm, shownSelection(lstm, layer, view.direction, view.signal));
  return stage && figuresOf(layer, stage, view.direction);
}
