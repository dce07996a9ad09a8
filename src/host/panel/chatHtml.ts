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

interface MessageParts {
  /** A BCP 47 tag. */
  readonly locale: string;
  /** Of the document. */
  readonly title: string;
  /** What failed, and why. */
  readonly heading: string;
  readonly message: string;
  readonly retry: RetryButton;
}

/** As notices and buttons of the panel look, whose own style may be what is missing. */
const messageStyle = `
    body { padding: 12px 16px; line-height: 1.5; }
    main { display: flex; gap: 8px; padding: 8px 12px 8px 10px; border: 1px solid var(--vscode-inputValidation-errorBorder); border-radius: 6px; overflow-wrap: anywhere; }
    svg { flex: none; width: 16px; height: 1.5em; fill: none; stroke: var(--vscode-notificationsErrorIcon-foreground, var(--vscode-inputValidation-errorBorder)); }
    div { min-width: 0; }
    h1 { margin: 0; font: inherit; text-wrap: pretty; }
    p { margin: 4px 0 8px; color: var(--vscode-descriptionForeground); }
    button { min-height: 26px; padding: 2px 12px; border: 1px solid var(--vscode-button-border, transparent); border-radius: 4px; background: var(--vscode-button-background); color: var(--vscode-button-foreground); font: inherit; cursor: pointer; }
    button:hover { background: var(--vscode-button-hoverBackground); }
    button:focus-visible { outline: 1px solid var(--vscode-focusBorder); outline-offset: 2px; }
    .vscode-high-contrast button { border-color: var(--vscode-contrastBorder); }
  `;

/** A document with words and a button to try again, for when the panel cannot be shown. */
export function messageHtml({ locale, title, heading, message, retry }: MessageParts): string {
  const nonce = escapeHtml(retry.nonce);
  return `<!DOCTYPE html>
<html lang="${escapeHtml(locale)}">
<head>
  <meta charset="utf-8">
  <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'nonce-${nonce}'; script-src 'nonce-${nonce}'">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>${escapeHtml(title)}</title>
  <style nonce="${nonce}">${messageStyle}</style>
</head>
<body>
  <main><svg aria-hidden="true" viewBox="0 0 16 16"><path d="M8 1.5a6.5 6.5 0 1 0 0 13a6.5 6.5 0 1 0 0-13M5.5 5.5l5 5m0-5l-5 5"/></svg><div role="alert">
    <h1>${escapeHtml(heading)}</h1>
    <p>${escapeHtml(message)}</p>
    <button type="button" id="retry">${escapeHtml(retry.label)}</button>
  </div></main>
  <script nonce="${nonce}">
    const host = acquireVsCodeApi();
    document.getElementById('retry').addEventListener('click', () => host.postMessage('retry'));
  </script>
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
