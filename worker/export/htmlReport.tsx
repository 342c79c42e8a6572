import { renderToString } from 'preact-render-to-string';
import type { Report } from '../core/report/report';

/** The report as one HTML file that opens offline: no scripts, no references to anything outside the file. */
export function renderHtmlReport(report: Report): string {
  return `<!doctype html>${renderToString(
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <title>{`GateScope report: ${report.model.fileName}`}</title>
      </head>
      <body>
        <h1>{report.headline[0]}</h1>
      </body>
    </html>,
  )}`;
}
