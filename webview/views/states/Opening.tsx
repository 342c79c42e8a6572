import { useEffect, useState } from 'preact/hooks';
import { ProgressRing } from '../../ui/ProgressRing';

/** Most models open sooner than this: then nothing flickers. */
const PATIENCE_MS = 200;

export function Opening({ fileName }: { readonly fileName: string | null }) {
  const [shown, setShown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => {
      setShown(true);
    }, PATIENCE_MS);
    return () => {
      clearTimeout(timer);
    };
  }, []);
  if (!shown) return null;
  return (
    <div class="opening" data-testid="opening" aria-busy="true">
      <div class="opening-header">
        <ProgressRing label="Opening" />
        <span class="dim">{fileName === null ? 'Opening' : `Opening ${fileName}`}</span>
      </div>
      <div class="opening-columns">
        {[6, 9, 7].map((lines, column) => (
          <div class="panel" key={column}>
            <Skeleton lines={lines} />
          </div>
        ))}
      </div>
    </div>
  );
}

/** Lines where text will be. */
export function Skeleton({ lines }: { readonly lines: number }) {
  return (
    <div class="skeleton" aria-hidden="true">
      {Array.from({ length: lines }, (_, at) => (
        <i key={at} />
      ))}
    </div>
  );
}
