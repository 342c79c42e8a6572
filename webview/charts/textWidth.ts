const NARROW = /[\s.,:;'|!()[\]ijlrtf]/;
const WIDE = /[mwMW%@\u2192]/;
const UPPER = /[A-Z]/;

/**
 * Upper estimate of a text's width in pixels (after DejaVu Sans, the widest of the editor's usual fonts), without measuring:
 * charts are drawn where there is no font to ask.
 * @param size font size in pixels
 */
export function textWidth(text: string, size: number, style: { readonly mono?: boolean; readonly bold?: boolean } = {}): number {
  const characters = [...text];
  if (style.mono === true) return characters.length * size * 0.61;
  const ems = characters.map((c) => (NARROW.test(c) ? 0.38 : WIDE.test(c) ? 0.98 : UPPER.test(c) ? 0.72 : 0.63));
  return ems.reduce((total, em) => total + em, 0) * size * (style.bold === true ? 1.06 : 1);
}

/** `text` cut to `width` pixels with an ellipsis in the middle: both the start and the end of a tensor's name tell. */
export function fitText(text: string, width: number, size: number): string {
  if (textWidth(text, size) <= width) return text;
  const characters = [...text];
  for (let kept = characters.length - 1; kept > 1; kept--) {
    const head = Math.floor(kept / 3);
    const short = `${characters.slice(0, head).join('')}…${characters.slice(characters.length - (kept - head)).join('')}`;
    if (textWidth(short, size) <= width) return short;
  }
  return '…';
}
