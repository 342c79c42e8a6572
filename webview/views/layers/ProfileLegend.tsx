import type { Report } from '../../../worker/core/report/report';
import { CULPRIT_DB } from '../../figures/culprits';

/** What line, rings and columns of the profile are. */
export function ProfileLegend({ report }: { readonly report: Report }) {
  const hasRails = report.layers.some(({ signals }) => signals.some(({ rails }) => rails !== null));
  return (
    <ul class="profile-legend" aria-label="Signs">
      <li>
        <i class="sign line-sign" />
        accumulated
      </li>
      <li data-tip="The error that a layer adds by itself, from exact inputs">
        <i class="sign ring-sign" />
        local
      </li>
      <li
        data-tip={`Local SQNR under ${CULPRIT_DB} dB: adds error of its own. A high ring over a low line only passes error on.`}
      >
        <i class="sign dot-sign" />
        culprit
      </li>
      {hasRails ? (
        <li data-tip="Grey: at the rails as float is, nothing is lost">
          <i class="sign lost-sign" />
          lost at rails
        </li>
      ) : null}
    </ul>
  );
}
