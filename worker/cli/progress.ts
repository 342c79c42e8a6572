import { workerData } from 'node:worker_threads';
import type { ThreadData } from './supervise';

const WIDTH = 30;

/** A progress bar on standard error, drawn on a terminal only and at most ten times a second. */
export class ProgressBar {
  private drawn = 0;
  private readonly isShown = (workerData as ThreadData | null)?.isTerminal === true;

  show(done: number, total: number, label: string): void {
    const now = performance.now();
    if (!this.isShown || (now - this.drawn < 100 && done < total)) return;
    this.drawn = now;
    const filled = total === 0 ? WIDTH : Math.round((WIDTH * done) / total);
    process.stderr.write(`\r\x1b[K${'#'.repeat(filled)}${'.'.repeat(WIDTH - filled)} ${done}/${total} ${label}`);
  }

  /** Takes the bar away. */
  end(): void {
    if (this.isShown) process.stderr.write('\r\x1b[K');
  }
}
