import { describe, expect, it } from 'vitest';
import { webviewHtml } from '../../../extension/webviewHtml';

const page = webviewHtml({
  cspSource: 'https://res',
  scriptNonce: 'abc123',
  styleNonce: 'def456',
  script: 'https://res/webview.js',
  styles: ['https://res/a.css'],
});
const policy = new Map(
  (/Content-Security-Policy" content="([^"]*)"/.exec(page)?.[1] ?? '').split('; ').map((rule) => {
    const [name = '', ...sources] = rule.split(' ');
    return [name, sources];
  }),
);

describe('the webview page', () => {
  it('forbids everything but its own files', () => {
    expect(Object.fromEntries(policy)).toEqual({
      'default-src': ["'none'"],
      'style-src': ['https://res', "'nonce-def456'"],
      'font-src': ['https://res'],
      'img-src': ['https://res', 'blob:'],
      'media-src': ['blob:'],
      'script-src': ["'nonce-abc123'"],
    });
  });

  it('has one script, with the nonce, and nothing inline', () => {
    const scripts = page.match(/<script[^>]*>/g);
    expect(scripts).toEqual(['<script nonce="abc123" src="https://res/webview.js">']);
    expect(page).not.toMatch(/<style|\sstyle=|\son[a-z]+=|javascript:|<script[^>]*>[^<]/);
    expect(page).toContain('<link rel="stylesheet" href="https://res/a.css">');
    expect(page).toContain('<div id="root"></div>');
    expect(page).toContain('<meta property="csp-nonce" content="def456">');
  });
});
