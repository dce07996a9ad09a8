/** Prompts of the workspace as text: what is read of their settings, and what becomes of what is written behind a name. */
import assert from 'node:assert/strict';
import { fillPrompt, readPrompt } from '../../../../src/core/context/promptFile';

const input = (name: string): string => `\${input:${name}}`;

describe('A prompt that is kept in a file', () => {
  it('has its description and its hint read, in whichever way they are written, and nothing else obeyed', () => {
    const head = (settings: string) => readPrompt(`---\n${settings}\n---\nDo it.`).head;
    const plain = { description: 'Reviews a file', hint: '[file]', offered: true };
    for (const settings of [
      'description: Reviews a file\nargument-hint: [file]\nmodel: other',
      'description: "Reviews a file"\r\nargument-hint: \'[file]\'\r\n',
      'description: >-\n  Reviews\n  a file\nargument-hint: "[file]"\n# nothing\nallowed-tools:\n  - Bash(rm:*)',
    ])
      assert.deepEqual(head(settings), plain, settings);
    assert.equal(head('user-invocable: false').offered, false);
    assert.equal(head(`description: ${'x'.repeat(5000)}`).description.length, 300);
    const source = readPrompt('\ufeff---\nallowed-tools: Bash\n---\n\nDo it.\n');
    assert.deepEqual([source.body, source.permits], ['Do it.', true]);
  });

  it('hides nothing from who reads it before it is sent (L37)', () => {
    const { body, head } = readPrompt('---\ndescription: a\u200bb\n---\nDo\u{e0041} it \u202ethen');
    assert.deepEqual([body, head.description], ['Do\\u{e0041} it \\u{202e}then', 'a\\u{200b}b']);
  });

  it('is all prompt where it has no settings, or they are never closed', () => {
    for (const text of ['Do it.', '---\ndescription: x\nDo it.', '--- a line\nDo it.', '---\n----\nDo it.'])
      assert.deepEqual([readPrompt(text).body, readPrompt(text).head.description], [text, ''], text);
  });

  const filled = (body: string, written: string, hint = '', of: 'claude' | 'github' = 'claude') => {
    const settings = hint === '' ? '' : `---\nargument-hint: ${hint}\n---\n`;
    const { text, from, to } = fillPrompt(readPrompt(`${settings}${body}`), written, of);
    return [text, text.slice(from, to)];
  };

  it('takes what is written behind its name where it asks for it, else behind it', () => {
    assert.deepEqual(filled('Fix #$ARGUMENTS now: $ARGUMENTS', ' 12 '), ['Fix #12 now: 12', '']);
    assert.deepEqual(filled('From $ARGUMENTS[0] to $ARGUMENTS[1]', 'a "b c"'), ['From a to b c', '']);
    assert.deepEqual(filled(`Test ${input('file:a file')}.`, 'x.ts'), ['Test x.ts.', '']);
    assert.deepEqual(filled('Review.', 'x.ts'), ['Review.\n\nx.ts', '']);
    assert.deepEqual(
      filled('Review $ARGUMENTS[0].', 'a.ts and b'),
      ['Review a.ts.\n\na.ts and b', ''],
      'no word is lost',
    );
    assert.deepEqual(filled('Fix #$1 by $2: $1.', '12 "end of May"'), ['Fix #12 by end of May: 12.', '']);
    assert.deepEqual(filled('Fix #$1.', '12 and 13'), ['Fix #12.\n\n12 and 13', ''], 'no word is lost');
    const skill = 'Migrate $0 from $1 to $2.';
    assert.deepEqual(filled(skill, 'Search React Vue'), ['Migrate Search from React to Vue.', '']);
    assert.deepEqual(filled('$ARGUMENTS[0]: $1, \\$1', 'a b'), ['a: b, $1', ''], 'both ways at once');
    const code = "awk '{print $1}' $ARGUMENTS \\$1 $0";
    assert.deepEqual(filled(code, '', '', 'github'), [code, ''], 'a prompt of VS Code has none of these');
    assert.deepEqual(filled(`$1 ${input('a')}`, 'x', '', 'github'), ['$1 x', '']);
    assert.deepEqual(filled('Costs $5 a run.', ''), ['Costs $5 a run.', ''], 'a price is not written over');
    const money = 'Costs $1.50, $10, $1,000, $1st, $ARGUMENTSX';
    assert.deepEqual(filled(money, 'x'), [`${money}\n\nx`, '']);
    assert.deepEqual(
      filled('$ARGUMENTS', '$ARGUMENTS $&'),
      ['$ARGUMENTS $&', ''],
      'and it is not looked through again',
    );
  });

  it('shows what is still to be written, the first of it selected', () => {
    assert.deepEqual(filled('Fix $ARGUMENTS.', '', '[issue]'), ['Fix [issue].', '[issue]']);
    assert.deepEqual(filled('Fix $ARGUMENTS.', ''), ['Fix $ARGUMENTS.', '$ARGUMENTS']);
    assert.deepEqual(filled(`From ${input('a')} to ${input('b:the end')}`, 'x'), ['From a to the end\n\nx', 'a']);
    assert.deepEqual(filled('Move $1 to $2', 'a.ts'), ['Move a.ts to $2', '$2']);
    assert.deepEqual(filled('From $ARGUMENTS[0] to $ARGUMENTS[1]', 'a'), ['From a to $ARGUMENTS[1]', '$ARGUMENTS[1]']);
  });

  it('says that it has commands, which stay words', () => {
    const runs = (body: string) => fillPrompt(readPrompt(body), '', 'claude').runs;
    assert.deepEqual(['Status: !`git status`', '```!\nls\n```', 'a!`b` is code', 'Wow! `x`'].map(runs), [
      true,
      true,
      false,
      false,
    ]);
    assert.equal(fillPrompt(readPrompt('!`git status`'), '', 'claude').text, '!`git status`');
  });
});
