import type { Model } from '../model/model';
import { modelFusion } from '../recognise/fuse/fusionNotes';
import type { FusionNote } from '../recognise/fuse/fuseLstms';
import { noFileReason } from '../recognise/reasons';
import type { RecognisedInfo } from './overview';

/** The cells in small operators, with what `gatescope fuse` would make of each. */
export function recognisedInfos(model: Model): RecognisedInfo[] {
  const { notes, shown } = modelFusion(model);
  return notes.map(({ lstm, isFused, text }, i) => ({
    kind: lstm.kind,
    form: lstm.form,
    subgraph: lstm.subgraph,
    ops: lstm.operators,
    body: lstm.body === null ? null : { subgraph: lstm.body.subgraph, ops: lstm.body.operators },
    name: lstm.name,
    steps: lstm.steps,
    input: lstm.sizes.input,
    cell: lstm.sizes.cell,
    direction: lstm.direction,
    sigmoid: lstm.sigmoid,
    scheme: lstm.numbers,
    scales: lstm.scales,
    isFusable: isFused,
    text,
    ...(lstm.signals === undefined ? {} : { signals: lstm.signals }),
    shown: shownInfo(shown[i] ?? { lstm, isFused, text }),
  }));
}

function shownInfo({ lstm, isFused, text }: FusionNote): RecognisedInfo['shown'] {
  const noFile = isFused ? noFileReason(lstm) : null;
  return { isShown: isFused, text, ...(noFile === null ? {} : { noFile }) };
}
