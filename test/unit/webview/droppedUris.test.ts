import { expect, it } from 'vitest';
import { droppedUris } from '../../../webview/views/shell/droppedUris';

const drag = (data: Readonly<Record<string, string>>) => droppedUris((type) => data[type] ?? '');

it('takes the uris of the editor’s own lists, before those that other programs give', () => {
  expect(drag({ 'application/vnd.code.uri-list': 'file:///a.npy\r\nfile:///b.npy', 'text/uri-list': 'file:///c.npy' })).toEqual([
    'file:///a.npy',
    'file:///b.npy',
  ]);
  expect(drag({ resourceurls: '["file:///a.npy", 3]' })).toEqual(['file:///a.npy']);
});

it('leaves out comments, and anything that is no uri', () => {
  expect(drag({ 'text/uri-list': '# files\nfile:///a.npy\n\n/models/b.npy\njust text' })).toEqual(['file:///a.npy']);
  expect(drag({ 'text/plain': 'file:///a.npy' })).toEqual([]);
  expect(drag({ resourceurls: '[broken' })).toEqual([]);
});
