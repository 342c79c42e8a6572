import { showCells as show } from '../cells/showCells';
import { VIEW_TYPE, type InspectorEditor } from '../inspectorEditor';

/** GateScope: Show Recognised LSTMs as Cells */
export async function showCells({ active }: InspectorEditor): Promise<void> {
  if (active !== null) await show(active.document, false, VIEW_TYPE);
}
