import { useEffect, useState } from 'preact/hooks';
import type { Rgb } from '../charts/heatColors';

/** Counts the changes of the page's theme, which VS Code tells by the body's classes and the root's style. */
export function useTheme(): number {
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

/** Reads an element's colours as numbers, whatever form the theme writes them in: the browser resolves them to one. */
export function colorsOf(element: Element): (property: string) => Rgb {
  const probe = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const style = getComputedStyle(element);
  return (property) => {
    if (!probe) return [0, 0, 0];
    probe.clearRect(0, 0, 1, 1);
    probe.fillStyle = style.getPropertyValue(property);
    probe.fillRect(0, 0, 1, 1);
    const [red = 0, green = 0, blue = 0] = probe.getImageData(0, 0, 1, 1).data;
    return [red, green, blue];
  };
}
