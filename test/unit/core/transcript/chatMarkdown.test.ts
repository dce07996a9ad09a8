import assert from 'node:assert/strict';
import { chatMarkdown } from '../../../../src/core/transcript/chatMarkdown';
import { sentTexts } from '../../../../src/core/transcript/sentText';
import { stateOf } from '../../../../src/core/transcript/transcript';
import { emptyChat } from '../../../../src/shared/chat';
import { filled } from '../../../texts';
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

  it('has its own words in the user’s language', async () => {
    const maker = new PathMaker().user('Why?').assistant([text('Once upon')], { stopReason: null, partial: 'stopped' });
    maker.add({ kind: 'end', outcome: { kind: 'stopped' } });
    const markdown = await chatMarkdown(stateOf('c', '', maker.entries), undefined, (one) => `⟦${filled(one)}⟧`);
    assert.equal(markdown, '## ⟦You⟧\n\nWhy?\n\n## Claude\n\nOnce upon\n\n*⟦Stopped here.⟧*\n');
  });

  it('ends the code that a question or an answer leaves open, and no more than that (L65)', async () => {
    const open: readonly (readonly [text: string, end: string])[] = [
      ['So:\n\n```ts\nx();', '```'],
      ['~~~~\n```\nx', '~~~~'],
      ['1. First:\n\n   ```sh\n   npm', '   ```'],
      ['- ```sh\n  npm', '  ```'],
      ['> ```\n> x', '> ```'],
      ['Why is\n<!-- a\n\nb', '-->'],
      ['<pre>\n\nx', '</pre>'],
    ];
    const whole = [
      '```\nx\n```',
      '- ```\n  x\nno code',
      '> ```\n> x\n\nno code',
      'x\n\n    ```\n    code',
      '<!-- a -->\nb',
      'a ``` b',
      '```a`b',
    ];
    for (const [said, end] of [...open, ...whole.map((one) => [one, ''] as const)]) {
      const maker = new PathMaker().snapshot(file('a.ts', 'a')).user(said);
      maker
        .assistant([text(said)], { stopReason: null, partial: 'stopped' })
        .add({ kind: 'end', outcome: { kind: 'stopped' } });
      const kept = end === '' ? said : `${said}\n${end}`;
      const markdown = await chatMarkdown(stateOf('c', '', maker.entries));
      assert.equal(markdown, `## You\n\n${kept}\n\n## Claude\n\n${kept}\n\n*Stopped here.*\n`);
    }
  });

  it('is nothing where nothing was said', async () => {
    assert.equal(await chatMarkdown(emptyChat('c')), '');
  });
});
