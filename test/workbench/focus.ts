/**
 * What has the focus and whether it shows: its name, and what is wrong with how it shows (null where nothing is). Runs inside the page,
 * so it uses nothing from here.
 */
export function focusNow(): { readonly name: string; readonly wrong: string | null } {
  const { activeElement: active } = document;
  if (active === null || active === document.body || !document.hasFocus()) return { name: '', wrong: null };
  const name = (active.getAttribute('aria-label') ?? active.textContent).trim().slice(0, 80);

  // Controls of the toolkit draw it inside themselves.
  const inside = [...(active.shadowRoot?.querySelectorAll('*') ?? [])];
  const probe = document.createElement('i');
  probe.style.color = 'var(--vscode-focusBorder)';
  document.body.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  const isDrawn = (style: CSSStyleDeclaration): boolean =>
    (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0 && style.outlineColor === color) ||
    style.boxShadow.includes(color) ||
    (['Top', 'Bottom'] as const).some(
      (side) =>
        style[`border${side}Style`] !== 'none' &&
        parseFloat(style[`border${side}Width`]) > 0 &&
        style[`border${side}Color`] === color,
    );
  const places = [active, ...inside].map((element) => getComputedStyle(element));
  // A grid's lies over its head, on what holds it; the item of an open menu is the one that is filled.
  if (active.matches('[role="grid"]') && active.parentElement) places.push(getComputedStyle(active.parentElement, '::after'));
  const isFilled = active.matches('[role^="menuitem"]') && getComputedStyle(active).backgroundColor !== 'rgba(0, 0, 0, 0)';
  if (!isFilled && !places.some(isDrawn)) return { name, wrong: `${name}: the focus does not show` };

  const { left, top, right, bottom } = active.getBoundingClientRect();
  const isInSight = right > 0 && bottom > 0 && left < innerWidth && top < innerHeight;
  return { name, wrong: isInSight ? null : `${name}: has the focus out of sight` };
}
