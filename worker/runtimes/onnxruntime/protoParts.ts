/** Ways in which fields are stored. */
export const WIRE = { varint: 0, bytes: 2 } as const;

/** What begins a field. */
export function tag(field: number, wire: number): number {
  return field * 8 + wire;
}

export function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
