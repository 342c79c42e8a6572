import type { Report } from '../../../worker/core/report/report';
import { Link } from '../../ui/Link';
import { Panel } from '../../ui/Panel';
import { useInspector } from '../InspectorContext';
import { lookFirst } from './lookFirst';

export function LookFirstPanel({ report }: { readonly report: Report }) {
  const inspector = useInspector();
  const places = lookFirst(report);
  return (
    <Panel title="Look here first" flush testId="panel-look-first">
      <ul class="rows">
        {places.map((place) => (
          <li class="row place" key={place.link}>
            <b class="figure large">{place.mark}</b>
            <div>
              <div>{place.title}</div>
              <div class="dim detail">{place.detail}</div>
            </div>
            <Link
              label={`${place.link}: ${place.title}`}
              onClick={() => {
                if (place.signal === null) inspector.openLayer(place.op);
                else inspector.openLstm(place.op, place.signal);
              }}
            >
              {place.link}
            </Link>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
