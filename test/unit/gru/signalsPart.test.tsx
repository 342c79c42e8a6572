import render from 'preact-render-to-string';
import { describe, expect, it, vi } from 'vitest';
import { readSignal } from '../../../webview/figures/readings';
import { signalLabel } from '../../../webview/figures/signalNames';
import type { Inspector } from '../../../webview/inspector';
import { DEFAULT_VIEW } from '../../../webview/viewState';
import { InspectorContext } from '../../../webview/views/InspectorContext';
import { SignalsPart } from '../../../webview/views/layers/detail/SignalsPart';
import { models, reportOf } from './gruRun';

// It has controls of the toolkit, which needs a browser.
vi.mock('../../../webview/views/layers/detail/WherePart', () => ({ WherePart: () => null }));

describe("a GRU's signals in the layers", () => {
  it.each([true, false])('are all named, in a table with their errors (reset after: %s)', async (after) => {
    const { float, int8 } = models(after, false);
    const { layer, report } = await reportOf(int8, float);
    const labels = layer.signals.map(({ signal }) => signalLabel(signal));
    expect(new Set(labels).size).toBe(labels.length);
    expect(labels).toEqual(
      expect.arrayContaining(['input x', 'z after W·x', 'r after + R·h', 'z after σ', 'n after tanh', 'output h']),
    );
    expect(labels).toEqual(expect.arrayContaining(after ? ['n, R·h alone', 'n, r times R·h'] : ['r times h']));
    const html = render(
      <InspectorContext.Provider value={{} as Inspector}>
        <SignalsPart layer={layer} report={report} view={DEFAULT_VIEW} />
      </InspectorContext.Provider>,
    );
    for (const label of labels) expect(html).toContain(`>${label}</button>`);
    expect(html.match(/aria-pressed="true"/g)?.length).toBeGreaterThanOrEqual(1);
  });

  it('are read with their own activation', async () => {
    const { layer } = await reportOf(models(true, false).int8, models(true, false).float);
    const reading = (name: string) =>
      readSignal(
        layer,
        layer.signals.find(({ signal }) => signal === name)!,
      );
    expect(reading('z').rest).toMatch(/0 or 1/);
    expect(reading('n').rest).toMatch(/−1 or 1/);
  });
});
