import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { assumeOption, type AssumeOption, withAssumed } from '../../../worker/cli/assumeOption';

const parsed = (...args: string[]): AssumeOption =>
  new Command()
    .exitOverride()
    .configureOutput({ writeErr: () => undefined })
    .addOption(assumeOption())
    .parse(args, { from: 'user' })
    .opts();

describe('--assume', () => {
  it('takes an input and a whole number, as often as wanted', () => {
    expect(parsed('--assume', 'sr=8000', '--assume', 'a=b=-1').assume).toEqual({ sr: 8000, 'a=b': -1 });
    for (const wrong of ['sr', 'sr=', '=1', 'sr=1.5', 'sr=99999999999999999999']) {
      expect(() => parsed('--assume', wrong), wrong).toThrow('whole number');
    }
  });

  it('is how the model is read', () => {
    const file = { name: 'a.onnx', bytes: new Uint8Array(0) };
    expect(withAssumed(file, parsed())).toBe(file);
    expect(withAssumed(file, parsed('--assume', 'sr=1'))).toEqual({ ...file, assumed: { sr: 1 } });
  });
});
