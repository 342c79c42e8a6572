// `npm run test:workbench`: the packaged extension in a real VS Code, driven by headless Chromium.
import { installPackages, packageExtension, ROOT } from '../../extension/devhost/prepare.mjs';
import { run } from '../../extension/devhost/commands.mjs';
import { installChromium } from './chromium.mjs';

installPackages();
installChromium();
packageExtension();
run('npx', ['vitest', 'run', '--config', 'vitest.workbench.config.mts', ...process.argv.slice(2)], { cwd: ROOT });
