/** The report's own values of the charts' colours (webview/charts/tokens.css has the editor's) and its page layout. */
export const REPORT_STYLE = `
:root {
  color-scheme: light dark;
  --gs-float: #1a85ff;
  --gs-int: color-mix(in srgb, #d18616 88%, #3b3b3b);
  --gs-int-fill: 0.6;
  --gs-sat: color-mix(in srgb, #e51400 68%, #652d90);
  --gs-neg: #652d90;
  --gs-pos: #388a34;
  --gs-bg: #ffffff;
  --gs-fg: #2b2b2b;
  --gs-dim: #616161;
  --gs-line: #dcdcdc;
  --gs-hair: color-mix(in srgb, #2b2b2b 12%, transparent);
  --gs-faint: color-mix(in srgb, #2b2b2b 4%, transparent);
  --gs-ghost: color-mix(in srgb, #2b2b2b 32%, transparent);
  --gs-wire: color-mix(in srgb, #2b2b2b 38%, #ffffff);
  --gs-focus: #005fb8;
  --gs-warn: #8a6100;
  --gs-error: #c01000;
  --gs-info: #1a6fd0;
  --gs-ui: system-ui, "Segoe UI", Inter, Ubuntu, sans-serif;
  --gs-mono: ui-monospace, "SF Mono", "JetBrains Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --gs-float: #3794ff;
    --gs-int: color-mix(in srgb, #d18616 88%, #cccccc);
    --gs-sat: color-mix(in srgb, #f14c4c 68%, #b180d7);
    --gs-neg: #b180d7;
    --gs-pos: #89d185;
    --gs-bg: #1f1f1f;
    --gs-fg: #d4d4d4;
    --gs-dim: #9d9d9d;
    --gs-line: #3a3a3a;
    --gs-hair: color-mix(in srgb, #cccccc 14%, transparent);
    --gs-faint: color-mix(in srgb, #cccccc 5%, transparent);
    --gs-ghost: color-mix(in srgb, #cccccc 32%, transparent);
    --gs-wire: color-mix(in srgb, #cccccc 36%, #1f1f1f);
    --gs-focus: #3794ff;
    --gs-warn: #cca700;
    --gs-error: #f14c4c;
    --gs-info: #3794ff;
  }
}
* { box-sizing: border-box; }
html { background: var(--gs-bg); }
body { margin: 0; color: var(--gs-fg); font: 13px/18px var(--gs-ui); overflow-wrap: break-word; }
main { max-width: 1092px; margin: 0 auto; padding: 36px 16px 48px; }
svg { max-width: 100%; height: auto; }
header { display: flex; flex-wrap: wrap; gap: 4px 16px; align-items: baseline; border-bottom: 1px solid var(--gs-line); padding-bottom: 10px; }
header strong { font-size: 12px; font-weight: 600; letter-spacing: 0.02em; }
header .data { margin-left: auto; text-align: right; }
h1 { font-size: 28px; line-height: 36px; font-weight: 400; margin: 22px 0 6px; }
.lead { margin: 0 0 8px; font-size: 14px; line-height: 21px; max-width: 820px; }
h2 { font-size: 12px; line-height: 18px; font-weight: 600; margin: 0 0 6px; display: flex; flex-wrap: wrap; align-items: baseline; column-gap: 8px; }
h2 .end { margin-left: auto; }
h3 { font-size: 11px; line-height: 16px; font-weight: 600; margin: 0 0 4px; }
section { margin-top: 26px; }
.note, .dim { color: var(--gs-dim); font-weight: 400; }
.note { font-size: 11px; }
.lost { color: var(--gs-sat); }
.reading { margin: 2px 0 0; }
.reading b { font-weight: 600; }
.two { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: 28px; align-items: start; }
.wide-first { display: grid; grid-template-columns: minmax(0, 812px) minmax(0, 1fr); gap: 24px; align-items: start; }
.three { display: grid; grid-template-columns: repeat(3, minmax(0, 1fr)); gap: 16px 20px; }
.ledger { max-width: 660px; }
figure { margin: 0; }
figcaption { font-size: 11px; line-height: 16px; }
figcaption b { font-weight: 600; }
table.data { border-collapse: collapse; width: 100%; font-size: 12px; }
table.data th { font-weight: 400; font-size: 11px; color: var(--gs-dim); text-align: left; vertical-align: bottom; }
table.data th, table.data td { padding: 2px 8px; border-bottom: 1px solid var(--gs-hair); }
table.data th:first-child, table.data td:first-child { padding-left: 0; }
table.data .n { font-family: var(--gs-mono); font-size: 11px; text-align: right; white-space: nowrap; }
table.data th.n { font-family: inherit; }
table.data .t { font-family: var(--gs-mono); font-size: 11px; }
table.data .c { text-align: center; }
table.data .name { overflow-wrap: anywhere; min-width: 84px; }
table.data .op { white-space: nowrap; }
dd { overflow-wrap: anywhere; }
.wrong { text-decoration: underline wavy var(--gs-sat) 1px; }
dl { display: grid; grid-template-columns: auto minmax(0, 1fr); gap: 2px 14px; margin: 0; font-size: 12px; }
dt { color: var(--gs-dim); }
dd { margin: 0; }
.code { font-family: var(--gs-mono); font-size: 11px; }
.formulas { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: 10px 28px; align-items: start; }
.formula-rows { border-collapse: collapse; width: 100%; }
.formula-rows th, .formula-rows td { padding: 0 0 0 8px; font: 11px/17px var(--gs-mono); text-align: left; vertical-align: top; }
.formula-rows th { width: 1%; padding-left: 0; color: var(--gs-dim); white-space: nowrap; }
.formula-rows td:last-child { color: var(--gs-dim); text-align: right; white-space: nowrap; }
.formula-rows sub { font-size: 9px; line-height: 1; }
.flags { display: flex; flex-wrap: wrap; gap: 4px; margin: 0 0 8px; padding: 0; list-style: none; }
.flags li { font-size: 11px; line-height: 16px; padding: 0 5px; border: 1px solid var(--gs-wire); border-radius: 3px; }
.flags li.absent { border: 1px dashed var(--gs-ghost); color: var(--gs-dim); }
.findings { margin: 0; padding: 0; list-style: none; }
.findings > li { padding: 6px 0; border-bottom: 1px solid var(--gs-hair); break-inside: avoid; }
.findings b { font-weight: 600; }
.severity { display: inline-block; min-width: 64px; }
.severity.error { color: var(--gs-error); }
.severity.warning { color: var(--gs-warn); }
.severity.info { color: var(--gs-info); }
.confusion { border-collapse: collapse; font-size: 11px; margin-top: 10px; }
.confusion th, .confusion td { padding: 2px 6px; font-weight: 400; text-align: center; border: 1px solid var(--gs-hair); }
.confusion th, .confusion .figure { font-family: var(--gs-mono); }
.confusion .worse { outline: 2px solid color-mix(in srgb, var(--gs-fg) 75%, transparent); outline-offset: -2px; }
.keys { display: flex; flex-wrap: wrap; gap: 4px 14px; font-size: 11px; color: var(--gs-dim); margin: 0 0 4px; }
footer { margin-top: 28px; font-size: 11px; line-height: 16px; color: var(--gs-dim); }
@media (max-width: 860px) {
  .two, .wide-first, .formulas { grid-template-columns: minmax(0, 1fr); }
  .three { grid-template-columns: repeat(2, minmax(0, 1fr)); }
}
@page { size: A4; margin: 14mm 12mm; }
@media print {
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  main { padding: 0; max-width: none; }
  h1 { font-size: 22px; line-height: 28px; }
  section { margin-top: 18px; }
  h2, h3 { break-after: avoid; }
  figure, .two, tr { break-inside: avoid; }
  thead { display: table-header-group; }
  table.data { font-size: 10px; line-height: 14px; }
  table.data th, table.data .n, table.data .t { font-size: 9px; }
  table.data th, table.data td { padding: 1px 4px; }
  table.data .name { min-width: 64px; }
  .two, .formulas { gap: 16px; }
  .formula-rows th, .formula-rows td { font-size: 9px; line-height: 13px; }
  .wide-first { grid-template-columns: minmax(0, 1fr); gap: 10px; }
  .three { grid-template-columns: repeat(2, minmax(0, 1fr)); }
}
`;
