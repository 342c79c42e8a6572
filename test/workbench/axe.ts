import axe, { type RunOptions } from 'axe-core';
import type { Frame, FrameLocator } from 'playwright-core';

/** What tells the page that a theme has arrived. */
export const BODY = {
  ...{ dark: 'body.vscode-dark', light: 'body.vscode-light' },
  // Light high contrast has the class of the dark one too.
  ...{ contrast: 'body.vscode-high-contrast:not(.vscode-high-contrast-light)', contrastLight: 'body.vscode-high-contrast-light' },
} as const;

/** A theme changes nothing but colours: the other rules are asked once a screen. */
const RULES: Readonly<Record<'all' | 'colour', RunOptions>> = {
  all: { resultTypes: ['violations'] },
  colour: { resultTypes: ['violations'], runOnly: { type: 'rule', values: ['color-contrast', 'link-in-text-block'] } },
};

/** The frame of the visible inspector, in which scripts can run. */
export async function frameOfInspector(view: FrameLocator): Promise<Frame> {
  const frame = await (await view.locator('body').elementHandle())?.ownerFrame();
  if (!frame) throw new Error('the inspector has no frame');
  return frame;
}

/** Serious and critical findings of axe on the page as it is shown, by all its rules or by those of colour. */
export async function findingsOfAxe(view: FrameLocator, rules: 'all' | 'colour'): Promise<string[]> {
  const frame = await frameOfInspector(view);
  if (!(await frame.evaluate(() => 'axe' in globalThis))) await frame.evaluate(axe.source);
  const violations = await frame.evaluate(async (options) => {
    const { violations } = await (globalThis as unknown as { axe: typeof axe }).axe.run(document, options);
    return violations.map(({ id, impact, nodes }) => ({ id, impact, places: nodes.map(({ target }) => target.join(' ')) }));
  }, RULES[rules]);
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, places }) => `${id} at ${places.slice(0, 4).join(', ')}`);
}
