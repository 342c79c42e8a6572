import type { ComponentChildren, VNode } from 'preact';
import { renderToStaticMarkup } from 'preact-render-to-string';
import type { ChartFrame } from '../../../webview/charts/chart';

/** Colours by form and by the charts' own names, so that their labels can be used; a picture in a page has no other style. */
const STYLE = `
:root {
  --gs-float: #1a6fd0; --gs-hybrid: #388a34; --gs-int: #c26a00;
  --gs-fg: #2b2b2b; --gs-dim: #616161; --gs-bg: #ffffff; --gs-hair: #e4e4e4; --gs-line: #b4b4b4;
  --gs-ui: system-ui, sans-serif; --gs-mono: ui-monospace, monospace;
}
@media (prefers-color-scheme: dark) {
  :root {
    --gs-float: #4aa3ff; --gs-hybrid: #7fc97a; --gs-int: #f0a040;
    --gs-fg: #d4d4d4; --gs-dim: #9d9d9d; --gs-bg: #1f1f1f; --gs-hair: #383838; --gs-line: #6a6a6a;
  }
}`;

/** The root of a chart that stands in a file of its own, on its own background. */
export function ChartFile({ width, height, title, summary, children }: ChartFrame & { readonly children: ComponentChildren }) {
  return (
    <svg
      xmlns="http://www.w3.org/2000/svg"
      role="img"
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
      font-family="var(--gs-ui)"
    >
      <title>{`${title}: ${summary}`}</title>
      <style>{STYLE}</style>
      <rect width={width} height={height} fill="var(--gs-bg)" />
      {children}
    </svg>
  );
}

/** The text of an SVG file, one element a line. */
export function drawFile(chart: VNode): string {
  return `${renderToStaticMarkup(chart).replaceAll('><', '>\n<')}\n`;
}
