import { describe, expect, it } from 'vitest';
import { linkQuery, parseLink } from '../../../extension/placeLink';

describe('links to a place', () => {
  it('lead back to the same file and place, whatever is in their names', () => {
    const link = {
      file: 'file:///models/a%20b%26c.tflite',
      place: { tab: 'lstm', lstm: { subgraph: 0, index: 3 }, filter: 'ä&=%?' },
    };
    expect(parseLink(linkQuery(link))).toEqual(link);
  });

  it('carry what inputs are taken to be, where it decides which network there is', () => {
    const link = { file: 'file:///models/vad.onnx', place: { tab: 'layers' }, assumed: { sr: 8000 } };
    expect(parseLink(linkQuery(link))).toEqual(link);
  });

  it.each([
    ['no file', 'place={}'],
    ['a file that is no model', 'file=file%3A%2F%2F%2Fetc%2Fpasswd&place={}'],
    ['a path without a scheme', 'file=%2Fmodels%2Fa.tflite'],
    ['an assumption that is no number', 'file=file%3A%2F%2F%2Fa.onnx&assumed={"sr":"16000"}'],
    ['a place that is no object', 'file=file%3A%2F%2F%2Fa.tflite&place=[1]'],
    ['a place that is no JSON', 'file=file%3A%2F%2F%2Fa.tflite&place={tab'],
    ['a place beyond all use', `file=file%3A%2F%2F%2Fa.tflite&place={"tab":"${'x'.repeat(5000)}"}`],
  ])('%s is refused', (_, query) => {
    expect(parseLink(query)).toBeNull();
  });

  it('without a place it opens the file as it was left', () => {
    expect(parseLink('file=file%3A%2F%2F%2Fa.tflite')).toEqual({ file: 'file:///a.tflite', place: {} });
  });
});
