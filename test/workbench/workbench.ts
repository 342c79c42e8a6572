import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { chromium, type Browser, type FrameLocator, type Page } from 'playwright-core';
import { startCodeServer, type CodeServer } from '../../extension/devhost/codeServer.mjs';
import { findChromium } from './chromium.mjs';

export const ROOT = resolve(import.meta.dirname, '../..');
export const THEMES = {
  ...{ dark: 'Default Dark Modern', light: 'Default Light Modern' },
  ...{ contrast: 'Default High Contrast', contrastLight: 'Default High Contrast Light' },
} as const;
/** As the list of themes calls them. */
const LABELS: Readonly<Record<ThemeName, string>> = {
  ...{ dark: 'Dark Modern', light: 'Light Modern', contrast: 'Dark High Contrast', contrastLight: 'Light High Contrast' },
};
export type ThemeName = keyof typeof THEMES;

/** A running VS Code with the packaged extension, on a copy of the samples and of any further files. */
export interface Workbench {
  readonly page: Page;
  /** The folder that is open; what the editor saves lands here. */
  readonly folder: string;
  /** Hosts other than this machine that the page asked for. */
  readonly foreignHosts: ReadonlySet<string>;
  /** Opens the quick input with a key, types, and takes the first row that has the text; `keys`: with the Enter key, else by a click. */
  pick(key: 'F1' | 'Control+P', typed: string, row: string, by?: 'mouse' | 'keys'): Promise<void>;
  /** Opens a file of the folder by Quick Open and waits for its tab. */
  open(name: string): Promise<void>;
  /** The document inside the visible webview. */
  inspector(): FrameLocator;
  /** Runs a command of the palette by its title. */
  command(title: string): Promise<void>;
  setTheme(theme: ThemeName): Promise<void>;
  /** Loads the whole window anew, as "Developer: Reload Window" does. */
  reload(): Promise<void>;
  /** Picture under .cache/screenshots. */
  screenshot(name: string): Promise<string>;
  close(): Promise<void>;
}

const BROWSER_FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'];
BROWSER_FLAGS.push('--disable-component-update', '--disable-sync');

export async function launchChromium(): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === null) throw new Error('no Chromium found: install one or set CHROMIUM_PATH');
  return chromium.launch({ executablePath, headless: true, args: BROWSER_FLAGS });
}

/** @param name of this workbench's own folders under .cache, so that two can run at a time */
export async function startWorkbench(
  name: string,
  options: { files?: readonly string[]; width?: number; height?: number; theme?: ThemeName } = {},
): Promise<Workbench> {
  const folder = join(ROOT, `.cache/workbench/${name}/files`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  cpSync(join(ROOT, 'samples'), folder, { recursive: true });
  for (const file of options.files ?? []) cpSync(file, join(folder, file.slice(file.lastIndexOf('/') + 1)));

  const server = await startCodeServer({
    dataFolder: join(ROOT, `.cache/workbench/${name}/server`),
    vsix: join(ROOT, 'dist/gatescope.vsix'),
    settings: { 'workbench.colorTheme': THEMES[options.theme ?? 'dark'] },
    testDriver: true,
  });
  try {
    const browser = await launchChromium();
    return await openWindow(server, browser, folder, options.width ?? 1440, options.height ?? 900);
  } catch (error) {
    await server.stop();
    throw error;
  }
}

async function openWindow(
  server: CodeServer,
  browser: Browser,
  folder: string,
  width: number,
  height: number,
): Promise<Workbench> {
  const context = await browser.newContext({ viewport: { width, height } });
  const page = await context.newPage();
  const foreignHosts = new Set<string>();
  page.on('request', (request) => {
    const { hostname } = new URL(request.url());
    // Webviews live under the workbench's own name, which its service worker answers.
    if (hostname !== '' && hostname !== '127.0.0.1' && !hostname.endsWith('.vscode-cdn.net')) foreignHosts.add(hostname);
  });
  const quickInput = page.locator('.quick-input-widget input.input');
  const rows = page.locator('.quick-input-list .monaco-list-row');

  /**
   * Types into the quick input and takes the first row with that text. The input closes when something else takes the focus just then,
   * such as a notification or a page that has loaded: it is opened again, as a person would.
   */
  const pick: Workbench['pick'] = async (key, typed, row, by = 'mouse') => {
    for (let attempt = 1; ; attempt++) {
      await page.keyboard.press(key);
      try {
        await quickInput.waitFor({ state: 'visible', timeout: 10_000 });
        await quickInput.fill(typed, { timeout: 3_000 });
        const first = rows.filter({ hasText: row }).first();
        if (by === 'mouse') return await first.click({ timeout: 10_000 });
        await first.waitFor({ timeout: 10_000 });
        return await page.keyboard.press('Enter');
      } catch (error) {
        if (attempt === 4) throw error;
        // In the inspector, the key would clear what is selected.
        if (await quickInput.isVisible()) await page.keyboard.press('Escape');
      }
    }
  };

  // Before extensions are known, the workbench would open a model as a binary file.
  const ready = async (): Promise<void> => {
    await page.waitForFunction(() => performance.getEntriesByName('code/didLoadExtensions').length > 0, null, {
      timeout: 60_000,
    });
    await page.locator('.monaco-workbench .statusbar').waitFor();
  };
  await page.goto(server.url(folder));
  await ready();

  return {
    page,
    folder,
    foreignHosts,
    pick,
    async open(file) {
      await pick('Control+P', file, file);
      await page.locator('.tab.active', { hasText: file }).waitFor();
    },
    inspector: () => page.locator('iframe.webview.ready:visible').contentFrame().locator('iframe#active-frame').contentFrame(),
    async command(title) {
      await pick('F1', `>${title}`, title);
    },
    async setTheme(theme) {
      await pick('F1', '>Preferences: Color Theme', 'Preferences: Color Theme');
      await quickInput.fill(LABELS[theme]);
      await page.keyboard.press('Enter');
      await quickInput.waitFor({ state: 'hidden' });
    },
    async reload() {
      // The workbench keeps what is open some moments after it changed.
      await page.waitForTimeout(2_000);
      await page.reload();
      await ready();
    },
    async screenshot(name) {
      const path = join(ROOT, `.cache/screenshots/${name}.png`);
      await page.screenshot({ path });
      return path;
    },
    async close() {
      await browser.close();
      await server.stop();
    },
  };
}
