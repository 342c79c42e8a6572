/** Scheme of the files that are made on demand: a model with its LSTMs and GRUs in small operators as cells. */
export const CELLS_SCHEME = 'gatescope-cells';

/** What the query of such a file says. */
export interface CellsPlace {
  /** URI of the model that it is made from. */
  readonly model: string;
  readonly asFloat: boolean;
  /** Only what a .tflite file can hold: to be saved. */
  readonly asFile?: true;
}

const ENDING = '.tflite';

/** `/folder/net.tflite` as `/folder/net.cells.tflite`: beside the model, so that its data is found. */
export function cellsPath(path: string): string {
  return `${stem(path)}.cells${ENDING}`;
}

/** The name to save it under. */
export function fusedName(modelPath: string): string {
  return `${stem(modelPath).split('/').at(-1) ?? ''}.fused${ENDING}`;
}

function stem(path: string): string {
  return path.toLowerCase().endsWith(ENDING) ? path.slice(0, -ENDING.length) : path;
}

export function cellsQuery(place: CellsPlace): string {
  return JSON.stringify(place);
}

/** Null where the query is none of ours, or leads to no model. */
export function parseCellsQuery(query: string): CellsPlace | null {
  try {
    const value: unknown = JSON.parse(query);
    if (typeof value !== 'object' || value === null || !('model' in value) || typeof value.model !== 'string') return null;
    const isModel = /^[a-z][a-z0-9+.-]*:/i.test(value.model) && /\.tflite$/i.test(value.model);
    const isTrue = (name: string) => name in value && (value as Readonly<Record<string, unknown>>)[name] === true;
    if (!isModel) return null;
    return { model: value.model, asFloat: isTrue('asFloat'), ...(isTrue('asFile') ? { asFile: true } : {}) };
  } catch {
    return null;
  }
}
