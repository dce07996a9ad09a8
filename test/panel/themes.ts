/**
 * The variables that VS Code 1.139 gives to a webview in its default themes, as far as the panel uses them. They were
 * read from a webview of that version.
 */
import themes from './themes.json';

export type ThemeName = keyof typeof themes;

export const themeNames: readonly ThemeName[] = ['dark', 'light', 'highContrast', 'highContrastLight'];

/** The variables of a theme: name → value. */
export function themeVariables(name: ThemeName): Readonly<Record<string, string>> {
  return themes[name];
}

/** A stylesheet for each theme: its variables, and what VS Code itself puts into every webview. */
export function themeSheets(): Readonly<Record<string, string>> {
  return Object.fromEntries(themeNames.map((name) => [name, sheet(name)]));
}

function sheet(name: ThemeName): string {
  const variables = Object.entries(themeVariables(name)).map(([variable, value]) => `  ${variable}: ${value};`);
  return `:root {
${variables.join('\n')}
}
html { background: var(--vscode-sideBar-background); }
@layer vscode-default {
  html { scrollbar-color: var(--vscode-scrollbarSlider-background) var(--vscode-editor-background); }
  body {
    overscroll-behavior-x: none;
    background-color: transparent;
    color: var(--vscode-editor-foreground);
    font-family: var(--vscode-font-family);
    font-weight: var(--vscode-font-weight);
    font-size: var(--vscode-font-size);
    margin: 0;
    padding: 0 20px;
  }
  a, a code { color: var(--vscode-textLink-foreground); }
  a:hover { color: var(--vscode-textLink-activeForeground); }
  a:focus, input:focus, textarea:focus { outline: 1px solid -webkit-focus-ring-color; outline-offset: -1px; }
  code {
    color: var(--vscode-textPreformat-foreground);
    background-color: var(--vscode-textPreformat-background);
    padding: 1px 3px;
    border-radius: 4px;
  }
  pre code { padding: 0; }
  blockquote { background: var(--vscode-textBlockQuote-background); border-color: var(--vscode-textBlockQuote-border); }
}
`;
}
