import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { parseRequest } from '../../../extension/parseRequest';

const request = (name: string, params: unknown, id: unknown = 1) => ({ kind: 'request', id, name, params });
const RUN = { dataId: 'synthetic', persona: 'tflite', state: 'reset' };

const STUDY = { ...RUN, id: 'study' };

describe('messages of the webview', () => {
  it.each([
    request('init', null),
    request('run', RUN),
    request('run', { ...RUN, quirks: { 'peephole-width': false } }),
    request('cancel', null),
    request('chooseData', null),
    request('exportReport', { format: 'json' }),
    request('chooseAssumed', { input: 'sr' }),
    request('showProblems', null),
    request('openAsHex', null),
    request('reopenWith', null),
    request('copyText', { text: 'a' }),
    request('restart', null),
    request('chooseOther', null),
    request('blame', STUDY),
    request('blame', { ...STUDY, kinds: ['part', 'quirk'], quirks: { 'peephole-width': false } }),
    request('compare', { ...STUDY, other: null, personaB: 'tflm' }),
    request('compare', { ...STUDY, other: 'an id', personaB: 'tflite', quirksB: { 'double-rounding': true } }),
  ])('accepts $name', (message) => {
    expect(parseRequest(message)).toBe(message);
  });

  it.each([
    ['no object', 'run'],
    ['null', null],
    ['a list', [request('init', null)]],
    ['another kind', { ...request('init', null), kind: 'response' }],
    ['an unknown name', request('eval', null)],
    ['a name of the prototype', request('constructor', null)],
    ['an id that is no integer', request('init', null, 1.5)],
    ['an id that is text', request('init', null, '1')],
    ['parameters where there are none', request('cancel', {})],
    ['missing parameters', request('run', null)],
    ['an unknown persona', request('run', { ...RUN, persona: 'onnx' })],
    ['an unknown state handling', request('run', { ...RUN, state: 'keep' })],
    ['an unknown quirk', request('run', { ...RUN, quirks: { nonsense: true } })],
    ['a data id that is no text', request('run', { ...RUN, dataId: 7 })],
    ['an endless data id', request('run', { ...RUN, dataId: 'x'.repeat(200_000) })],
    ['an assumption for no input', request('chooseAssumed', null)],
    ['an unknown format', request('exportReport', { format: 'exe' })],
    ['a study without an id', request('blame', RUN)],
    ['an unknown kind to blame', request('blame', { ...STUDY, kinds: ['weather'] })],
    ['an unknown quirk', request('blame', { ...STUDY, quirks: { quick: true } })],
    [
      'a quirk that is neither on nor off',
      request('compare', { ...STUDY, other: null, personaB: 'tflm', quirksB: { 'cell-products': 1 } }),
    ],
    ['a comparison with nothing named', request('compare', { ...STUDY, personaB: 'tflite' })],
    ['text that is a number', request('copyText', { text: 1 })],
  ])('refuses %s', (_, message) => {
    expect(parseRequest(message)).toBeNull();
  });

  it('answers null to anything else, and never throws', () => {
    fc.assert(fc.property(fc.anything(), (message) => parseRequest(message) === null));
    fc.assert(
      fc.property(fc.string(), fc.anything(), (name, params) => {
        fc.pre(
          !['init', 'cancel', 'chooseData', 'showProblems', 'openAsHex', 'reopenWith', 'chooseOther', 'restart'].includes(name) ||
            params !== null,
        );
        return parseRequest(request(name, params)) === null;
      }),
    );
  });
});
