import type { ErrorStats, NoiseFloor } from '../../worker/core/report/report';
import { decibel, NOT_MEASURED, real, signedReal } from '../charts/format';
import { GLOSSARY } from '../glossary';
import { Term } from '../ui/Term';

interface Row {
  readonly label: string;
  readonly tip: string;
  readonly text: (error: ErrorStats) => string;
}

const ROWS: readonly Row[] = [
  {
    label: 'SQNR, dB',
    tip: GLOSSARY['sqnr'],
    text: (error) => decibel(error.sqnrDb, error.exact),
  },
  { label: 'RMS error', tip: 'Square root of the mean of (quantized − float)²', text: (error) => real(error.rmse) },
  { label: 'largest', tip: 'Largest |quantized − float|', text: (error) => real(error.maxAbs) },
  {
    label: 'cosine',
    tip: 'Cosine of the angle between both paths',
    text: (error) => (error.cosine === null ? NOT_MEASURED : error.cosine.toFixed(5)),
  },
  { label: 'mean error', tip: 'Mean of quantized − float: a bias', text: (error) => signedReal(error.meanError) },
];

const FLOOR_TIP = 'RMS error that storing the float path’s own values as float16 would make, at most: 2⁻¹¹ of their RMS';

/** All error figures, local beside accumulated. */
export function ErrorTable({
  local,
  accumulated,
  noiseFloor = null,
}: {
  readonly local: ErrorStats | null;
  readonly accumulated: ErrorStats | null;
  /** What the error stands beside. */
  readonly noiseFloor?: NoiseFloor | null;
}) {
  if (!local && !accumulated) return null;
  return (
    <table class="error-table" aria-label="Error, accumulated and local" data-testid="error-table">
      <thead>
        <tr>
          <td />
          <th scope="col">
            <Term of="accumulated">accumulated</Term>
          </th>
          <th scope="col">
            <Term of="local">local</Term>
          </th>
        </tr>
      </thead>
      <tbody>
        {ROWS.map(({ label, tip, text }) => (
          <tr key={label}>
            <th scope="row" tabIndex={0} class="term" data-tip={tip}>
              {label}
            </th>
            <td class="figure small">{accumulated ? text(accumulated) : NOT_MEASURED}</td>
            <td class="figure small">{local ? text(local) : NOT_MEASURED}</td>
          </tr>
        ))}
        {noiseFloor ? (
          <tr data-testid="noise-floor">
            <th scope="row" tabIndex={0} class="term" data-tip={FLOOR_TIP}>
              float16, at most
            </th>
            <td class="figure small">{real(noiseFloor.float16Rmse)}</td>
            <td class="figure small">{NOT_MEASURED}</td>
          </tr>
        ) : null}
      </tbody>
    </table>
  );
}
