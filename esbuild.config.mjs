// Bundles: extension host, worker, command line, webview. `--watch` rebuilds on change, `--production` minifies, `--quiet` tells of problems only.
import { context, build } from 'esbuild';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { thirdPartyNotices } from './worker/notices.mjs';
import { esbuildGlue, LITERT_WASM, LITERT_WASM_NAME } from './worker/runtimes/litert/bundleGlue.mjs';
import { ORT_COPIES, ORT_FILES, ortThread } from './worker/runtimes/onnxruntime/bundle.mjs';

const production = process.argv.includes('--production');
const quiet = process.argv.includes('--quiet');
const { version } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8'));

const shared = {
  bundle: true,
  metafile: true,
  minify: production,
  sourcemap: production ? false : 'linked',
  logLevel: quiet ? 'warning' : 'info',
  define: {
    GATESCOPE_VERSION: JSON.stringify(version),
    GATESCOPE_LITERT_WASM: JSON.stringify(LITERT_WASM_NAME),
    GATESCOPE_ONNXRUNTIME: JSON.stringify(ORT_FILES),
  },
  plugins: [esbuildGlue],
  jsx: 'automatic',
  jsxImportSource: 'preact',
};
const node = { ...shared, platform: 'node', target: 'node20', format: 'cjs' };

const bundles = [
  { ...node, entryPoints: ['extension/main.ts'], outfile: 'dist/extension.js', external: ['vscode'] },
  { ...node, entryPoints: ['worker/main.ts'], outfile: 'dist/worker.js' },
  { ...node, entryPoints: ['worker/layout/thread.ts'], outfile: 'dist/layout.js', charset: 'utf8' },
  { ...node, ...ortThread, outfile: `dist/${ORT_FILES.thread}` },
  { ...node, entryPoints: ['worker/cli.ts'], outfile: 'dist/cli.js', banner: { js: '#!/usr/bin/env node' } },
  {
    ...shared,
    platform: 'browser',
    target: 'es2022',
    format: 'iife',
    entryPoints: ['webview/main.tsx'],
    outfile: 'dist/webview.js',
  },
];

mkdirSync('dist', { recursive: true });
for (const file of ['codicon.css', 'codicon.ttf']) cpSync(`node_modules/@vscode/codicons/dist/${file}`, `dist/${file}`);
cpSync(LITERT_WASM, `dist/${LITERT_WASM_NAME}`);
for (const [name, file] of Object.entries(ORT_COPIES)) cpSync(file, `dist/${name}`);

if (process.argv.includes('--watch')) {
  for (const options of bundles) await (await context(options)).watch();
} else {
  const results = await Promise.all(bundles.map((options) => build(options)));
  const notices = thirdPartyNotices(
    results.map(({ metafile }) => metafile),
    ['@vscode/codicons', '@litertjs/core', 'onnxruntime-web'],
  );
  writeFileSync('dist/THIRD-PARTY-NOTICES.txt', notices);
}
