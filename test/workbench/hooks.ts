import { afterAll, afterEach } from 'vitest';
import type { Workbench } from './workbench';

/** For the tests of one file, which share a workbench: a picture of each that failed, and its end. */
export function pictureFailuresAndClose(workbench: () => Workbench | undefined): void {
  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await workbench()?.screenshot(`failed-${task.name.replaceAll(/\W+/g, '-')}`);
  });
  afterAll(async () => {
    await workbench()?.close();
  });
}
