import assert from 'node:assert/strict';
import { chatMarkdown } from '../../../../src/core/transcript/chatMarkdown';
import { stateOf } from '../../../../src/core/transcript/transcript';
import { emptyChat } from '../../../../src/shared/chat';
import { file, image, PathMaker, text, thinking, toolUse } from '../prompt/paths';

describe('A chat as Markdown', () => {
  it('has the questions with what was attached, and the answers as the model wrote them, without thinking and tools (L25)', () => {
    const selection = { uri: 'file:///work/a.ts', path: 'src/a.ts', startLine: 3, endLine: 4, text: 'x' };
    const maker = new PathMaker()
      .snapshot(file('a.ts', 'a'))
      .user('Why?\n', { type: 'selection', selection }, image('pixel'))
      .assistant([thinking('Hm.'), text('I look.'), toolUse('x')])
      .result('x', 'found it')
      .assistant([text('Because of **this**:\n\n```ts\nx();\n```')])
      .end()
      .user('And now?')
      .assistant([text('Once upon')], { stopReason: null, partial: 'stopped' });
    maker.add({ kind: 'end', outcome: { kind: 'stopped' } });
    assert.equal(
      chatMarkdown(stateOf('c', 'Why it\nfails', maker.entries)),
      `${[
        '# Why it fails',
        '## You',
        '`a.ts:3-4` `pixel.png`',
        'Why?',
        '## Claude',
        'I look.',
        'Because of **this**:\n\n```ts\nx();\n```',
        '## You',
        'And now?',
        '## Claude',
        'Once upon',
        '*Stopped here.*',
      ].join('\n\n')}\n`,
    );
  });

  it('is nothing where nothing was said', () => {
    assert.equal(chatMarkdown(emptyChat('c')), '');
  });
});
