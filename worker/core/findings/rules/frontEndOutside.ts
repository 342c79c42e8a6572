import { FED_METADATA } from '../../formats/tf1/readTf1';
import type { FindingRule } from '../findingRule';

export const frontEndOutside: FindingRule = {
  rule: 'front-end-outside',
  severity: 'info',
  title: 'Features are made outside of the model',
  explanation:
    'The TensorFlow graph that the model comes from makes features of a recording itself (DecodeWav, AudioSpectrogram, Mfcc). No runtime for devices has these operators: the model begins behind them, and other features than those it was trained with cost accuracy without a sign.',
  fix: 'On the device, compute the same features. Here, give recordings: the settings in the metadata `gatescope.features` are used for .wav files.',
  reference: 'TensorFlow, core/kernels: spectrogram.cc, mfcc.cc, mfcc_mel_filterbank.cc, mfcc_dct.cc',
  check: ({ model, graph }) => {
    const fed = model.metadata.find(({ name }) => name === FED_METADATA)?.text ?? null;
    const input = graph.tensors[graph.inputs[0] ?? -1];
    if (fed === null || graph.index !== 0 || input === undefined) return [];
    return [{ message: `${input.name} has to be fed with ${fed}.`, tensor: input }];
  },
};
