/** What the page may load; all of it comes from the extension's own `dist`. */
export interface WebviewResources {
  /** Source expression of the webview's own resources (`webview.cspSource`). */
  readonly cspSource: string;
  /** Fresh random text for every page. */
  readonly nonce: string;
  readonly script: string;
  readonly styles: readonly string[];
}

/**
 * SHA-256 of the empty text: allows an inline style sheet only while it is empty. The toolkit's components create such sheets and fill
 * them through the CSSOM, which no policy covers.
 */
const EMPTY_STYLE = 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=';

/**
 * The inspector's page: an empty root, the style sheets and one script. Everything that comes from a model arrives later, as
 * messages; no file data and no file name is part of the page. No connection is allowed, nor inline script or style with content.
 */
export function webviewHtml({ cspSource, nonce, script, styles }: WebviewResources): string {
  const policy = [
    `default-src 'none'`,
    `style-src ${cspSource} '${EMPTY_STYLE}'`,
    `font-src ${cspSource}`,
    `img-src ${cspSource}`,
    `script-src 'nonce-${nonce}'`,
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>GateScope</title>
${styles.map((href) => `<link rel="stylesheet" href="${href}">`).join('\n')}
</head>
<body>
<div id="root"></div>
<script nonce="${nonce}" src="${script}"></script>
</body>
</html>`;
}
