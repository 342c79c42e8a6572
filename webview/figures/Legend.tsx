import type { ComponentChildren, JSX } from 'preact';

const ITEM: JSX.CSSProperties = {
  display: 'inline-flex',
  alignItems: 'center',
  gap: '5px',
  marginLeft: '12px',
  color: 'var(--gs-dim)',
  fontSize: '11px',
  fontWeight: 400,
  verticalAlign: 'middle',
  whiteSpace: 'nowrap',
};

function Key({ swatch, children }: { swatch: JSX.CSSProperties; children: ComponentChildren }) {
  return (
    <span style={ITEM}>
      <span aria-hidden="true" style={{ width: '12px', height: '8px', display: 'inline-block', ...swatch }} />
      {children}
    </span>
  );
}

/** What outline, columns and red mean. Only integers have rails. */
export function Legend({ quantizedPath }: { quantizedPath: 'int8' | 'hybrid' | null }) {
  return (
    <>
      <Key swatch={{ height: '2px', background: 'var(--gs-float)' }}>float</Key>
      {quantizedPath && (
        <Key swatch={{ background: 'var(--gs-int)', opacity: 'var(--gs-int-fill)' }}>{`${quantizedPath} path`}</Key>
      )}
      {quantizedPath === 'int8' && <Key swatch={{ background: 'var(--gs-sat)' }}>at a rail</Key>}
    </>
  );
}
