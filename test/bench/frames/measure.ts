import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { ROOT, startWorkbench, type Workbench } from '../../workbench/workbench';
import { manyOperators } from './manyOperators';
import { busyTasks, type Busy } from './trace';

export interface FrameFigures extends Busy {
  readonly name: string;
}

const OPERATORS = 10_000;

/** Every gesture is traced on its own, in the packaged extension in a real VS Code. */
export async function measureFrames(): Promise<readonly FrameFigures[]> {
  const folder = join(ROOT, '.cache/workbench/frames-model');
  mkdirSync(folder, { recursive: true });
  const model = join(folder, 'many-operators.tflite');
  writeFileSync(model, manyOperators(OPERATORS));
  const bench = await startWorkbench('frames', { files: [model] });
  try {
    return await measureIn(bench);
  } finally {
    await bench.close();
  }
}

async function measureIn(bench: Workbench): Promise<readonly FrameFigures[]> {
  const { page } = bench;
  await bench.open('many-operators.tflite');
  const id = (name: string): Locator => bench.inspector().locator(`[data-testid="${name}"]`);
  await id('data').click();
  await bench.inspector().getByRole('option', { name: 'Synthetic' }).click();
  await id('tab-layers').click();
  await id('run').click();
  await id('panel-profile').waitFor({ timeout: 200_000 });
  const figures: FrameFigures[] = [];
  const measure = async (name: string, gesture: () => Promise<void>) => {
    await page.waitForTimeout(800);
    figures.push({ name, ...(await traced(page, bench, gesture)) });
  };

  const table = await boxOf(id('layer-grid'));
  await page.mouse.move(table.x + 300, table.y + 120);
  await measure('scroll the table', () => wheel(page, 60, 180));
  await measure('point at rows', () =>
    drag(page, false, [table.x + 200, table.y + 40], [table.x + 220, table.y + table.height - 20], 60),
  );
  await measure('sort by local error', () => id('sort-local').click());
  await measure('filter by text', async () => {
    await id('layer-filter').click();
    await page.keyboard.type('block_99', { delay: 60 });
    await page.keyboard.press('Escape');
  });
  const profile = await boxOf(id('panel-profile').locator('.gs-choice'));
  const along = (share: number): [number, number] => [profile.x + profile.width * share, profile.y + 60];
  await measure('point along the profile', () => drag(page, false, along(0.1), along(0.9), 60));
  await measure('brush the profile', () => drag(page, true, along(0.2), along(0.7), 60));
  await page.keyboard.press('Escape');
  await measure('select rows by key', async () => {
    await id('layer-grid').focus();
    for (let press = 0; press < 30; press++) await page.keyboard.press('Shift+ArrowDown');
  });
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await measure('open the graph', async () => {
    await id('layers-as-graph').click();
    await id('graph').waitFor({ timeout: 60_000 });
  });
  await measure('open a group', async () => {
    await id('graph').focus();
    for (const key of ['Home', 'ArrowRight', 'Enter']) await page.keyboard.press(key);
    await page.waitForTimeout(4_000);
  });
  const graph = await boxOf(id('graph'));
  const at = (across: number): [number, number] => [graph.x + graph.width * across, graph.y + graph.height / 2];
  await measure('pan the graph', () => drag(page, true, at(0.8), at(0.2), 80));
  await measure('zoom the graph', async () => {
    await page.mouse.move(...at(0.5));
    await wheel(page, 30, 60);
    await wheel(page, 40, -60);
  });
  await measure('point at the graph', () => drag(page, false, at(0.1), at(0.9), 60));
  return figures;
}

async function boxOf(place: Locator): Promise<{ x: number; y: number; width: number; height: number }> {
  const box = await place.boundingBox();
  if (box === null) throw new Error('Nothing is drawn there.');
  return box;
}

async function wheel(page: Page, turns: number, by: number): Promise<void> {
  for (let turn = 0; turn < turns; turn++) {
    await page.mouse.wheel(0, by);
    await page.waitForTimeout(16);
  }
}

async function drag(
  page: Page,
  pressed: boolean,
  from: readonly [number, number],
  to: readonly [number, number],
  steps: number,
): Promise<void> {
  await page.mouse.move(...from);
  if (pressed) await page.mouse.down();
  for (let step = 1; step <= steps; step++) {
    const share = step / steps;
    await page.mouse.move(from[0] + (to[0] - from[0]) * share, from[1] + (to[1] - from[1]) * share);
    await page.waitForTimeout(12);
  }
  if (pressed) await page.mouse.up();
}

/** Marks in the inspector's own document say which thread of the trace is its, and from when to when the gesture lasted. */
async function traced(page: Page, bench: Workbench, gesture: () => Promise<void>): Promise<Busy> {
  const browser = page.context().browser() as Browser;
  const root = bench.inspector().locator('body');
  const mark = (name: string) => root.evaluate((_, text) => void performance.mark(text), name);
  await browser.startTracing(page, {
    categories: ['toplevel', 'blink.user_timing', 'devtools.timeline', 'disabled-by-default-devtools.timeline'],
  });
  await mark('gesture-begins');
  await gesture();
  await page.waitForTimeout(300);
  await mark('gesture-ends');
  return busyTasks((await browser.stopTracing()).toString());
}
