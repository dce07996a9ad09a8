/** `ToolHost` out of VS Code. */
import * as vscode from 'vscode';
import type { ToolHost } from './otherTools';

/** The tools of this window. */
export const vscodeTools: ToolHost = {
  tools: () => vscode.lm.tools,
  extensions: () => vscode.extensions.all,
  invoke: async (name, input, signal) => {
    const source = new vscode.CancellationTokenSource();
    const cancel = (): void => source.cancel();
    signal.addEventListener('abort', cancel, { once: true });
    try {
      signal.throwIfAborted();
      // Outside of VS Code's chat there is no token.
      return await vscode.lm.invokeTool(name, { input, toolInvocationToken: undefined }, source.token);
    } finally {
      signal.removeEventListener('abort', cancel);
      source.dispose();
    }
  },
};
