import * as format from '../../webview/charts/format';
import type { Numbered } from './numbered';

/** How far the sound that comes out is from float's. */
export function SoundSection({ report, number }: Numbered) {
  const { audio = [], quantizedPath } = report;
  if (audio.length === 0 || quantizedPath === null) return null;
  return (
    <section>
      <h2>
        {`${number()}. Sound`}
        <span class="note">{`SI-SDR of ${quantizedPath} against float over all frames, dB`}</span>
      </h2>
      <table class="data">
        <thead>
          <tr>
            <th>output</th>
            <th>as</th>
            <th class="n">values of a frame</th>
            <th class="n">frames</th>
            <th class="n">SI-SDR dB</th>
          </tr>
        </thead>
        <tbody>
          {audio.map(({ name, kind, frame, frames, siSdrDb, exact }) => (
            <tr>
              <td class="name">{name}</td>
              <td>{kind === 'mask' ? 'mask over frequencies' : 'sound'}</td>
              <td class="n">{frame === null ? format.NOT_MEASURED : format.count(frame)}</td>
              <td class="n">{format.count(frames)}</td>
              <td class="n">{format.decibel(siSdrDb, exact)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
