import { Command, CommanderError } from 'commander';
import { GENERATOR } from '../version';
import { registerBlame } from './blame';
import { registerCompare } from './compare';
import { describeFailure } from './failure';
import { registerFuse } from './fuse';
import { registerInspect } from './inspect';
import { registerMap } from './map';
import { registerQuantize } from './quantize';
import { registerMerge } from './merge';
import { registerReport } from './report';
import { registerRun } from './run';

const EXIT_STATUS = `
Exit status: 0 fine; 1 a threshold or the baseline is not met; 2 wrong usage; 3 a model or data file cannot be used;
4 a defect of this program; 130 stopped by Ctrl+C.`;

/** Parses the arguments, runs the command, and leaves the exit status in `process.exitCode`. Never rejects. */
export async function runCommands(args: readonly string[]): Promise<void> {
  const program = new Command('gatescope')
    .description('Quantized models from the command line: what they hold, what they compute, where they lose accuracy')
    .version(GENERATOR)
    .showHelpAfterError('(see --help)')
    .addHelpText('after', EXIT_STATUS)
    .exitOverride();
  registerInspect(program);
  registerRun(program);
  registerQuantize(program);
  registerFuse(program);
  registerReport(program);
  registerMerge(program);
  registerMap(program);
  registerBlame(program);
  registerCompare(program);
  program.commands.forEach((command) => command.exitOverride().showHelpAfterError('(see --help)'));
  try {
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? 0 : 2;
      return;
    }
    const { lines, exitCode } = describeFailure(error);
    for (const line of lines) process.stderr.write(`${line}\n`);
    process.exitCode = exitCode;
  }
}
