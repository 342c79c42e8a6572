import * as format from '../../webview/charts/format';
import { foreignSentences } from '../../webview/figures/foreignText';
import type { Numbered } from './numbered';
import { arithmeticOf, plural } from './reportWords';

const MATCHED_BY = {
  self: "the model's own operators",
  name: 'name of the output tensor',
  order: 'order of the operators',
  weights: 'weights that are the same',
} as const;

/** Findings with their remedies and sources. */
export function FindingsSection({ report, number }: Numbered) {
  if (report.findings.length === 0) return null;
  return (
    <section>
      <h2>{`${number()}. Findings`}</h2>
      <ul class="findings">
        {report.findings.map(({ severity, title, message, fix, reference }) => (
          <li>
            <span class={`severity ${severity}`}>{severity}</span> <b>{title}.</b> {message} {fix ?? ''}{' '}
            <span class="note">{reference}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** What was run, exactly: enough to run it again. */
export function IdentitySection({ report, number }: Numbered) {
  const { model, floatModel, data } = report;
  return (
    <section>
      <h2>{`${number()}. What was run`}</h2>
      <dl>
        <dt>Model</dt>
        <dd>{`${model.fileName}, ${model.format}, ${model.scheme}, ${format.byteCount(model.byteLength)}`}</dd>
        <dt>SHA-256</dt>
        <dd class="code">{model.sha256}</dd>
        {floatModel && (
          <>
            <dt>Float path</dt>
            <dd>
              {floatModel.source === 'file' ? (floatModel.fileName ?? 'a float model') : "the model's own weights, dequantized"}
            </dd>
            {floatModel.sha256 !== null && (
              <>
                <dt>SHA-256</dt>
                <dd class="code">{floatModel.sha256}</dd>
              </>
            )}
            <dt>Matched</dt>
            <dd>
              {`${format.count(floatModel.matching.matched)} of ${plural(floatModel.matching.operators, 'operator')}, by ${MATCHED_BY[floatModel.matching.by]}`}
            </dd>
          </>
        )}
        <dt>Persona</dt>
        <dd>{arithmeticOf(report)}</dd>
        {foreignSentences(report).map((line) => (
          <>
            <dt>Not by this engine</dt>
            <dd>{line}</dd>
          </>
        ))}
        <dt>States</dt>
        <dd>{report.state === 'reset' ? 'reset for every sample' : 'carried from sample to sample'}</dd>
        <dt>Data</dt>
        <dd>
          {data.synthetic
            ? `${data.label}: synthetic, ranges only, not accuracy`
            : [data.label, ...data.files].filter(unique).join(', ')}
        </dd>
        <dt>Covered</dt>
        <dd>
          {`${format.count(report.samples)} of ${plural(report.requestedSamples, 'sample')}, ${plural(report.steps, 'step')}${report.complete ? '' : '; stopped before the end'}`}
        </dd>
        <dt>Made by</dt>
        <dd>{`${report.generator}, schema ${report.schema}`}</dd>
      </dl>
    </section>
  );
}

function unique(value: string, index: number, all: readonly string[]): boolean {
  return all.indexOf(value) === index;
}
