import { useEffect, useRef } from 'preact/hooks';
import { useTheme } from './themeColors';

interface Cells {
  readonly rows: number;
  readonly columns: number;
}

/** Cells as pixels, one each, stretched to their place; drawn again when the editor's theme changes. */
export function PixelMap<T extends Cells>({
  data,
  paint,
  className,
  width,
  height,
}: {
  readonly data: T;
  /** RGBA by rows, in the colours of the element; one function for all renders. */
  readonly paint: (data: T, element: Element) => Uint8ClampedArray<ArrayBuffer>;
  readonly className: string;
  readonly width: number;
  readonly height: number;
}) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const theme = useTheme();
  useEffect(() => {
    const element = canvas.current;
    const context = element?.getContext('2d');
    if (!element || !context || data.rows === 0 || data.columns === 0) return;
    context.putImageData(new ImageData(paint(data, element), data.columns, data.rows), 0, 0);
  }, [data, paint, theme]);
  return (
    <canvas
      ref={canvas}
      class={className}
      aria-hidden="true"
      width={Math.max(1, data.columns)}
      height={Math.max(1, data.rows)}
      style={{ width: `${width}px`, height: `${height}px` }}
    />
  );
}
