import { CellBoxCard, type CellBox } from './CellBoxCard';
import {
  CELL_HEIGHT,
  CELL_MIN_WIDTH,
  isHidden,
  layoutLstm,
  neighbour,
  type CellBoxId,
  type CellLayout,
  type CellTopology,
  type Point,
  type Tag,
  type Wire,
} from './cellLayout';
import { layoutHidden } from './cellHidden';
import { CELL_LIST_HEIGHT, layoutCellList } from './cellList';
import { Chart, type ChartFrame } from './chart';
import { Label, round } from './Label';

export interface CellDiagramProps extends ChartFrame {
  readonly topology: CellTopology;
  /** Boxes without an entry are drawn empty. */
  readonly boxes: readonly CellBox[];
  readonly selected: CellBoxId | null;
  /** Without it the diagram is a picture. */
  readonly onSelect?: (id: CellBoxId) => void;
}

/** Height that a cell of this width takes. */
export const cellHeight = (width: number): number => (width < CELL_MIN_WIDTH ? CELL_LIST_HEIGHT : CELL_HEIGHT);

/** A recurrent cell as a data-flow diagram, its lanes from left to right, states along top and bottom; row by row where that has no room. */
export function CellDiagram(props: CellDiagramProps) {
  const { width, height, topology, boxes, selected, onSelect } = props;
  const layout = layoutCell(width, height, topology);
  const ids = Object.keys(layout.boxes) as CellBoxId[];
  const stop = selected ?? ids[0];
  return (
    <Chart {...props} role={onSelect ? 'figure' : 'img'}>
      <Wires wires={layout.wires} />
      {layout.captions.map(({ x, y, text }) => (
        <Label x={x} y={y} anchor="middle" tone="dim" halo>
          {text}
        </Label>
      ))}
      {layout.tags.map((tag) => (
        <TagBox tag={tag} />
      ))}
      <Operations layout={layout} />
      {ids.map((id) => {
        const place = layout.boxes[id];
        return (
          place && (
            <CellBoxCard
              id={id}
              place={place}
              box={boxes.find((box) => box.id === id) ?? null}
              topology={topology}
              selected={id === selected}
              {...(onSelect && {
                action: {
                  isTabStop: id === stop,
                  select: () => onSelect(id),
                  next: (key: string) => neighbour(layout.boxes, id, key),
                },
              })}
            />
          )
        );
      })}
    </Chart>
  );
}

function layoutCell(width: number, height: number, topology: CellTopology): CellLayout {
  if (width < CELL_MIN_WIDTH) return layoutCellList(width, topology);
  return isHidden(topology) ? layoutHidden(width, height, topology) : layoutLstm(width, height, topology);
}

const WIRE_STYLE: Readonly<Record<Wire['kind'], { stroke: string; 'stroke-dasharray'?: string }>> = {
  flow: { stroke: 'var(--gs-wire)' },
  tap: { stroke: 'var(--gs-wire)', 'stroke-dasharray': '2 3' },
  ghost: { stroke: 'var(--gs-ghost)', 'stroke-dasharray': '3 2' },
};

function Wires({ wires }: { wires: readonly Wire[] }) {
  const kinds = ['flow', 'tap', 'ghost'] as const;
  return (
    <>
      {kinds.map((kind) => (
        <path
          d={wires
            .filter((wire) => wire.kind === kind)
            .map(wirePath)
            .join('')}
          fill="none"
          stroke-width={1.3}
          {...WIRE_STYLE[kind]}
        />
      ))}
      <path
        d={wires
          .filter(({ arrow }) => arrow)
          .map(({ points }) => arrowhead(points))
          .join('')}
        fill="var(--gs-wire)"
      />
    </>
  );
}

function wirePath({ points }: Wire): string {
  return points.map(([x, y], k) => `${k === 0 ? 'M' : 'L'}${round(x)},${round(y)}`).join('');
}

/** A triangle of 7 px at the end of the last, axis-parallel segment. */
function arrowhead(points: readonly Point[]): string {
  const [before, tip] = points.slice(-2);
  if (!before || !tip) return '';
  const [dx, dy] = [Math.sign(tip[0] - before[0]), Math.sign(tip[1] - before[1])];
  const [bx, by] = [tip[0] - 7 * dx, tip[1] - 7 * dy];
  return `M${round(tip[0])},${round(tip[1])}L${round(bx - 3.5 * dy)},${round(by - 3.5 * dx)}L${round(bx + 3.5 * dy)},${round(by + 3.5 * dx)}Z`;
}

function TagBox({ tag: { x, y, width, height, text, ghost } }: { tag: Tag }) {
  return (
    <>
      <rect
        x={round(x)}
        y={round(y)}
        width={round(width)}
        height={height}
        rx={3}
        fill="var(--gs-bg)"
        stroke={ghost ? 'var(--gs-ghost)' : 'var(--gs-wire)'}
        {...(ghost && { 'stroke-dasharray': '3 2' })}
      />
      <Label x={x + width / 2} y={y + height / 2 + 4} anchor="middle" size={10} tone={ghost ? 'dim' : 'fg'}>
        {text}
      </Label>
    </>
  );
}

function Operations({ layout: { operations } }: { layout: CellLayout }) {
  return (
    <>
      {operations.map(({ x, y, sign }) => (
        <>
          <circle cx={round(x)} cy={round(y)} r={9} fill="var(--gs-bg)" stroke="var(--gs-wire)" stroke-width={1.2} />
          <Label x={x} y={y + 4.5} anchor="middle" size={13}>
            {sign}
          </Label>
        </>
      ))}
    </>
  );
}
