/** A codicon; decorative, so what it means must also stand beside it or in the control's name. */
export function Icon({ name, size = 16 }: { readonly name: string; readonly size?: number }) {
  return <i class={`codicon codicon-${name}`} style={{ fontSize: `${size}px` }} aria-hidden="true" />;
}
