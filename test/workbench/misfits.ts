/**
 * What does not fit on the page as it is now shown: a page wider than its window, parts beyond its edge, texts of a chart on top of each
 * other, controls that cover controls, texts cut off that nothing spells out. Runs inside the page, so it uses nothing from here.
 */
export function misfits(): string[] {
  const found: string[] = [];
  const page = document.documentElement;
  const named = (element: Element) =>
    `${element.tagName.toLowerCase()} "${(element.getAttribute('aria-label') ?? element.textContent).trim().slice(0, 40)}"`;
  const scrolls = (element: Element) => /auto|scroll/.test(getComputedStyle(element).overflowX);
  const above = function* (element: Element): Generator<Element> {
    for (let parent = element.parentElement; parent; parent = parent.parentElement) yield parent;
  };
  /** The part of a box that nothing around it clips. */
  const shown = (element: Element) => {
    let { left, top, right, bottom } = element.getBoundingClientRect();
    for (const parent of above(element)) {
      if (getComputedStyle(parent).overflow === 'visible') continue;
      const clip = parent.getBoundingClientRect();
      [left, right] = [Math.max(left, clip.left), Math.min(right, clip.right)];
      [top, bottom] = [Math.max(top, clip.top), Math.min(bottom, clip.bottom)];
    }
    return { element, left, top, right, bottom };
  };
  type Shown = ReturnType<typeof shown>;
  const overlaps = (a: Shown, b: Shown, x: number, y: number) =>
    Math.min(a.right, b.right) - Math.max(a.left, b.left) > x && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > y;
  const visible = (selector: string, root: ParentNode = document) =>
    [...root.querySelectorAll(selector)].filter((element) => element.checkVisibility()).map(shown);
  const pairs = function* (all: readonly Shown[]): Generator<readonly [Shown, Shown]> {
    for (const [at, one] of all.entries()) for (const other of all.slice(at + 1)) yield [one, other];
  };

  for (const element of [page, document.body, ...document.querySelectorAll('main')])
    if (element.scrollWidth > element.clientWidth) found.push(`${element.tagName} scrolls sideways: ${element.scrollWidth}`);
  for (const { element, right } of visible('#root *'))
    if (right > page.clientWidth + 1 && ![...above(element)].some(scrolls)) found.push(`${named(element)} goes beyond the edge`);

  // Turned texts have boxes wider than themselves; a text twice over itself is its halo.
  for (const chart of document.querySelectorAll('main svg'))
    for (const [a, b] of pairs(visible('text:not([transform])', chart)))
      if (a.element.textContent !== b.element.textContent && overlaps(a, b, 1, 4))
        found.push(`${named(a.element)} lies on ${named(b.element)} in ${named(chart)}`);

  const controls = visible(
    'button, vscode-button, vscode-dropdown, vscode-text-field, vscode-panel-tab, vscode-link, vscode-checkbox',
  );
  for (const [a, b] of pairs(controls))
    if (!a.element.contains(b.element) && !b.element.contains(a.element) && overlaps(a, b, 1, 2))
      found.push(`${named(a.element)} lies on ${named(b.element)}`);

  for (const { element } of visible('#root *:not(svg *, .visually-hidden, .visually-hidden *)')) {
    if (element.scrollWidth <= element.clientWidth + 1 || element.clientWidth === 0) continue;
    const speaks = [...element.childNodes].some(
      ({ nodeType, textContent }) => nodeType === Node.TEXT_NODE && textContent?.trim(),
    );
    const isCut = /hidden|clip/.test(getComputedStyle(element).overflowX);
    if (speaks && isCut && !element.closest('[data-tip], [aria-label], [title]')) found.push(`${named(element)} is cut off`);
  }
  return found;
}
