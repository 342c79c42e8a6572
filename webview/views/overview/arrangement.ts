export type OverviewPanel =
  | 'model'
  | 'tensors'
  | 'data'
  | 'lstms'
  | 'recognised'
  | 'findings'
  | 'running'
  | 'result'
  | 'task'
  | 'lookFirst'
  | 'blame'
  | 'error'
  | 'samples';

type Columns = readonly (readonly OverviewPanel[])[];

/** From which width on, in px, how many columns hold what, top to bottom. */
const ARRANGEMENTS: readonly { readonly from: number; readonly columns: Columns }[] = [
  {
    from: 1900,
    columns: [
      ['model', 'tensors', 'data'],
      ['lstms', 'recognised', 'findings'],
      ['running', 'result', 'task', 'samples'],
      ['lookFirst', 'blame', 'error'],
    ],
  },
  {
    from: 1080,
    columns: [
      ['model', 'tensors', 'data'],
      ['lstms', 'recognised', 'findings'],
      ['running', 'result', 'lookFirst', 'blame', 'task', 'error', 'samples'],
    ],
  },
  // The answer comes first; what the model is and its LSTMs begin within the first screen, side by side.
  {
    from: 660,
    columns: [
      ['running', 'result', 'model', 'tensors', 'data', 'task', 'samples'],
      ['lookFirst', 'blame', 'lstms', 'recognised', 'findings', 'error'],
    ],
  },
  {
    from: 0,
    columns: [
      [
        'running',
        'result',
        'lookFirst',
        'blame',
        'lstms',
        'recognised',
        'findings',
        'task',
        'error',
        'samples',
        'model',
        'tensors',
        'data',
      ],
    ],
  },
];

/** Without LSTMs the middle is the result's, and what explains it stands on the right. */
const WITHOUT_LSTMS: Columns = [
  ['model', 'tensors', 'data'],
  ['running', 'result', 'task', 'recognised', 'findings'],
  ['lookFirst', 'blame', 'error', 'samples'],
];

/**
 * Where the panels of the overview stand after a run: the order on screen is the reading order.
 * @param shown panels that have something to show; columns of which none has are left out
 */
export function arrangeOverview(width: number, shown: ReadonlySet<OverviewPanel>): Columns {
  const found = ARRANGEMENTS.find(({ from }) => width >= from)?.columns ?? [];
  const columns = found.length > 2 && !shown.has('lstms') ? WITHOUT_LSTMS : found;
  return columns.map((panels) => panels.filter((panel) => shown.has(panel))).filter((panels) => panels.length > 0);
}
