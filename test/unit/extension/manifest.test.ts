import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it, vi } from 'vitest';

const registered: string[] = [];
vi.mock('vscode', () => ({
  commands: { registerCommand: (name: string) => registered.push(name) },
  Disposable: { from: () => undefined },
  Uri: { joinPath: () => undefined },
}));

const root = resolve(import.meta.dirname, '../../..');
interface Entry {
  readonly command: string;
  readonly when?: string;
}
const { contributes, ...manifest } = JSON.parse(readFileSync(resolve(root, 'package.json'), 'utf8')) as {
  main: string;
  icon: string;
  capabilities: object;
  contributes: {
    commands: { command: string; title: string; category: string }[];
    menus: Record<string, Entry[]>;
    keybindings: Entry[];
    configurationDefaults: Readonly<Record<string, unknown>>;
    customEditors: { selector: { filenamePattern: string }[]; priority: string; viewType: string }[];
    walkthroughs: { steps: { description: string; media: { markdown: string }; completionEvents: string[] }[] }[];
    configuration: { properties: Record<string, object> };
  };
};
const names = contributes.commands.map((entry) => entry.command).sort();
/** Commands that make sense without an inspector in front. */
const ANYWHERE = ['gatescope.openInInspector', 'gatescope.openSample'];
/** They are about files selected in the explorer, which the palette does not know. */
const EXPLORER_ONLY = ['gatescope.compareSelected'];

describe('package.json', () => {
  it('declares exactly the commands that exist, in one category', async () => {
    const { registerCommands } = await import('../../../extension/commands/register');
    registerCommands(null as never, null as never);
    expect(registered.sort()).toEqual(names);
    expect(new Set(contributes.commands.map((entry) => entry.category))).toEqual(new Set(['GateScope']));
  });

  it('shows the inspector’s commands, keys and buttons only in the inspector', () => {
    const palette = new Map((contributes.menus.commandPalette ?? []).map((entry) => [entry.command, entry.when ?? '']));
    for (const name of EXPLORER_ONLY) expect(palette.get(name), name).toBe('false');
    for (const name of names.filter((command) => ![...ANYWHERE, ...EXPLORER_ONLY].includes(command))) {
      expect(palette.get(name), name).toContain("activeCustomEditorId == 'gatescope.inspector' && gatescope.");
    }
    for (const entry of [...contributes.keybindings, ...(contributes.menus['editor/title'] ?? [])]) {
      expect(entry.when, entry.command).toContain("activeCustomEditorId == 'gatescope.inspector' && gatescope.");
    }
  });

  it('uses only context keys that are set', async () => {
    const { CONTEXT_KEYS } = await import('../../../extension/inspectorContext');
    const used = JSON.stringify(contributes).match(/gatescope\.(modelOpen|running|has[A-Za-z]+)/g) ?? [];
    const inWhen = Object.values(contributes.menus)
      .flat()
      .concat(contributes.keybindings)
      .flatMap((entry) => (entry.when ?? '').match(/gatescope\.[a-zA-Z]+/g) ?? [])
      .filter((key) => key !== 'gatescope.inspector');
    expect([...new Set([...used, ...inWhen])].sort()).toEqual([...CONTEXT_KEYS].sort());
  });

  it('claims .tflite and .onnx, and is one of the editors for .pb, which other programs have as well', () => {
    expect(contributes.customEditors).toMatchObject([
      {
        viewType: 'gatescope.inspector',
        selector: [{ filenamePattern: '*.tflite' }, { filenamePattern: '*.onnx' }, { filenamePattern: '*.pb' }],
        priority: 'default',
      },
    ]);
    expect(contributes.configurationDefaults).toEqual({ 'workbench.editorAssociations': { '*.pb': 'default' } });
  });

  it('works in untrusted and virtual workspaces, and has no settings but documented ones', () => {
    expect(manifest.capabilities).toEqual({ untrustedWorkspaces: { supported: true }, virtualWorkspaces: true });
    expect(Object.keys(contributes.configuration.properties)).toEqual(['gatescope.targets', 'gatescope.keptReports']);
  });

  it('offers samples that are there', async () => {
    const { SAMPLES } = await import('../../../extension/commands/openSample');
    const models = readdirSync(resolve(root, 'samples')).filter((name) => name.endsWith('.tflite'));
    expect(SAMPLES.map((sample) => `${sample.label}.tflite`).sort()).toEqual(models.sort());
  });

  it('has a walkthrough whose commands and pages exist', () => {
    for (const step of contributes.walkthroughs.flatMap((walkthrough) => walkthrough.steps)) {
      for (const [, command] of step.description.matchAll(/\(command:([^)]+)\)/g)) expect(names).toContain(command);
      for (const event of step.completionEvents.filter((name) => name.startsWith('onCommand:'))) {
        expect(names).toContain(event.slice('onCommand:'.length));
      }
      expect(readFileSync(resolve(root, step.media.markdown), 'utf8')).toMatch(/^## /);
    }
  });
});
