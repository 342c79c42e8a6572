import type { ComponentChildren, JSX } from 'preact';
import { NOTABLE_DB } from '../../worker/core/findings/runRule';
import type { SignalName } from '../../worker/core/lstm/signals';
import type { LedgerEntry, LedgerRow, LossCause, LstmPart, LstmReport } from '../../worker/core/report/report';
import * as format from '../charts/format';
import { PART_NAME } from './signalNames';

export interface LedgerTableProps {
  readonly lstm: LstmReport;
  /** Cell with the selection's outline. */
  readonly selected?: { readonly part: LstmPart; readonly cause: LossCause | null } | null;
  /** Makes cells buttons. A cost has neither signal nor cause; weights have no signal. */
  readonly onSelect?: (part: LstmPart, signal: SignalName | null, cause: LossCause | null) => void;
}

const PARTS: Readonly<Record<NonNullable<LstmReport['kind']> | 'lstm', readonly LstmPart[]>> = {
  lstm: ['W', 'x', 'i', 'f', 'g', 'o', 'c', 'm', 'h'],
  gru: ['W', 'x', 'z', 'r', 'n', 'h'],
  rnn: ['W', 'x', 'a', 'h'],
};
/** Column in which a row that never acts says so. */
const INERT_AT: Readonly<Partial<Record<LossCause, LstmPart>>> = { 'cell-clip': 'c', 'projection-clip': 'h' };

const LINE: JSX.CSSProperties = {
  borderBottom: '1px solid var(--gs-hair)',
  height: '17px',
  lineHeight: '16px',
  padding: '0 4px',
  whiteSpace: 'nowrap',
};
const HEAD: JSX.CSSProperties = { ...LINE, fontWeight: 400, fontSize: '11px', color: 'var(--gs-dim)', textAlign: 'right' };
const CAUSE: JSX.CSSProperties = { ...LINE, paddingLeft: 0, fontWeight: 400, textAlign: 'left' };
const CELL: JSX.CSSProperties = { ...LINE, fontFamily: 'var(--gs-mono)', fontSize: '11px', textAlign: 'right' };
const BUTTON: JSX.CSSProperties = { display: 'block', width: '100%', textAlign: 'right' };

