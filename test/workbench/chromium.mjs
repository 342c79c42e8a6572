// The browser of the workbench tests: one that is there, or Debian's where we may install it.
import { findProgram, run } from '../../extension/devhost/commands.mjs';

/** Path of a Chromium or Chrome; null where there is none. */
export function findChromium() {
  const mac = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';
  return process.env.CHROMIUM_PATH ?? findProgram('chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', mac);
}

/** Installs Chromium by apt where we are root and none is there. */
export function installChromium() {
  if (findChromium() !== null) return;
  if (process.getuid?.() !== 0 || findProgram('apt-get') === null) {
    console.log('No Chromium or Chrome found, and it cannot be installed without root and apt: set CHROMIUM_PATH');
    return;
  }
  console.log('Installing Chromium …');
  run('apt-get', ['update', '-qq'], { stdio: ['ignore', 'ignore', 'inherit'] });
  run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium', 'fonts-dejavu-core'], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
}
