import { heatPixels, type HeatData } from '../../charts/heatColors';
import { PixelMap } from '../PixelMap';
import { colorsOf } from '../themeColors';

interface HeatMapProps {
  readonly matrix: HeatData;
  readonly width: number;
  readonly height: number;
}

/** Units by steps as pixels. */
export function HeatMap({ matrix, ...size }: HeatMapProps) {
  return <PixelMap {...size} data={matrix} paint={paint} className="heat-map" />;
}

/** In the theme's own colours. */
function paint(matrix: HeatData, element: Element): Uint8ClampedArray<ArrayBuffer> {
  const color = colorsOf(element);
  return heatPixels(matrix, {
    background: color('background-color'),
    negative: color('border-left-color'),
    positive: color('border-right-color'),
    rail: color('border-top-color'),
  });
}
