import { renderToString } from 'preact-render-to-string';
import type { Report } from '../core/report/report';
import { CellsSection } from './CellsSection';
import { AnswersSection } from './AnswersSection';
import { EvidenceSection } from './EvidenceSection';
import { FindingsSection, IdentitySection } from './IdentitySection';
import { LayersSection } from './LayersSection';
import { LstmSections } from './LstmSections';
import type { Numbered } from './numbered';
import { REPORT_STYLE } from './reportStyle';
import { comparisonOf, coverageOf } from './reportWords';
import { SamplesSection } from './SamplesSection';
import { SoundSection } from './SoundSection';
import { TargetsSection } from './TargetsSection';

/** Nothing is loaded from anywhere and nothing runs: styles are inline, the JSON block is data. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/** Id of the script element (application/json) that holds the whole report. */
export const EMBEDDED_REPORT_ID = 'gatescope-report';

/**
 * The report as one HTML file that opens offline and prints on A4: no scripts, no references to anything outside the file.
 * The report itself is inside as JSON, so that every number can be taken out again.
 */
export function renderHtmlReport(report: Report): string {
  let last = 0;
  const section: Numbered = { report, number: () => (last += 1) };
  const page = renderToString(
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content={POLICY} />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{`GateScope report: ${report.model.fileName}`}</title>
        <style dangerouslySetInnerHTML={{ __html: REPORT_STYLE }} />
      </head>
      <body>
        <main>
          <Head report={report} />
          <EvidenceSection {...section} />
          <LstmSections {...section} />
          <LayersSection {...section} />
          <CellsSection {...section} />
          <SoundSection {...section} />
          <SamplesSection {...section} />
          <AnswersSection {...section} />
          <FindingsSection {...section} />
          <TargetsSection {...section} />
          <IdentitySection {...section} />
          <footer>
            {`Self-contained file: no network, no scripts. Every figure is also in the JSON inside this file (element ${EMBEDDED_REPORT_ID}, schema ${report.schema}). `}
            SQNR = 10 log₁₀( Σ float² / Σ (float − quantized)² ).
          </footer>
        </main>
        <script type="application/json" id={EMBEDDED_REPORT_ID} dangerouslySetInnerHTML={{ __html: jsonForHtml(report) }} />
      </body>
    </html>,
  );
  return `<!doctype html>\n${page}\n`;
}

/** The answer first: up to two sentences large, the rest below. */
function Head({ report }: { report: Report }) {
  const [first = 'Nothing was run.', second, ...rest] = report.headline;
  return (
    <>
      <header>
        <strong>GateScope report</strong>
        <span class="dim">{comparisonOf(report)}</span>
        <span class="dim data">{coverageOf(report)}</span>
      </header>
      <h1>
        {first}
        {second !== undefined && (
          <>
            <br />
            {second}
          </>
        )}
      </h1>
      {rest.length > 0 && <p class="lead dim">{rest.join(' ')}</p>}
    </>
  );
}

/** JSON that cannot end its script element, whatever names a model holds; still the same JSON. */
function jsonForHtml(report: Report): string {
  return JSON.stringify(report).replace(/[<>&\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
