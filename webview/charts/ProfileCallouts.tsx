import { badness, MEASURE_LOOKS, type ErrorMeasure } from './errorMeasure';
import { percent } from './format';
import { Label, round } from './Label';
import { placeLabels, type Box } from './placeLabels';
import { barHeights, MARGIN, type ProfileFrame, type ProfilePoint } from './profileFrame';
import { fitText, textWidth } from './textWidth';

interface Note {
  readonly at: number;
  /** Where its line begins. */
  readonly from: number;
  readonly text: string;
}

/** Names the operator with most values lost at the rails and the worst culprit, in the row between the lanes. */
export function ProfileCallouts({ frame }: { readonly frame: ProfileFrame }) {
  const { x, floor, base, width } = frame;
  const notes = [railNote(frame), culpritNote(frame)].filter((note) => note !== null);
  const options = notes.map(({ at, text }) => sides(x(at), floor + 4, textWidth(text, 11, { bold: true })));
  const taken = placeLabels(options, { x: MARGIN.left, y: 0, width: width - MARGIN.left, height: base });
  return (
    <>
      {notes.map(({ at, from, text }, k) => {
        const box = options[k]?.[taken[k] ?? -1];
        if (!box) return null;
        const left = box.x > x(at);
        return (
          <>
            <path
              d={`M${round(x(at))},${round(from)}V${round(floor + 11)}h${left ? 6 : -6}`}
              fill="none"
              stroke="var(--gs-wire)"
            />
            <Label x={left ? box.x : box.x + box.width} y={box.y + 11} anchor={left ? 'start' : 'end'} bold halo>
              {text}
            </Label>
          </>
        );
      })}
    </>
  );
}

function railNote({ points, floor, base }: ProfileFrame): Note | null {
  const at = extreme(points, ({ lost }) => (lost > 0.01 ? lost : null));
  const point = points[at ?? -1];
  if (at === null || !point) return null;
  const height = barHeights({ points, floor, base })(point.atRails);
  return { at, from: base - height - 2, text: `${shortName(point)}: ${percent(point.lost)} lost at rails` };
}

function culpritNote({ points, axis, measure }: ProfileFrame): Note | null {
  const at = extreme(points, ({ local, isCulprit }) => (local !== null && isCulprit ? badness(measure, local) : null));
  const point = points[at ?? -1];
  if (at === null || !point || point.local === null || !axis.holds(point.local)) return null;
  const text = `${shortName(point)}: ${WORST[measure]}, ${MEASURE_LOOKS[measure].text(point.local)}`;
  return { at, from: axis.y(point.local) + 6, text };
}

const WORST: Readonly<Record<ErrorMeasure, string>> = {
  sqnr: 'lowest local',
  rmse: 'largest local RMS',
  max: 'largest local',
  cosine: 'lowest local',
  mean: 'largest local mean',
};

/** A model's names can be of any length. */
const shortName = ({ name }: ProfilePoint): string => fitText(name, 220, 11);

/** Right of the point, then left of it. */
function sides(x: number, top: number, width: number): Box[] {
  const box = (left: number): Box => ({ x: left, y: top, width, height: 14 });
  return [box(x + 9), box(x - width - 9)];
}

/** Index of the largest value; null where none is given. */
function extreme(points: readonly ProfilePoint[], of: (point: ProfilePoint) => number | null): number | null {
  let best: number | null = null;
  let most = -Infinity;
  points.forEach((point, k) => {
    const value = of(point);
    if (value !== null && value > most) [best, most] = [k, value];
  });
  return best;
}
