// `npm start`: from a clean checkout to a real VS Code on a sample model.
// Desktop `code` where it is on PATH, otherwise (or with --browser) the code-server workbench, to be opened in a browser.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { startCodeServer } from './codeServer.mjs';
import { findProgram, run } from './commands.mjs';
import { ROOT, buildBundles, installPackages, packageExtension } from './prepare.mjs';

const folder = join(ROOT, 'samples');
const sample = join(folder, 'digits-int8-miscalibrated.tflite');

installPackages();
const code = process.argv.includes('--browser') ? null : findProgram('code');
if (code !== null) {
  buildBundles();
  console.log(`Opening ${sample} in VS Code …`);
  run(code, ['--new-window', `--extensionDevelopmentPath=${ROOT}`, folder, sample]);
} else {
  const server = await startCodeServer({
    dataFolder: join(ROOT, '.cache/start'),
    vsix: packageExtension(),
    open: sample,
    settings: { 'workbench.colorTheme': 'Default Dark Modern' },
  });
  const address = server.url(folder);
  console.log(
    `\nVS Code with GateScope runs at\n\n    ${address}\n\nWhoever knows this address can use this machine: keep it. Ctrl+C stops it.`,
  );
  openBrowser(address);
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void server.stop().then(() => process.exit(0)));
  server.child.once('exit', (status) => process.exit(status ?? 1));
}

/** Best effort: the address is printed anyway. */
function openBrowser(address) {
  const program = findProgram(process.platform === 'darwin' ? 'open' : 'xdg-open');
  if (
    program === null ||
    process.env.CI ||
    (process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY)
  )
    return;
  spawn(program, [address], { stdio: 'ignore', detached: true })
    .on('error', () => undefined)
    .unref();
}
