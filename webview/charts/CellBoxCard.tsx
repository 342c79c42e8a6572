import { boxTitle, spokenBox } from './cellBoxNames';
import type { CellBoxId, CellTopology } from './cellLayout';
import { decibel, gain, percent, shareOrCount, withUnit } from './format';
import type { HistogramData, LosslessRails, Rails } from './histogramData';
import { Label, round } from './Label';
import { MiniHistogramMarks } from './MiniHistogram';
import type { Box } from './placeLabels';
import { textWidth } from './textWidth';

/** One signal in the cell. */
export interface CellBox {
  readonly id: CellBoxId;
  /** SQNR against float in dB; null: not measured; `exact`: no value differs. */
  readonly sqnrDb: number | null;
  readonly exact: boolean;
  readonly data: HistogramData | null;
  readonly rails: Rails | null;
  /** Rails at which nothing is lost. */
  readonly lossless: LosslessRails;
  /** Bottom left: values at a rail, changed by a clip, or flat, and whether that loses any. Null: nothing is said. */
  readonly note: {
    readonly kind: 'rail' | 'clipped' | 'flat';
    readonly count: number;
    readonly values: number;
    readonly lost: boolean;
  } | null;
  /** Bottom right: dB the output gains when this part is put back to float; null: not measured or not this box's to say. */
  readonly costDb: number | null;
  /** 1..4 by cost, as a badge; null: none. */
  readonly rank: number | null;
  /** Small text after the name, such as `Q2.13` or `int8`. */
  readonly detail: string;
  /** How its figures came about, for the tooltip. Default: none. */
  readonly tip?: string;
}

export interface CellBoxCardProps {
  readonly id: CellBoxId;
  readonly place: Box;
  readonly box: CellBox | null;
  readonly topology: CellTopology;
  readonly selected: boolean;
  /** What a click does, and where an arrow key leads; absent in a picture. */
  readonly action?: {
    readonly isTabStop: boolean;
    readonly select: () => void;
    readonly next: (key: string) => CellBoxId | null;
  };
}

const SMALL = 10.5;
/** Height of title and notes around the histogram. */
const HEADROOM = 43;

/** A signal's box: name and SQNR above, its histogram, saturation and cost below, rank on the corner. */
export function CellBoxCard({ id, place, box, topology, selected, action }: CellBoxCardProps) {
  const { width, height } = place;
  const [name, stage] = boxTitle(id, topology);
  const marks = (
    <>
      <rect
        class="gs-outline"
        width={round(width)}
        height={height}
        rx={3}
        fill="var(--gs-bg)"
        stroke={selected ? 'var(--gs-focus)' : 'var(--gs-line)'}
        stroke-width={selected ? 2 : 1}
      />
      <Title name={name} stage={stage} box={box} width={width} />
      {box?.data && height > HEADROOM + 10 && width >= 64 && (
        <MiniHistogramMarks
          data={box.data}
          rails={box.rails}
          lossless={box.lossless}
          x={7}
          y={22}
          width={width - 14}
          height={height - HEADROOM}
        />
      )}
      {box?.note && <Note note={box.note} cost={box.costDb === null ? '' : gain(box.costDb)} width={width} height={height} />}
      {id === 'W' && box && box.costDb !== null && (
        <Label x={7} y={height - 8} size={SMALL} tone="dim">
          cost
        </Label>
      )}
      {box && box.costDb !== null && (
        <Label
          x={width - 7}
          y={height - 7}
          anchor="end"
          mono
          size={SMALL}
          bold={box.costDb > 1}
          tone={box.costDb > 0.3 ? 'fg' : 'dim'}
        >
          {gain(box.costDb)}
        </Label>
      )}
      {box && box.rank !== null && <Badge x={width} rank={box.rank} />}
    </>
  );
  const transform = `translate(${round(place.x)},${round(place.y)})`;
  if (!action) return <g transform={transform}>{marks}</g>;
  // The button lies over the box: its name says in one sentence what the small texts below say in pieces.
  return (
    <g transform={transform} class="gs-box">
      <g aria-hidden="true">{marks}</g>
      <rect
        width={round(width)}
        height={height}
        rx={3}
        fill="transparent"
        data-tip={box?.tip}
        {...interaction(id, spokenName(id, box, topology), selected, action)}
      />
    </g>
  );
}

