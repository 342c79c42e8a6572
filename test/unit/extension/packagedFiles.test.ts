import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../../..');
/** Too many files to look through, and none of them part of the package; samples of them are put in by hand. */
const LEFT_OUT = ['node_modules', '.git', '.cache', 'dist'];
const BUILT = [
  'THIRD-PARTY-NOTICES.txt',
  'codicon.css',
  'codicon.ttf',
  'extension.js',
  'layout.js',
  'litert.wasm',
  'onnxruntime.js',
  'onnxruntime.mjs',
  'onnxruntime.wasm',
  'webview.css',
  'webview.js',
  'worker.js',
];
const NOT_PACKAGED = [
  'dist/cli.js',
  'dist/worker.js.map',
  'dist/types/extension/main.d.ts',
  'dist/gatescope.vsix',
  '.cache/x.js',
  'node_modules/d3/index.js',
  '.env',
];

const copy = mkdtempSync(join(tmpdir(), 'gatescope-package-'));
afterAll(() => rmSync(copy, { recursive: true, force: true }));

function touch(name: string): void {
  mkdirSync(dirname(join(copy, name)), { recursive: true });
  writeFileSync(join(copy, name), '');
}

describe('the packaged extension', () => {
  it('holds what is listed here, and nothing else', () => {
    for (const entry of readdirSync(root).filter((name) => !LEFT_OUT.includes(name))) {
      cpSync(join(root, entry), join(copy, entry), { recursive: true });
    }
    for (const name of [...BUILT.map((file) => `dist/${file}`), ...NOT_PACKAGED]) touch(name);
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: { package: string } };
    const readme = /--readme-path (\S+)/.exec(scripts.package)?.[1] ?? 'README.md';
    const vsce = join(root, 'node_modules/@vscode/vsce/vsce');
    const listing = execFileSync(process.execPath, [vsce, 'ls', '--no-dependencies', '--readme-path', readme], { cwd: copy });
    const files = listing
      .toString()
      .split(/\r?\n/)
      .filter((line) => line !== '');
    expect(files.sort()).toEqual([
      'CHANGELOG.md',
      'LICENSE',

      ...BUILT.map((file) => `dist/${file}`),
      'extension/media/details.md',
      'extension/media/icon.png',
      'extension/media/tflite-dark.svg',
      'extension/media/tflite-light.svg',
      ...['look', 'open', 'report', 'run'].map((name) => `extension/media/walkthrough/${name}.md`),
      'package.json',
      ...['float', 'hybrid', 'int8-miscalibrated', 'int8'].map((name) => `samples/digits-${name}.tflite`),
      'samples/inputs/labels.json',
      ...[1, 2, 3, 4, 5, 6, 7, 8].map((index) => `samples/inputs/utterance-${index}.npy`),
    ]);
  });
});
