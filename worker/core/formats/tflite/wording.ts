/** Integer with thousands separators, as in messages: 13,228. */
export function grouped(value: number): string {
  return value.toLocaleString('en-US');
}

/** `1 buffer`, `25 buffers`. */
export function counted(count: number, noun: string): string {
  return `${grouped(count)} ${noun}${count === 1 ? '' : 's'}`;
}
