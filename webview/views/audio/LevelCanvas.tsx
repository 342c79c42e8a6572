import { levelPixels, type LevelData } from '../../charts/spectrogramColors';
import { PixelMap } from '../PixelMap';
import { colorsOf } from '../themeColors';

/** Levels by time and frequency as pixels. */
export function LevelCanvas(props: { readonly data: LevelData; readonly width: number; readonly height: number }) {
  return <PixelMap {...props} paint={paint} className="level-map" />;
}

function paint(data: LevelData, element: Element): Uint8ClampedArray<ArrayBuffer> {
  const color = colorsOf(element);
  return levelPixels(data, color('background-color'), color('color'));
}
