import type { ComponentChildren } from 'preact';

/** A small number or letter on the theme's badge colours. Our own: the toolkit's sets an inline style, which the page's policy refuses. */
export function Badge({ children }: { readonly children: ComponentChildren }) {
  return <span class="badge">{children}</span>;
}
