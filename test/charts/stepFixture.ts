export { layoutSteps, type StepFigures } from '../../webview/charts/stepLayout';

/** Whether all absolute x coordinates of the lanes' lines lie in the plot. */
export function pointEndsInside(svg: string, width: number): boolean {
  const ends = [...svg.matchAll(/H(-?[\d.]+)/g)].map(([, x]) => Number(x));
  return ends.length > 0 && ends.every((x) => x >= -0.05 && x <= width + 0.05);
}