function Title({ name, stage, box, width }: { name: string; stage: string; box: CellBox | null; width: number }) {
  const figure = box ? decibel(box.sqnrDb, box.exact) : '';
  const shown = box && (box.sqnrDb !== null || box.exact);
  const room = width - 14 - (shown ? textWidth(figure, SMALL, { mono: true }) + 4 : 0);
  const more = [stage, box?.detail ?? ''].filter((part) => part !== '');
  let dim = more.join(' ');
  const used = name === '' ? 0 : textWidth(name, 11, { bold: true }) + 4;
  if (used + textWidth(dim, 11) > room) dim = stage || dim;
  if (used + textWidth(dim, 11) > room) dim = name === '' ? (stage.split(' ')[0] ?? '') : '';
  return (
    <>
      {name !== '' && (
        <Label x={7} y={14} bold>
          {name}
        </Label>
      )}
      {dim !== '' && (
        <Label x={7 + used} y={14} tone="dim">
          {dim}
        </Label>
      )}
      {shown && (
        <Label x={width - 7} y={14} anchor="end" mono>
          {figure}
        </Label>
      )}
    </>
  );
}

const NOTE_WORD = { rail: 'rail', clipped: 'clipped', flat: 'flat' };

function Note({
  note,
  cost,
  width,
  height,
}: {
  note: NonNullable<CellBox['note']>;
  cost: string;
  width: number;
  height: number;
}) {
  const { kind, count, values } = note;
  const share = values > 0 ? count / values : 0;
  const amount = shareOrCount(count, values);
  const room = width - 12 - (cost === '' ? 0 : textWidth(cost, SMALL, { mono: true }) + 4);
  const whole = share >= 0.01 ? `${Math.round(share * 100)}\u00a0%` : amount;
  const lost = note.lost && count > 0;
  const loud = lost && share > 0.1;
  const fits = (candidate: string): boolean => textWidth(candidate, SMALL, { bold: loud }) + 4 <= room;
  const text = [`${amount} ${NOTE_WORD[kind]}`, amount].find(fits) ?? whole;
  // Where even the shortest meets the cost, it moves to the edge.
  const [left, pad] = fits(text) ? [5, 4] : [2, 2];
  return (
    <>
      {lost && share >= 0.001 && (
        <rect
          x={left}
          y={height - 18}
          width={round(textWidth(text, SMALL, { bold: loud }) + 2 * pad)}
          height={14}
          rx={2}
          fill="var(--gs-sat)"
          fill-opacity={loud ? 0.9 : round(0.22 + share * 2.2)}
        />
      )}
      <Label
        x={lost && share >= 0.001 ? left + pad : 7}
        y={height - 7}
        size={SMALL}
        bold={loud}
        tone={loud ? 'bg' : !lost ? 'dim' : share >= 0.001 ? 'fg' : 'sat'}
      >
        {text}
      </Label>
    </>
  );
}

function Badge({ x, rank }: { x: number; rank: number }) {
  return (
    <>
      <circle cx={round(x)} cy={0} r={7.5} fill="var(--gs-fg)" />
      <Label x={x} y={3.6} anchor="middle" size={10} bold tone="bg">
        {rank}
      </Label>
    </>
  );
}

function interaction(id: CellBoxId, name: string, selected: boolean, action: NonNullable<CellBoxCardProps['action']>) {
  return {
    role: 'button',
    class: 'gs-choice',
    tabindex: action.isTabStop ? 0 : -1,
    'data-box': id,
    'aria-label': name,
    'aria-pressed': selected,
    onClick: action.select,
    onKeyDown: (event: KeyboardEvent) => {
      if (event.key === 'Enter' || event.key === ' ') {
        event.preventDefault();
        action.select();
        return;
      }
      const next = event.key.startsWith('Arrow') ? action.next(event.key) : null;
      if (next === null) return;
      event.preventDefault();
      const diagram = (event.currentTarget as SVGElement).ownerSVGElement;
      diagram?.querySelector<SVGElement>(`[data-box="${next}"]`)?.focus();
    },
  } as const;
}

/** What a screen reader says: `gate g, after tanh, SQNR 38.5 dB, 2.4 % at a rail, gain 2.5 dB, rank 2`. */
function spokenName(id: CellBoxId, box: CellBox | null, topology: CellTopology): string {
  const parts = [spokenBox(id, topology)];
  if (!box) return parts.join(', ');
  if (box.exact) parts.push('equal to float');
  else if (box.sqnrDb !== null) parts.push(`SQNR ${withUnit(decibel(box.sqnrDb), 'dB')}`);
  if (box.note && box.note.count > 0 && box.note.values > 0) {
    const where = box.note.kind === 'rail' ? 'at a rail' : box.note.kind;
    parts.push(`${percent(box.note.count / box.note.values)} ${where}`);
  }
  if (box.costDb !== null) parts.push(`gain ${withUnit(gain(box.costDb), 'dB')}`);
  if (box.rank !== null) parts.push(`rank ${box.rank}`);
  return parts.join(', ');
}
