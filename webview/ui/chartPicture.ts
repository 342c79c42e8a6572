import { plainColor } from './plainColor';

/** Room around the drawing: labels may stand out a little. */
const MARGIN = 8;
/** Pixels of the picture per pixel of the screen. */
const SCALE = 2;
const SVG = 'http://www.w3.org/2000/svg';
const PAINTS = ['fill', 'stroke'] as const;

/** The chart as a file of its own: colours resolved as the theme has them, what a canvas under it shows as an image. */
export function chartSvg(chart: SVGSVGElement, canvases: readonly HTMLCanvasElement[]): string {
  const copy = chart.cloneNode(true) as SVGSVGElement;
  const [originals, copies] = [
    [chart, ...chart.querySelectorAll('*')],
    [copy, ...copy.querySelectorAll('*')],
  ];
  copies.forEach((element, at) => {
    const original = originals[at];
    if (original) resolve(element, getComputedStyle(original));
  });
  const { width, height } = chart.getBoundingClientRect();
  copy.setAttribute('xmlns', SVG);
  copy.setAttribute('width', String(width + 2 * MARGIN));
  copy.setAttribute('height', String(height + 2 * MARGIN));
  copy.setAttribute('viewBox', `${-MARGIN} ${-MARGIN} ${width + 2 * MARGIN} ${height + 2 * MARGIN}`);
  const images = canvases.map((canvas) => imageOf(canvas, chart));
  copy.prepend(background(chart, width, height), ...images);
  return new XMLSerializer().serializeToString(copy);
}

/** Attributes that only the page understands give way to what they come to. */
function resolve(element: Element, style: CSSStyleDeclaration): void {
  for (const paint of PAINTS) {
    if (!element.getAttribute(paint)?.includes('var(')) continue;
    const { color, opacity } = plainColor(style.getPropertyValue(paint));
    element.setAttribute(paint, color);
    if (opacity < 1) {
      const own = Number(element.getAttribute(`${paint}-opacity`) ?? 1);
      element.setAttribute(`${paint}-opacity`, String(Math.round(opacity * (Number.isFinite(own) ? own : 1) * 1000) / 1000));
    }
  }
  for (const { name, value } of [...element.attributes]) {
    if (value.includes('var(')) element.setAttribute(name, style.getPropertyValue(name));
    if (name === 'class' || name === 'style' || name === 'tabindex' || name.startsWith('data-')) element.removeAttribute(name);
  }
}

function background(chart: SVGSVGElement, width: number, height: number): SVGRectElement {
  const rect = document.createElementNS(SVG, 'rect');
  const place = { x: -MARGIN, y: -MARGIN, width: width + 2 * MARGIN, height: height + 2 * MARGIN };
  for (const [name, value] of Object.entries(place)) rect.setAttribute(name, String(value));
  rect.setAttribute('fill', getComputedStyle(chart).getPropertyValue('--gs-bg').trim() || 'white');
  return rect;
}

/** In a drawing of its own, which cuts off what the page cuts off of the canvas. */
function imageOf(canvas: HTMLCanvasElement, chart: SVGSVGElement): SVGElement {
  const shown = document.createElementNS(SVG, 'svg');
  const window = (cutOffBy(canvas) ?? canvas).getBoundingClientRect();
  setPlace(shown, window, chart.getBoundingClientRect());
  const image = document.createElementNS(SVG, 'image');
  setPlace(image, canvas.getBoundingClientRect(), window);
  image.setAttribute('preserveAspectRatio', 'none');
  image.setAttribute('href', canvas.toDataURL());
  shown.append(image);
  return shown;
}

/** The nearest element around a canvas that hides what stands out of it; null within two levels without. */
function cutOffBy(canvas: HTMLCanvasElement): Element | null {
  const around = [canvas.parentElement, canvas.parentElement?.parentElement];
  return around.find((element) => element && getComputedStyle(element).overflowX === 'hidden') ?? null;
}

function setPlace(element: SVGElement, own: DOMRect, from: DOMRect): void {
  const place = { x: own.left - from.left, y: own.top - from.top, width: own.width, height: own.height };
  for (const [name, value] of Object.entries(place)) element.setAttribute(name, String(value));
}

/** An SVG text as pixels. @throws Error when the browser cannot draw it */
export async function picturePng(svg: string): Promise<Blob> {
  const url = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const canvas = document.createElement('canvas');
    canvas.width = image.naturalWidth * SCALE;
    canvas.height = image.naturalHeight * SCALE;
    canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise((done, fail) => {
      canvas.toBlob((blob) => (blob ? done(blob) : fail(new Error('The chart could not be drawn as a picture.'))), 'image/png');
    });
  } finally {
    URL.revokeObjectURL(url);
  }
}
