import { useEffect, useRef } from 'preact/hooks';
import { heatPixels, type HeatData, type HeatPalette } from '../../charts/heatColors';
import { colorsOf, useTheme } from '../themeColors';

/** Units by steps as pixels, one a cell, stretched to its place; drawn again when the editor's theme changes. */
export function HeatMap({
  matrix,
  width,
  height,
}: {
  readonly matrix: HeatData;
  readonly width: number;
  readonly height: number;
}) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const theme = useTheme();
  useEffect(() => {
    const element = canvas.current;
    const context = element?.getContext('2d');
    if (!element || !context || matrix.rows === 0 || matrix.columns === 0) return;
    const pixels = heatPixels(matrix, paletteOf(element));
    context.putImageData(new ImageData(pixels, matrix.columns, matrix.rows), 0, 0);
  }, [matrix, theme]);
  return (
    <canvas
      ref={canvas}
      class="heat-map"
      aria-hidden="true"
      width={Math.max(1, matrix.columns)}
      height={Math.max(1, matrix.rows)}
      style={{ width: `${width}px`, height: `${height}px` }}
    />
  );
}

/** The theme's own colours. */
function paletteOf(element: Element): HeatPalette {
  const color = colorsOf(element);
  return {
    background: color('background-color'),
    negative: color('border-left-color'),
    positive: color('border-right-color'),
    rail: color('border-top-color'),
  };
}
