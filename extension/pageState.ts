import type { InspectorState } from './protocol/messages';

/** What one page has of the state. Each part goes to it once: those of a model of ten thousand operators are megabytes. */
export class PageState {
  private sent: InspectorState | null = null;

  /** All of it, to a page that has nothing. */
  whole(state: InspectorState): InspectorState {
    this.sent = state;
    return forPage(state);
  }

  /** The parts that are other objects than those the page has; null when it has all. */
  change(state: InspectorState): Partial<InspectorState> | null {
    const { sent } = this;
    if (sent === null) return this.whole(state);
    this.sent = state;
    const parts = Object.entries(forPage(state)).filter(([part]) => {
      const name = part as keyof InspectorState;
      return state[name] !== sent[name];
    });
    return parts.length === 0 ? null : Object.fromEntries(parts);
  }
}

/** Of a large model, a report's copy of the map is larger than all the rest; the page gets the map by itself. */
function forPage(state: InspectorState): InspectorState {
  return state.report === null ? state : { ...state, report: { ...state.report, targets: {} } };
}
