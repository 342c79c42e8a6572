// `npm test`: everything, from a clean checkout: types, lint, unit, golden, charts, oracle, workbench. One suite's failure does not
// hide the others; the last line counts all of them.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, installPackages } from '../extension/devhost/prepare.mjs';
import { installChromium } from './workbench/chromium.mjs';

const results = join(ROOT, '.cache/test-results');
rmSync(results, { recursive: true, force: true });
mkdirSync(results, { recursive: true });

const total = { passed: 0, failed: 0, skipped: 0 };
const skipped = [];

installPackages();
check('types', 'npx', ['tsc', '-b']);
check('eslint', 'npx', ['eslint', '.']);
check('prettier', 'npx', ['prettier', '--check', '--log-level=warn', '.']);
check('bundles', process.execPath, ['esbuild.config.mjs', '--quiet']);
suite('unit, golden, charts, oracle', ['run']);
installChromium();
check('package', 'npm', ['run', '--silent', 'package']);
suite('workbench', ['run', '--config', 'vitest.workbench.config.mts']);

if (skipped.length > 0) console.log(`\nSkipped:\n${skipped.map((name) => `  ${name}`).join('\n')}`);
console.log(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exitCode = total.failed === 0 ? 0 : 1;

/** One command that passes or fails as a whole. */
function check(name, program, args) {
  const started = Date.now();
  const { status } = spawnSync(program, args, { cwd: ROOT, stdio: ['ignore', 'inherit', 'inherit'] });
  console.log(`${status === 0 ? 'ok' : 'FAILED'}  ${name}  ${((Date.now() - started) / 1000).toFixed(1)} s`);
  if (status === 0) total.passed += 1;
  else total.failed += 1;
}

/** A vitest run, counted test by test. */
function suite(name, args) {
  const file = join(results, `${name.replaceAll(/\W+/g, '-')}.json`);
  const started = Date.now();
  spawnSync('npx', ['vitest', ...args, '--reporter=default', '--reporter=json', `--outputFile.json=${file}`], {
    cwd: ROOT,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const counts = readCounts(file);
  console.log(`${counts.failed === 0 ? 'ok' : 'FAILED'}  ${name}  ${((Date.now() - started) / 1000).toFixed(1)} s`);
  for (const kind of Object.keys(total)) total[kind] += counts[kind];
}

function readCounts(file) {
  let report;
  try {
    report = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return { passed: 0, failed: 1, skipped: 0 }; // the runner itself died
  }
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for (const { assertionResults, status, message } of report.testResults) {
    // A file that fails to load has no tests of its own.
    if (assertionResults.length === 0 && (status === 'failed' || message)) counts.failed += 1;
    for (const test of assertionResults) {
      if (test.status === 'passed') counts.passed += 1;
      else if (test.status === 'failed') counts.failed += 1;
      else {
        counts.skipped += 1;
        skipped.push(test.fullName);
      }
    }
  }
  // Errors outside any test (an unhandled rejection, a broken hook) fail the run without failing a test.
  if (!report.success && counts.failed === 0) counts.failed = 1;
  return counts;
}
