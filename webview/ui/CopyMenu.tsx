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
        return (
          <>
            {onShow &&
              [...drawn, ...given].map((table, at) => (
                <MenuItem
                  testId={`${testId}-show-${at}`}
                  detail={table.title}
                  onClick={() => {
                    close();
                    onShow(table);
                  }}
                >
                  Show as table
                </MenuItem>
              ))}
            {charts.map(({ name, chart, canvases }, at) => (
              <>
                <MenuItem
                  testId={`${testId}-svg-${at}`}
                  detail={name}
                  onClick={() => {
                    close();
                    target.text('SVG', chartSvg(chart, canvases));
                  }}
                >
                  SVG
                </MenuItem>
                <MenuItem
                  testId={`${testId}-png-${at}`}
                  detail={name}
                  onClick={() => {
                    close();
                    target.picture('PNG', picturePng(chartSvg(chart, canvases)));
                  }}
                >
                  PNG
                </MenuItem>
              </>
            ))}
            {texts.map(({ title, rows }, at) => (
              <>
                <MenuItem
                  testId={`${testId}-csv-${at}`}
                  detail={title}
                  onClick={() => {
                    close();
                    target.text('CSV', csvTable(rows));
                  }}
                >
                  CSV
                </MenuItem>
                <MenuItem
                  testId={`${testId}-markdown-${at}`}
                  detail={title}
                  onClick={() => {
                    close();
                    target.text('Markdown', markdownTable(rows));
                  }}
                >
                  Markdown
                </MenuItem>
              </>
            ))}
          </>
        );
      }}
    </Popover>
  );
}