/** Where values are lost, cause by part, and below what each part costs. A real table; cells lead to their signal. */
export function LedgerTable({ lstm, selected = null, onSelect }: LedgerTableProps) {
  const parts = PARTS[lstm.kind ?? 'lstm'].filter((part) => part !== 'm' || hasHidden(lstm));
  const costs = lstm.costs;
  const stop = tabStop(lstm, parts, selected);
  const needless = lstm.ledger.filter((row) => !applies(row));
  const missing = lstm.ledger.filter(({ absent }) => absent === NOT_IN_CELL);
  return (
    <table
      aria-label={`Where ${lstm.name} loses values, and what its parts cost`}
      style={{ borderCollapse: 'collapse', width: '100%', tableLayout: 'fixed', fontSize: '12px' }}
      {...(onSelect && { onKeyDown: moveInTable })}
    >
      <thead>
        <tr>
          <th scope="col" style={{ ...HEAD, textAlign: 'left', paddingLeft: 0, width: '134px' }}>
            lost at
          </th>
          {parts.map((part) => (
            <th scope="col" abbr={PART_NAME[part]} style={HEAD}>
              {part}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {lstm.ledger
          .filter((row) => applies(row) && row.absent !== NOT_IN_CELL)
          .map((row) => (
            <Row row={row} parts={parts} selected={selected} stop={stop} onSelect={onSelect} />
          ))}
        {missing.length > 0 && <Aside label={NOT_IN_CELL} text={missing.map(shortLabel).join(', ')} columns={parts.length} />}
        {needless.length > 0 && (
          <Aside label="other causes" text={`none: ${needless[0]?.absent ?? ''} has no integer rails`} columns={parts.length} />
        )}
      </tbody>
      {costs && (
        <tfoot>
          <tr>
            <th scope="row" style={{ ...CAUSE, borderBottom: 0, verticalAlign: 'bottom', paddingBottom: '4px' }}>
              <b style={{ fontWeight: 600 }}>costs, dB</b>
              <br />
              <span
                style={{ color: 'var(--gs-dim)', fontSize: '11px' }}
                data-tip="Gained if the part is put back to float. Costs overlap and do not add up."
              >
                gained if in float
              </span>
            </th>
            {parts.map((part) => (
              <Cost
                part={part}
                costs={costs}
                isSelected={selected?.part === part && selected.cause === null}
                isTabStop={stop?.part === part && stop.cause === null}
                onSelect={onSelect}
              />
            ))}
          </tr>
        </tfoot>
      )}
    </table>
  );
}

const NOT_IN_CELL = 'not in this cell';

/** The part that a cause needs. */
function shortLabel({ label }: LedgerRow): string {
  return label.replace(/^after /, '').replace(/, int(8|16)$/, '');
}

/** Rows without figures, in one line. */
function Aside({ label, text, columns }: { readonly label: string; readonly text: string; readonly columns: number }) {
  return (
    <tr>
      <th scope="row" style={{ ...CAUSE, color: 'var(--gs-dim)' }}>
        {label}
      </th>
      <td
        colSpan={columns}
        title={text}
        style={{
          ...LINE,
          color: 'var(--gs-dim)',
          fontSize: '11px',
          textAlign: 'left',
          overflow: 'hidden',
          textOverflow: 'ellipsis',
        }}
      >
        {text}
      </td>
    </tr>
  );
}

/** Rows of integer arithmetic say nothing of a layer that computes in reals: they are told in one line. */
function applies({ absent }: LedgerRow): boolean {
  return absent === null || !absent.endsWith('arithmetic');
}

function hasHidden({ ledger, costs }: LstmReport): boolean {
  return ledger.some(({ entries }) => entries.some(({ part }) => part === 'm')) || (costs ?? []).some(({ part }) => part === 'm');
}

type Select = LedgerTableProps['onSelect'];
type Cell = NonNullable<LedgerTableProps['selected']>;

/** The cell at which the Tab key comes in: the selected one, else the first. */
function tabStop({ ledger, costs }: LstmReport, parts: readonly LstmPart[], selected: LedgerTableProps['selected']): Cell | null {
  const cells = [
    ...ledger.flatMap(({ cause, entries }) =>
      parts.filter((part) => entries.some((entry) => entry.part === part)).map((part): Cell => ({ part, cause })),
    ),
    ...(costs ?? []).map(({ part }): Cell => ({ part, cause: null })),
  ];
  return cells.find(({ part, cause }) => part === selected?.part && cause === selected.cause) ?? cells[0] ?? null;
}

interface RowProps {
  readonly row: LedgerRow;
  readonly parts: readonly LstmPart[];
  readonly selected: LedgerTableProps['selected'];
  readonly stop: Cell | null;
  readonly onSelect: Select | undefined;
}

function Row({ row, parts, selected, stop, onSelect }: RowProps) {
  const inertAt = row.absent === 'inert' ? INERT_AT[row.cause] : undefined;
  if (row.absent !== null && inertAt === undefined) {
    return (
      <tr>
        <th scope="row" style={{ ...CAUSE, color: 'var(--gs-dim)' }}>
          {row.label}
        </th>
        <td colSpan={parts.length} style={{ ...LINE, color: 'var(--gs-dim)', opacity: 0.75, paddingLeft: '11%' }}>
          {row.absent}
        </td>
      </tr>
    );
  }
  return (
    <tr>
      <th scope="row" style={row.absent === null ? CAUSE : { ...CAUSE, color: 'var(--gs-dim)' }}>
        {row.label}
      </th>
      {parts.map((part) => {
        if (row.absent !== null) return <td style={{ ...CELL, color: 'var(--gs-dim)' }}>{part === inertAt ? row.absent : ''}</td>;
        const entry = row.entries.find((e) => e.part === part);
        if (!entry) return <td style={LINE} />;
        const isSelected = selected?.part === part && selected.cause === row.cause;
        const text = format.shareOrCount(toldOf(entry), entry.values);
        return (
          <td style={{ ...CELL, ...shade(entry), ...(isSelected && OUTLINE) }}>
            <Choice
              act={onSelect && (() => onSelect(part, entry.signal, row.cause))}
              name={`${row.label}, ${PART_NAME[part]}: ${text}`}
              tip={entryTip(row, entry)}
              isTabStop={stop?.part === part && stop.cause === row.cause}
            >
              {text}
            </Choice>
          </td>
        );
      })}
    </tr>
  );
}

function entryTip({ label }: LedgerRow, entry: LedgerEntry): string {
  const lost = entry.lost > 0 ? `, ${format.count(entry.lost)} of them lost` : entry.count > 0 ? ', none of them lost' : '';
  const [step] = entry.where?.steps ?? [];
  const [unit] = entry.where?.units ?? [];
  const most = step && unit ? `\nMost at step ${format.count(step.step)} and in unit ${format.count(unit.unit)}` : '';
  return `${PART_NAME[entry.part]}, ${label}: ${format.count(entry.count)} of ${format.count(entry.values)} values${lost}${most}`;
}

/** Values that are lost; where none is, all that lie at the rail or at the activation's end. */
const toldOf = ({ count, lost }: LedgerEntry): number => (lost > 0 ? lost : count);

const OUTLINE: JSX.CSSProperties = { boxShadow: 'inset 0 0 0 1.5px var(--gs-focus)' };

/** Red by the share's square root where values are lost, grey where none is: at an activation's end, at a rail that float keeps to. */
function shade(entry: LedgerEntry): JSX.CSSProperties {
  const [told, loss] = [toldOf(entry), entry.lost > 0];
  if (told === 0) return { color: 'var(--gs-dim)' };
  const strength = Math.sqrt(entry.values > 0 ? told / entry.values : 0);
  const percent = Math.round(loss ? Math.min(45, 8 + strength * 70) : 3 + strength * 30);
  return { background: `color-mix(in srgb, var(${loss ? '--gs-sat' : '--gs-fg'}) ${percent}%, transparent)` };
}

interface ChoiceProps {
  readonly act: (() => void) | undefined;
  readonly name: string;
  /** How the figure came about. */
  readonly tip: string;
  readonly isTabStop: boolean;
  readonly children: ComponentChildren;
}

function Choice({ act, name, tip, isTabStop, children }: ChoiceProps) {
  if (!act) return <>{children}</>;
  return (
    <button
      type="button"
      class="gs-choice"
      style={BUTTON}
      aria-label={name}
      tabIndex={isTabStop ? 0 : -1}
      data-tip={tip}
      onClick={act}
    >
      {children}
    </button>
  );
}

const ARROWS: Readonly<Record<string, readonly [along: number, down: number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** Arrow keys go to the next cell that is a button; the table is one stop of the Tab key. */
function moveInTable(event: JSX.TargetedKeyboardEvent<HTMLTableElement>): void {
  const [along, down] = ARROWS[event.key] ?? [0, 0];
  const from = event.target as Element;
  if ((along === 0 && down === 0) || !from.matches('button')) return;
  event.preventDefault();
  const start = middleOf(from);
  let best: HTMLElement | null = null;
  let least = Infinity;
  for (const button of Array.from(event.currentTarget.querySelectorAll<HTMLElement>('button'))) {
    const [x, y] = middleOf(button);
    const ahead = along * (x - start[0]) + down * (y - start[1]);
    const aside = Math.abs(down * (x - start[0])) + Math.abs(along * (y - start[1]));
    // Straight ahead is nearer than aside: a step sideways counts four times.
    if (ahead > 4 && ahead + 4 * aside < least) [best, least] = [button, ahead + 4 * aside];
  }
  best?.focus();
}

function middleOf(element: Element): [x: number, y: number] {
  const { left, right, top, bottom } = element.getBoundingClientRect();
  return [(left + right) / 2, (top + bottom) / 2];
}

interface CostProps {
  readonly part: LstmPart;
  readonly costs: NonNullable<LstmReport['costs']>;
  readonly isSelected: boolean;
  readonly isTabStop: boolean;
  readonly onSelect: Select | undefined;
}

const BAR_HEIGHT = 22;

function Cost({ part, costs, isSelected, isTabStop, onSelect }: CostProps) {
  const style: JSX.CSSProperties = {
    ...CELL,
    borderBottom: 0,
    verticalAlign: 'bottom',
    paddingBottom: '4px',
    ...(isSelected && OUTLINE),
  };
  const cost = costs.find((c) => c.part === part);
  if (!cost) return <td style={style} />;
  const most = Math.max(...costs.map(({ gainDb }) => gainDb), 0.1);
  const text = format.gain(cost.gainDb);
  return (
    <td style={style}>
      <Choice
        act={onSelect && (() => onSelect(part, null, null))}
        name={`${PART_NAME[part]} gains ${text} dB in float`}
        tip={`${text} dB: gain if put back to float\n${PART_NAME[part]} runs in float, all else stays as it is.`}
        isTabStop={isTabStop}
      >
        <span
          style={{
            display: 'block',
            marginLeft: 'auto',
            width: '24px',
            maxWidth: '100%',
            height: `${Math.max(1, (Math.max(0, cost.gainDb) / most) * BAR_HEIGHT).toFixed(1)}px`,
            background: 'var(--gs-fg)',
            opacity: cost.gainDb >= NOTABLE_DB ? 0.8 : 0.3,
          }}
        />
        <span style={{ fontWeight: cost.gainDb >= NOTABLE_DB ? 700 : 400, color: text === '0.0' ? 'var(--gs-dim)' : 'inherit' }}>
          {text}
        </span>
      </Choice>
    </td>
  );
}
