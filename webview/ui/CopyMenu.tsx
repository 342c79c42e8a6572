import type { RefObject } from 'preact';
import { useContext } from 'preact/hooks';
import { csvTable, markdownTable, type TextRows } from '../figures/textRows';
import { chartSvg, picturePng } from './chartPicture';
import { chartsIn, tablesIn } from './copyables';
import { CopyContext } from './CopyContext';
import { MenuItem, Popover } from './Popover';

export interface CopyMenuProps {
  /** The panel whose charts and tables are offered. */
  readonly of: RefObject<Element>;
  /** Tables of which the page holds a part only; in place of those found in the panel. */
  readonly tables?: () => readonly TextRows[];
  /** What the panel's charts show, as tables: offered beside those of the panel, and to be looked at. */
  readonly charted?: () => readonly TextRows[];
  /** Shows a table over the page. Default: tables are copied only. */
  readonly onShow?: (table: TextRows) => void;
  readonly testId: string;
}

/** A small button that copies what its panel shows: charts as SVG or PNG, tables as CSV or Markdown; and shows charts as tables. */
export function CopyMenu({ of, tables, charted, onShow, testId }: CopyMenuProps) {
  const target = useContext(CopyContext);
  if (!target) return null;
  return (
    <Popover
      role="menu"
      icon="copy"
      label="Copy"
      tip={onShow ? 'Copy chart or table, show as table (y)' : 'Copy chart or table (y)'}
      quiet
      class="panel-copy"
      testId={testId}
    >
      {(close) => {
        const panel = of.current;
        if (!panel) return null;
        const charts = chartsIn(panel);
        const drawn = (charted?.() ?? []).filter(({ rows }) => rows.length > 1);
        const given = tables?.() ?? [];
        const texts = [...drawn, ...(tables ? given : tablesIn(panel))].filter(({ rows }) => rows.length > 0);
        if (charts.length + texts.length === 0) return <p class="caption nothing">Nothing to copy here yet.</p>;
        const item = (what: string, at: number, label: string, detail: string, act: () => void) => (
          <MenuItem
            testId={`${testId}-${what}-${at}`}
            detail={detail}
            onClick={() => {
              close();
              act();
            }}
          >
            {label}
          </MenuItem>
        );
        const shown = onShow ? [...drawn, ...given] : [];
        return (
          <>
            {shown.map((table, at) => item('show', at, 'Show as table', table.title, () => onShow?.(table)))}
            {charts.map(({ name, chart, canvases }, at) => [
              item('svg', at, 'SVG', name, () => target.text('SVG', chartSvg(chart, canvases))),
              item('png', at, 'PNG', name, () => target.picture('PNG', picturePng(chartSvg(chart, canvases)))),
            ])}
            {texts.map(({ title, rows }, at) => [
              item('csv', at, 'CSV', title, () => target.text('CSV', csvTable(rows))),
              item('markdown', at, 'Markdown', title, () => target.text('Markdown', markdownTable(rows))),
            ])}
          </>
        );
      }}
    </Popover>
  );
}
