import { useEffect, useRef, useState } from 'preact/hooks';
import type { DetailMatrix } from '../../../worker/core/report/detail';
import { heatPixels, type HeatPalette, type Rgb } from '../../charts/heatColors';

/** Units by steps as pixels, one a cell, stretched to its place; drawn again when the editor's theme changes. */
export function HeatMap({
  matrix,
  width,
  height,
}: {
  readonly matrix: DetailMatrix;
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

/** Counts the changes of the page's theme, which VS Code tells by the body's classes and the root's style. */
function useTheme(): number {
  const [changes, setChanges] = useState(0);
  useEffect(() => {
    const observer = new MutationObserver(() => {
      setChanges((before) => before + 1);
    });
    observer.observe(document.documentElement, { attributes: true, attributeFilter: ['style'] });
    observer.observe(document.body, { attributes: true, attributeFilter: ['class'] });
    return () => {
      observer.disconnect();
    };
  }, []);
  return changes;
}

/** The theme's own colours, whatever form they are written in: the browser resolves them to one. */
function paletteOf(element: Element): HeatPalette {
  const probe = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const style = getComputedStyle(element);
  const colour = (name: string): Rgb => {
    if (!probe) return [0, 0, 0];
    probe.clearRect(0, 0, 1, 1);
    probe.fillStyle = style.getPropertyValue(name);
    probe.fillRect(0, 0, 1, 1);
    const [red = 0, green = 0, blue = 0] = probe.getImageData(0, 0, 1, 1).data;
    return [red, green, blue];
  };
  return {
    background: colour('background-color'),
    negative: colour('border-left-color'),
    positive: colour('border-right-color'),
    rail: colour('border-top-color'),
  };
}
