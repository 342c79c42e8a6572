export interface PlainColor {
  /** `rgb(31, 31, 31)`, or what was given where it is no colour that is understood (`none`). */
  readonly color: string;
  /** 0..1. */
  readonly opacity: number;
}

/**
 * A computed colour as programs other than browsers read it: no `color(srgb …)`, which is what mixed colours compute to, and no
 * alpha inside.
 */
export function plainColor(computed: string): PlainColor {
  const [, name, body = ''] = /^(rgba?|color)\(\s*(?:srgb\s+)?([^)]*)\)$/.exec(computed.trim()) ?? [];
  if (name === undefined)
    return computed.trim() === 'transparent' ? { color: 'none', opacity: 1 } : { color: computed, opacity: 1 };
  const [r = 0, g = 0, b = 0, alpha = 1] = body
    .split(/[\s,/]+/)
    .filter((part) => part !== '')
    .map((part) => (part.endsWith('%') ? Number(part.slice(0, -1)) / 100 : Number(part)));
  const scale = name === 'color' ? 255 : 1;
  const channel = (value: number) => Math.min(255, Math.max(0, Math.round(value * scale)));
  return { color: `rgb(${channel(r)}, ${channel(g)}, ${channel(b)})`, opacity: Math.round(alpha * 1000) / 1000 };
}
