import { describe, expect, it } from 'vitest';
import { PageState } from '../../../extension/pageState';
import { reportOf } from '../../charts/reportFixture';
import { sampleOverview } from '../webview/overviewFixture';
import { openState } from '../webview/testHost';

const state = openState(sampleOverview(), reportOf());

describe('what a page is told', () => {
  it('is all at first, but for the map of the report', () => {
    const whole = new PageState().whole(state);
    expect(whole).toMatchObject({ fileName: state.fileName, model: state.model, report: { targets: {} } });
    expect(Object.keys(whole)).toEqual(Object.keys(state));
  });

  it('is only what has changed, later', () => {
    const page = new PageState();
    page.whole(state);
    expect(page.change({ ...state })).toBe(null);
    expect(page.change({ ...state, run: { status: 'idle' } })).toEqual({ run: { status: 'idle' } });
    const again = { ...state, report: null };
    expect(page.change(again)).toMatchObject({ report: null });
    expect(page.change(state)).toMatchObject({ report: { targets: {} } });
  });
});
