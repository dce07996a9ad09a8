/** What VS Code's messages say, over a stand-in for VS Code. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { repoRoot } from '../../../vscode/paths';
import { readSources } from '../../house';
import { createStub, installStub } from '../../vscodeStub';

describe('A message of VS Code', () => {
  /** As VS Code finds links in a message. */
  const link = /\[([^\]]+)\]\(((?:https?:\/\/|command:|file:)[^)\s]+)(?: (["'])(.+?)(\3))?\)/i;
  const title = 'See [the docs](https://x.y) or [Show details](command:workbench.action.closeWindow)';

  it('has no link out of a title or a name, and the actions it was given', async () => {
    const { module } = createStub({ folder: '/work', storage: '/tmp', settings: {}, secrets: new Map() });
    const said: (readonly string[])[] = [];
    const say = async (...words: readonly string[]): Promise<string | undefined> => {
      said.push(words);
      return words.at(-1);
    };
    Object.assign((module as { window: object }).window, {
      showInformationMessage: say,
      showWarningMessage: say,
      showErrorMessage: say,
    });
    const restore = installStub(module);
    try {
      const { messages } = await import('../../../../src/host/base/messages');
      for (const kind of ['info', 'warn', 'error'] as const) assert.equal(await messages[kind](title, 'Show'), 'Show');
    } finally {
      restore();
    }
    assert.match(title, link);
    assert.equal(said.length, 3);
    for (const [text = '', action] of said) {
      assert.doesNotMatch(text, link);
      assert.deepEqual([text.replaceAll('\u200b', ''), action], [title, 'Show']);
    }
  });

  it('is shown in no other way', () => {
    const others = [...readSources(join(repoRoot(), 'src', 'host'))].filter(([, text]) =>
      /\bshow(?:Information|Warning|Error)Message\b/.test(text),
    );
    assert.deepEqual(
      others.map(([file]) => file),
      ['base/messages.ts'],
    );
  });
});
