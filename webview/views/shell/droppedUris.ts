/** What VS Code's explorer and other lists of files put on a drag, the first that is there. */
const TYPES = ['application/vnd.code.uri-list', 'text/uri-list', 'resourceurls'];

/**
 * Uris of what was dropped; empty where the drag names none, such as text, or files of the system whose place a page is not told.
 * @param read the drag's data of a type, '' where it has none
 */
export function droppedUris(read: (type: string) => string): readonly string[] {
  for (const type of TYPES) {
    const uris = listed(read(type)).filter((uri) => /^[a-z][a-z0-9+.-]*:/i.test(uri));
    if (uris.length > 0) return uris;
  }
  return [];
}

/** A uri a line with comments (RFC 2483), or a JSON array. */
function listed(text: string): readonly string[] {
  if (text.startsWith('[')) {
    try {
      const list: unknown = JSON.parse(text);
      return Array.isArray(list) ? list.filter((uri) => typeof uri === 'string') : [];
    } catch {
      return [];
    }
  }
  return text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
}
