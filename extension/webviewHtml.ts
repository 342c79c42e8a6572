/** What the page may load; all of it comes from the extension's own `dist`. */
export interface WebviewResources {
  /** Source expression of the webview's own resources (`webview.cspSource`). */
  readonly cspSource: string;
  /** Fresh random texts for every page. */
  readonly scriptNonce: string;
  readonly styleNonce: string;
  readonly script: string;
  readonly styles: readonly string[];
}

/**
 * The inspector's page: an empty root, the style sheets and one script. Everything that comes from a model arrives later, as
 * messages; no file data and no file name is part of the page. No connection is allowed, nor inline script. Inline style needs the nonce
 * of `csp-nonce`, which is where the toolkit looks for it (it probes for `:focus-visible` with a style sheet of its own). Images and
 * sound may be made by the page itself (`blob:`): a chart becomes a picture by way of one, a model's frames become a recording.
 */
export function webviewHtml({ cspSource, scriptNonce, styleNonce, script, styles }: WebviewResources): string {
  const policy = [
    `default-src 'none'`,
    `style-src ${cspSource} 'nonce-${styleNonce}'`,
    `font-src ${cspSource}`,
    `img-src ${cspSource} blob:`,
    `media-src blob:`,
    `script-src 'nonce-${scriptNonce}'`,
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta property="csp-nonce" content="${styleNonce}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>GateScope</title>
${styles.map((href) => `<link rel="stylesheet" href="${href}">`).join('\n')}
</head>
<body>
<div id="root"></div>
<script nonce="${scriptNonce}" src="${script}"></script>
</body>
</html>`;
}
