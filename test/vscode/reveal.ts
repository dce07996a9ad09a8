import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const source = `'use strict';
const vscode = require('vscode');
exports.activate = () => vscode.commands.executeCommand('prelude.chat.focus');
`;

/** Installs an extension whose whole work is to show the chat once VS Code is up: Prelude itself never opens unasked. */
export function installRevealExtension(extensionsDir: string): void {
  const folder = join(extensionsDir, 'prelude-development.reveal-0.0.1');
  mkdirSync(folder, { recursive: true });
  const manifest = {
    name: 'reveal',
    publisher: 'prelude-development',
    displayName: 'Shows the chat (npm start)',
    version: '0.0.1',
    engines: { vscode: '^1.90.0' },
    main: './reveal.js',
    activationEvents: ['onStartupFinished'],
    extensionKind: ['workspace'],
  };
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest, undefined, 2)}\n`);
  writeFileSync(join(folder, 'reveal.js'), source);
}
