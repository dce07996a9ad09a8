import assert from 'node:assert/strict';
import { chatMarkdown } from '../../../../src/core/transcript/chatMarkdown';
import { sentTexts } from '../../../../src/core/transcript/sentText';
import { stateOf } from '../../../../src/core/transcript/transcript';
import { emptyChat } from '../../../../src/shared/chat';
import { file, image, PathMaker, text, thinking, toolUse } from '../prompt/paths';

describe('A chat as Markdown', () => {
  it('has the questions with what was attached, and the answers as the model wrote them, without thinking and tools (L25)', async () => {
    const selection = { uri: 'file:///work/a.ts', path: 'src/a.ts', startLine: 3, endLine: 4, text: 'x' };
    const asText = { type: 'document', mediaType: 'text/plain', pasted: true } as const;
    const pasted = { ...asText, blob: 'p1', name: 'First line' };
    const gone = { ...asText, blob: 'p2', name: 'Gone.' };
    const read = async (hash: string) => (hash === 'p1' ? Buffer.from('First line\n```\nstays\n') : null);
    const maker = new PathMaker()
      .snapshot(file('a.ts', 'a'))
      .user('Why?\n', { type: 'selection', selection }, image('pixel'), pasted, gone)
      .assistant([thinking('Hm.'), text('I look.'), toolUse('x')])
      .result('x', 'found it')
      .assistant([text('Because of **this**:\n\n```ts\nx();\n```')])
      .end()
      .user('And now?')
      .assistant([text('Once upon')], { stopReason: null, partial: 'stopped' });
    maker.add({ kind: 'end', outcome: { kind: 'stopped' } });
    assert.equal(
      await chatMarkdown(stateOf('c', 'Why it\nfails', maker.entries), sentTexts(maker.entries, read)),
      `${[
        '# Why it fails',
        '## You',
        '`pixel.png` `Gone.`',
        '`a.ts:3-4`',
        '```ts\nx\n```',
        '`First line`',
        '````\nFirst line\n```\nstays\n````',
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

  it('is nothing where nothing was said', async () => {
    assert.equal(await chatMarkdown(emptyChat('c')), '');
  });
});
