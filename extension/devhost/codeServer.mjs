// A real VS Code workbench without a desktop: the code-server package from npm, kept in .cache/, its server started directly.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { cpSync, createWriteStream, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { run } from './commands.mjs';
import { ROOT } from './prepare.mjs';

/** code-server 4.103.2 carries VS Code 1.103.2, the oldest version that package.json's `engines` allows. */
export const CODE_SERVER = '4.103.2';

/** Nothing that phones home, suggests, or gets in the way of the sample. */
const SETTINGS = {
  'workbench.startupEditor': 'none',
  'security.workspace.trust.enabled': false,
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
  'workbench.enableExperiments': false,
  'workbench.tips.enabled': false,
  'workbench.welcomePage.walkthroughs.openOnInstall': false,
  'chat.disableAIFeatures': true,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'files.simpleDialog.enable': true,
  'git.enabled': false,
  'npm.autoDetect': 'off',
  'typescript.disableAutomaticTypeAcquisition': true,
  'json.schemaDownload.enable': false,
  'window.confirmBeforeClose': 'never',
};

/** Installs code-server into .cache/ once (about 20 s, 310 MB) and returns the folder of its VS Code. No install script is run. */
export function installCodeServer() {
  if (process.platform === 'win32')
    throw new Error('code-server does not run on Windows: install VS Code, so that `code` is on PATH');
  const home = join(ROOT, `.cache/code-server-${CODE_SERVER}`);
  if (!existsSync(home)) {
    console.log(`Installing the npm code-server workbench ${CODE_SERVER} into .cache/ (once, about 310 MB) …`);
    const partial = `${home}.partial`;
    rmSync(partial, { recursive: true, force: true });
    mkdirSync(partial, { recursive: true });
    writeFileSync(join(partial, 'package.json'), '{"private":true}\n');
    const ripgrep = `@vscode/ripgrep-${process.platform}-${process.arch}`;
    const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
    run('npm', ['install', ...quiet, '--no-save', `code-server@${CODE_SERVER}`, `${ripgrep}@1.18.0`], { cwd: partial });
    const vscode = join(partial, 'node_modules/code-server/lib/vscode');
    run('npm', ['install', ...quiet, '--omit=dev'], { cwd: vscode });
    cpSync(join(partial, 'node_modules', ripgrep, 'bin'), join(vscode, 'node_modules/@vscode/ripgrep/bin'), { recursive: true });
    renameSync(partial, home);
  }
  return join(home, 'node_modules/code-server/lib/vscode');
}

/**
 * Starts the workbench server on a free port of the loopback interface.
 * @param options.dataFolder where settings, extensions and logs go; made anew
 * @param options.vsix extension to install
 * @param options.open file that the opener extension shows; null: none
 * @param options.settings user settings on top of the quiet ones
 */
export async function startCodeServer({ dataFolder, vsix, open = null, settings = {}, testDriver = false }) {
  const vscode = installCodeServer();
  rmSync(dataFolder, { recursive: true, force: true });
  mkdirSync(join(dataFolder, 'data/User'), { recursive: true });
  writeFileSync(join(dataFolder, 'data/User/settings.json'), JSON.stringify({ ...SETTINGS, ...settings }, null, 2));
  cpSync(join(import.meta.dirname, 'opener'), join(dataFolder, 'ext/gatescope-dev.sample-opener-0.0.1'), { recursive: true });

  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(VSCODE_|npm_|NODE_OPTIONS$)/.test(name)));
  env.EXTENSIONS_GALLERY = '{}';
  if (open !== null) env.GATESCOPE_OPEN = open;
  const main = join(vscode, 'out/server-main.js');
  const common = ['--accept-server-license-terms', '--server-data-dir', dataFolder, '--user-data-dir', join(dataFolder, 'data')];
  common.push('--extensions-dir', join(dataFolder, 'ext'), '--telemetry-level', 'off');
  run(process.execPath, [main, ...common, '--install-extension', vsix], {
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
  });

  const token = randomBytes(16).toString('hex');
  const port = await freePort();
  const args = [
    ...common,
    '--host',
    '127.0.0.1',
    '--port',
    String(port),
    '--connection-token',
    token,
    '--disable-workspace-trust',
  ];
  if (testDriver) args.push('--enable-smoke-test-driver');
  const child = spawn(process.execPath, [main, ...args], { env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  const log = createWriteStream(join(dataFolder, 'server.log'));
  child.stdout.pipe(log);
  child.stderr.pipe(log);
  const origin = `http://127.0.0.1:${port}`;
  await untilAnswering(`${origin}/version`, child, join(dataFolder, 'server.log'));
  return {
    /** Address of the workbench on a folder; whoever has it has a terminal on this machine. */
    url: (folder) => `${origin}/?tkn=${token}&folder=${encodeURIComponent(folder)}`,
    child,
    stop: () => stopGroup(child),
  };
}

async function untilAnswering(address, child, log) {
  for (const deadline = Date.now() + 60_000; ; await new Promise((wake) => setTimeout(wake, 50))) {
    try {
      if ((await fetch(address)).ok) return;
    } catch {
      // not listening yet
    }
    if (child.exitCode !== null || Date.now() > deadline) throw new Error(`the workbench server did not start: see ${log}`);
  }
}

/** The server forks extension hosts: the whole process group has to go. */
function stopGroup(child) {
  return new Promise((done) => {
    if (child.exitCode !== null) return done();
    const kill = (signal) => {
      try {
        process.kill(-child.pid, signal);
      } catch {
        // already gone
      }
    };
    const force = setTimeout(() => kill('SIGKILL'), 5000);
    child.once('exit', () => {
      clearTimeout(force);
      done();
    });
    kill('SIGTERM');
  });
}

function freePort() {
  return new Promise((found, failed) => {
    const server = createServer();
    server.once('error', failed);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => found(port));
    });
  });
}
