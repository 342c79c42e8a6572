import { useEffect, useRef } from 'preact/hooks';
import { levelPixels, type LevelData } from '../../charts/spectrogramColors';
import { colorsOf, useTheme } from '../themeColors';

/** Levels by time and frequency as pixels, one a cell, stretched to its place; drawn again when the editor's theme changes. */
export function LevelCanvas({
  data,
  width,
  height,
}: {
  readonly data: LevelData;
  readonly width: number;
  readonly height: number;
}) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const theme = useTheme();
  useEffect(() => {
    const element = canvas.current;
    const context = element?.getContext('2d');
    if (!element || !context || data.rows === 0 || data.columns === 0) return;
    const color = colorsOf(element);
    const pixels = levelPixels(data, color('background-color'), color('color'));
    context.putImageData(new ImageData(pixels, data.columns, data.rows), 0, 0);
  }, [data, theme]);
  return (
    <canvas
      ref={canvas}
      class="level-map"
      aria-hidden="true"
      width={Math.max(1, data.columns)}
      height={Math.max(1, data.rows)}
      style={{ width: `${width}px`, height: `${height}px` }}
    />
  );
}
