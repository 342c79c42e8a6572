/** Whether a key goes to a text or an open list, which keep plain keys for themselves. */
export function isTyping(event: KeyboardEvent): boolean {
  return event
    .composedPath()
    .some(
      (node) =>
        node instanceof HTMLElement &&
        (node.tagName === 'INPUT' || node.tagName === 'TEXTAREA' || node.getAttribute('role') === 'combobox'),
    );
}
