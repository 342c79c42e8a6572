import type { AudioDetail, TrackName } from '../../../worker/core/report/audioDetail';
import { count, decibel, NOT_MEASURED, withUnit } from '../../charts/format';
import { Term } from '../../ui/Term';
import { trackLabel } from './tracks';

/** SI-SDR of the quantized path against float, and of every track against the clean recording. */
export function AudioFigures({ detail, path }: { readonly detail: AudioDetail; readonly path: string }) {
  const { siSdrDb, exact, reference } = detail;
  const of: readonly TrackName[] = ['input', 'float', 'quantized'];
  return (
    <div class="audio-figures">
      <div>
        <div class="big" data-testid="si-sdr">
          {decibel(siSdrDb, exact)}
          {siSdrDb === null ? null : <small> dB</small>}
        </div>
        <div class="caption">
          <Term of="si-sdr">SI-SDR</Term> of {path} against float{detail.length === 0 ? ', magnitudes alone' : ''}
        </div>
      </div>
      {reference === null ? null : (
        <table class="reference-table" aria-label={`SI-SDR against ${reference.name}`} data-testid="reference">
          <caption class="caption">
            SI-SDR against {reference.name}
            {reference.delay === 0 ? '' : `, delay of ${count(reference.delay)} values taken off`}
          </caption>
          <tbody>
            {of.flatMap((name) => {
              const db = reference.siSdrDb[name];
              if (db === undefined) return [];
              return [
                <tr key={name}>
                  <th scope="row">{trackLabel(name, path)}</th>
                  <td class="figure">{db === null ? NOT_MEASURED : withUnit(decibel(db), 'dB')}</td>
                </tr>,
              ];
            })}
          </tbody>
        </table>
      )}
    </div>
  );
}
