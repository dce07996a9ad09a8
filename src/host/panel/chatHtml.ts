/** The document that the panel's script fills. */

interface ChatHtmlParts {
  /** `webview.cspSource`. */
  readonly cspSource: string;
  /** Fresh for each document. */
  readonly nonce: string;
  /** Webview URIs. */
  readonly script: string;
  readonly style: string;
  /** A BCP 47 tag. */
  readonly locale: string;
  readonly title: string;
  readonly place: 'sidebar' | 'editor';
  /** The words of the text box that is there from the first; null for a page without one. */
  readonly text: FirstText | null;
}

interface FirstText {
  readonly label: string;
  readonly placeholder: string;
}

/**
 * Nothing is allowed but our own files (L34): no remote anything, no inline style or script, no `eval`. Images may come
 * from memory. The source stands beside the nonce because the script loads its own parts with `import()`.
 */
export function contentSecurityPolicy(cspSource: string, nonce: string): string {
  return [
    "default-src 'none'",
    `img-src ${cspSource} data: blob:`,
    `style-src ${cspSource}`,
    `font-src ${cspSource}`,
    `script-src 'nonce-${nonce}' ${cspSource}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}

/** The panel's document. */
export function chatHtml(parts: ChatHtmlParts): string {
  return `<!DOCTYPE html>
<html lang="${escapeHtml(parts.locale)}">
<head>
  <meta charset="utf-8">
  <meta http-equiv="Content-Security-Policy" content="${escapeHtml(contentSecurityPolicy(parts.cspSource, parts.nonce))}">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>${escapeHtml(parts.title)}</title>
  <link rel="stylesheet" href="${escapeHtml(parts.style)}">
</head>
<body>
  <div id="app" data-place="${parts.place}">${parts.text === null ? '' : firstText(parts.text)}</div>
  <script type="module" nonce="${parts.nonce}" src="${escapeHtml(parts.script)}"></script>
</body>
</html>
`;
}

/**
 * The text box in its place, before the script runs: one can type at once. The script builds the panel around it
 * (`webview/dom/layout`), so that neither the cursor nor half a character of an input method is lost.
 */
export function firstText({ label, placeholder }: FirstText): string {
  const box = `<textarea class="composerText" rows="2" dir="auto" spellcheck="true" autocomplete="off" aria-label="${escapeHtml(label)}" placeholder="${escapeHtml(placeholder)}"></textarea>`;
  return `<div class="root"><div class="panel"><div class="chat"><footer class="composerArea" aria-busy="true"><div class="composerBox">${box}</div></footer></div></div></div>`;
}

/** A button that posts 'retry'. */
interface RetryButton {
  readonly label: string;
  /** Fresh for each document. */
  readonly nonce: string;
}

/** A document with words, and a button to try again, for when the panel cannot be shown. */
export function messageHtml(title: string, message: string, retry: RetryButton | null = null): string {
  const policy = retry === null ? '' : `; script-src 'nonce-${escapeHtml(retry.nonce)}'`;
  const button =
    retry === null
      ? ''
      : `
  <button type="button" id="retry">${escapeHtml(retry.label)}</button>
  <script nonce="${escapeHtml(retry.nonce)}">
    const host = acquireVsCodeApi();
    document.getElementById('retry').addEventListener('click', () => host.postMessage('retry'));
  </script>`;
  return `<!DOCTYPE html>
<html>
<head>
  <meta charset="utf-8">
  <meta http-equiv="Content-Security-Policy" content="default-src 'none'${policy}">
</head>
<body>
  <h3>${escapeHtml(title)}</h3>
  <p>${escapeHtml(message)}</p>${button}
</body>
</html>
`;
}

function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
