export type OverviewPanel =
  'model' | 'tensors' | 'data' | 'lstms' | 'findings' | 'running' | 'result' | 'lookFirst' | 'error' | 'samples';

type Columns = readonly (readonly OverviewPanel[])[];

/** From which width on, in px, how many columns hold what, top to bottom. */
const ARRANGEMENTS: readonly { readonly from: number; readonly columns: Columns }[] = [
  {
    from: 1900,
    columns: [
      ['model', 'tensors', 'data'],
      ['lstms', 'findings'],
      ['running', 'result', 'samples'],
      ['lookFirst', 'error'],
    ],
  },
  {
    from: 1080,
    columns: [
      ['model', 'tensors', 'data'],
      ['lstms', 'findings'],
      ['running', 'result', 'lookFirst', 'error', 'samples'],
    ],
  },
  // The answer comes first; what the model is and its LSTMs begin within the first screen, side by side.
  {
    from: 660,
    columns: [
      ['running', 'result', 'model', 'tensors', 'data', 'samples'],
      ['lookFirst', 'lstms', 'findings', 'error'],
    ],
  },
  { from: 0, columns: [['running', 'result', 'lookFirst', 'lstms', 'findings', 'error', 'samples', 'model', 'tensors', 'data']] },
];

/** Where the panels of the overview stand after a run: the order on screen is the reading order. */
export function arrangeOverview(width: number): Columns {
  return ARRANGEMENTS.find(({ from }) => width >= from)?.columns ?? [];
}
