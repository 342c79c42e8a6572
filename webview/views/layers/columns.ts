import { LAYER_COLUMNS, type LayerColumn } from '../../viewState';

interface Column {
  readonly label: string;
  /** CSS grid track. */
  readonly track: string;
  /** Width below which a table has no room for it; error and saturation always stay. */
  readonly from: number;
  readonly numeric: boolean;
}

export const COLUMNS: Readonly<Record<LayerColumn, Column>> = {
  index: { label: '#', track: '52px', from: 0, numeric: true },
  op: { label: 'op', track: 'minmax(96px, 236px)', from: 0, numeric: false },
  output: { label: 'output', track: 'minmax(120px, 1fr)', from: 620, numeric: false },
  dtype: { label: 'type', track: '112px', from: 980, numeric: false },
  local: { label: 'local dB', track: 'minmax(92px, 150px)', from: 700, numeric: true },
  accumulated: { label: 'accumulated dB', track: 'minmax(104px, 150px)', from: 0, numeric: true },
  rails: { label: 'at rails', track: 'minmax(84px, 128px)', from: 0, numeric: true },
  histogram: { label: 'float over int8', track: '112px', from: 1080, numeric: false },
  target: { label: 'target', track: '108px', from: 480, numeric: false },
};

/** Columns that only a run fills. */
export const MEASURED: readonly LayerColumn[] = ['local', 'accumulated', 'rails', 'histogram'];

/** The columns on show, in order: in a narrow editor they leave one by one. */
export function shownColumns(width: number, hidden: readonly LayerColumn[], measured: boolean): readonly LayerColumn[] {
  return LAYER_COLUMNS.filter(
    (column) => width >= COLUMNS[column].from && !hidden.includes(column) && (measured || !MEASURED.includes(column)),
  );
}

export function gridTracks(columns: readonly LayerColumn[]): string {
  const tracks = columns.map((column) => COLUMNS[column].track);
  // Without the one wide column the op takes what is left.
  return columns.includes('output')
    ? tracks.join(' ')
    : tracks.map((track, at) => (columns[at] === 'op' ? 'minmax(96px, 1fr)' : track)).join(' ');
}
