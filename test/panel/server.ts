import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { contentSecurityPolicy, firstText } from '../../src/host/panel/chatHtml';
import { repoRoot } from '../vscode/paths';
import type { ThemeName } from './themes';

const types: Readonly<Record<string, string>> = {
  '.css': 'text/css',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.ttf': 'font/ttf',
};

/** The class of the body by the theme, as VS Code gives it. */
export const bodyClasses: Readonly<Record<ThemeName, string>> = {
  dark: 'vscode-dark',
  light: 'vscode-light',
  highContrast: 'vscode-high-contrast',
  highContrastLight: 'vscode-high-contrast-light vscode-high-contrast',
};

/** Serves the built panel as VS Code's webview would, under the host's own content security policy. */
export interface PanelServer {
  readonly origin: string;
  close(): Promise<void>;
}

/** `themes`: name → stylesheet, served below `/themes/`. `root`: the checkout whose built panel it is. */
export async function startPanelServer(
  themes: Readonly<Record<string, string>>,
  root: string = repoRoot(),
): Promise<PanelServer> {
  const folders: Readonly<Record<string, string>> = {
    '/dist/': join(root, 'dist'),
  };
  const server: Server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    const send = (type: string, body: string | Buffer) => {
      // Nothing changes while the server runs: the next page need not ask again.
      response.writeHead(200, { 'content-type': type, 'cache-control': 'max-age=86400, immutable' });
      response.end(body);
    };
    const origin = `http://${request.headers.host}`;
    const page = url.pathname.slice(1);
    if (page === 'panel' || page === 'usage') {
      send('text/html; charset=utf-8', pageHtml(page, origin, url.searchParams.get('theme') ?? 'dark'));
      return;
    }
    if (url.pathname.startsWith('/themes/')) {
      send('text/css', themes[url.pathname.slice(8, -4)] ?? '');
      return;
    }
    const place = Object.keys(folders).find((prefix) => url.pathname.startsWith(prefix));
    const folder = place === undefined ? undefined : folders[place];
    if (place === undefined || folder === undefined) {
      response.writeHead(404).end();
      return;
    }
    const file = join(folder, normalize(`/${url.pathname.slice(place.length)}`));
    readFile(file).then(
      (body) => send(types[extname(file)] ?? 'application/octet-stream', body),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function pageHtml(page: 'panel' | 'usage', origin: string, theme: string): string {
  const nonce = 'panelTests';
  return `<!DOCTYPE html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta http-equiv="Content-Security-Policy" content="${contentSecurityPolicy(origin, nonce)}">
  <title>Prelude</title>
  <link rel="icon" href="data:,">
  <link rel="stylesheet" href="${origin}/themes/${theme}.css">
  <link rel="stylesheet" href="${origin}/dist/webview/${page}.css">
</head>
<body class="${(bodyClasses as Readonly<Record<string, string>>)[theme] ?? bodyClasses.dark}">
  <div id="app">${page === 'panel' ? firstText({ label: 'Message', placeholder: 'Ask' }) : ''}</div>
  <script type="module" nonce="${nonce}" src="${origin}/dist/webview/${page}.js"></script>
</body>
</html>`;
}
