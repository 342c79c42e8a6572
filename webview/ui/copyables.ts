import type { TextRows } from '../figures/textRows';

export interface CopyableChart {
  /** Its name, without the finding. */
  readonly name: string;
  readonly chart: SVGSVGElement;
  readonly canvases: readonly HTMLCanvasElement[];
}

/** Smaller drawings are marks and previews. */
const LEAST_PX = 120;

/** Charts of a panel, the largest first. */
export function chartsIn(panel: Element): readonly CopyableChart[] {
  const canvases = [...panel.querySelectorAll('canvas')];
  return [...panel.querySelectorAll<SVGSVGElement>('svg[aria-label]')]
    .map((chart) => ({ chart, box: chart.getBoundingClientRect() }))
    .filter(({ box }) => box.width >= LEAST_PX)
    .sort((a, b) => b.box.width * b.box.height - a.box.width * a.box.height)
    .map(({ chart, box }) => ({
      name: chart.getAttribute('aria-label')?.split(':')[0] ?? 'Chart',
      chart,
      canvases: canvases.filter((canvas) => isOver(canvas.getBoundingClientRect(), box)),
    }));
}

function isOver(a: DOMRect, b: DOMRect): boolean {
  return a.width > 0 && a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

/** Tables of a panel as they stand on the page. */
export function tablesIn(panel: Element): readonly TextRows[] {
  return [...panel.querySelectorAll('table')].map((table) => ({
    title: table.getAttribute('aria-label') ?? 'Table',
    rows: [...table.rows].map((row) =>
      [...row.cells].flatMap((cell) => [wordsOf(cell), ...Array.from({ length: cell.colSpan - 1 }, () => '')]),
    ),
  }));
}

/** What is written in an element, without drawings and without what only a screen reader is told. */
function wordsOf(element: Element): string {
  const words = [...element.childNodes].map((node) => {
    if (node.nodeType === Node.TEXT_NODE) return node.textContent ?? '';
    if (!(node instanceof HTMLElement) || node.classList.contains('visually-hidden')) return '';
    return ` ${wordsOf(node)} `;
  });
  return words.join('').replace(/\s+/g, ' ').trim();
}
