/** What is left out of what is sent, and summaries that stand for what came before. */
import assert from 'node:assert/strict';
import type Anthropic from '@anthropic-ai/sdk';
import fc from 'fast-check';
import { seenContext } from '../../../../src/core/context/context';
import { modelOf } from '../../../../src/core/models/models';
import { mediaOf } from '../../../../src/core/prompt/attachments';
import { excludedAnswer } from '../../../../src/core/prompt/building';
import { continuePrompt as continuePromptFor } from '../../../../src/core/prompt/continuePrompt';
import { excludedResult } from '../../../../src/core/prompt/entryBlocks';
import { retryHead } from '../../../../src/core/record/branchPoint';
import { carriedOver, excludedIn } from '../../../../src/core/record/excluded';
import type { ContextSelection, Entry } from '../../../../src/core/record/record';
import { stateOf } from '../../../../src/core/transcript/transcript';
import { answer, planned, thoughts } from '../answers';
import {
  anyPath,
  checkStrictly,
  file,
  image,
  opus,
  PathMaker,
  requestOf,
  sentMessages,
  text,
  thinking,
  toolUse,
} from './paths';

/** Each message as its role and its blocks in short. */
function shape(path: readonly Entry[], model = opus): readonly string[] {
  return sentMessages(path, modelOf(model)).map(({ role, content }) => `${role}: ${content.map(short).join(' ')}`);
}

function short(block: Anthropic.ContentBlockParam): string {
  switch (block.type) {
    case 'text': {
      const summary = /<conversation_summary>\n(.*)\n<\/conversation_summary>/s.exec(block.text);
      if (summary !== null) return `summary(${summary[1]})`;
      return block.text.startsWith('<news>') ? 'change' : block.text;
    }
    case 'tool_use':
      return `call(${block.id})`;
    case 'tool_result': {
      const parts = Array.isArray(block.content) ? block.content : [];
      return `result(${parts.map((part) => (part.type === 'text' ? short(part) : part.type)).join(' + ')})`;
    }
    default:
      return block.type;
  }
}

const continuePrompt = (path: readonly Entry[]): string => continuePromptFor(path, modelOf(opus));

const edit = { change: 'removed', uri: 'file:///work/a.ts', path: 'a.ts' } as const;

/** One turn with two tools and a change within it, then another turn. */
function twoTurns(): { readonly maker: PathMaker; readonly question: string; readonly call: string } {
  const maker = new PathMaker().snapshot(file('a.ts', 'a')).user('one', image('pixel'));
  const question = maker.last();
  maker.assistant([text('I look.'), toolUse('x'), toolUse('y')]);
  const call = maker.last();
  maker.result('x', 'a long text').result('y', 'another').change(edit);
  maker.assistant([text('So.')]).end();
  maker
    .user('two')
    .assistant([text('Yes.')])
    .end();
  return { maker, question, call };
}

const whole = [
  'user: image one',
  'assistant: I look. call(x) call(y)',
  'user: result(a long text) result(another + change)',
  'assistant: So.',
  'user: two',
  'assistant: Yes.',
  'user: three',
];

describe('Leaving out of what is sent', () => {
  it('puts a stub in the place of a tool result, and keeps its call and what changed since', () => {
    const { maker, call } = twoTurns();
    maker.leaveOut('result', call, 1).leaveOut('result', call, 2).user('three');
    assert.deepEqual(shape(maker.entries), [
      ...whole.slice(0, 2),
      `user: result(${excludedResult}) result(${excludedResult} + change)`,
      ...whole.slice(3),
    ]);
    checkStrictly(requestOf(maker.entries));
  });

  it('names an attachment instead of sending it (L5)', () => {
    const { maker, question } = twoTurns();
    maker.leaveOut('attachment', question, 0).user('three');
    assert.equal(shape(maker.entries)[0], 'user: [The user left pixel.png out.] one');
    checkStrictly(requestOf(maker.entries));
  });

  it('makes room for other attachments', () => {
    const { maker, question } = twoTurns();
    assert.equal(mediaOf(maker.entries, modelOf(opus)).length, 1);
    const without = (change: (path: PathMaker) => PathMaker): number => {
      const copy = new PathMaker();
      copy.entries.push(...maker.entries);
      return mediaOf(change(copy).entries, modelOf(opus)).length;
    };
    assert.equal(
      without((path) => path.leaveOut('attachment', question, 0)),
      0,
    );
    assert.equal(
      without((path) => path.leaveOut('turn', question)),
      0,
    );
    assert.equal(
      without((path) => path.leaveOut('turn', question).leaveOut('turn', question, 0, false)),
      1,
    );
    assert.equal(
      without((path) => path.compaction('We looked.')),
      0,
    );
  });

  it('leaves a whole turn out, but not what changed during it', () => {
    const { maker, question } = twoTurns();
    maker.leaveOut('turn', question).user('three');
    assert.deepEqual(shape(maker.entries), ['user: change two', 'assistant: Yes.', 'user: three']);
    checkStrictly(requestOf(maker.entries));
  });

  it('leaves an answer out without leaving its question open', () => {
    const { maker, question } = twoTurns();
    maker.leaveOut('answer', question).user('three');
    assert.deepEqual(shape(maker.entries), [
      'user: image one',
      `assistant: ${excludedAnswer}`,
      'user: change two',
      'assistant: Yes.',
      'user: three',
    ]);
    checkStrictly(requestOf(maker.entries));
  });

  it('sends the very same bytes again once all is taken back in', () => {
    const { maker, question, call } = twoTurns();
    const before = new PathMaker();
    before.entries.push(...maker.entries);
    before.user('three');
    const targets = [
      ['turn', question, 0],
      ['answer', question, 0],
      ['attachment', question, 0],
      ['result', call, 1],
    ] as const;
    for (const [what, entry, index] of targets) maker.leaveOut(what, entry, index);
    for (const [what, entry, index] of targets) maker.leaveOut(what, entry, index, false);
    maker.user('three');
    assert.equal(JSON.stringify(requestOf(maker.entries).messages), JSON.stringify(requestOf(before.entries).messages));
    assert.deepEqual(stateOf('c', '', maker.entries).excluded, []);
  });

  it('never leaves out the turn that is being answered', () => {
    const maker = new PathMaker().snapshot().user('one');
    maker.leaveOut('turn', maker.last());
    assert.deepEqual(shape(maker.entries), ['user: one']);
    assert.deepEqual([...excludedIn(maker.end('stopped').entries)].length, 1);
  });

  it('drops only the thoughts that were made behind it, and only where the model binds them to their prefix', () => {
    const maker = new PathMaker().snapshot();
    for (const name of ['one', 'two', 'three']) {
      maker.user(name, image('pixel'));
      answer(maker, [thinking(name), text(name)]).end();
    }
    const users = maker.entries.filter((entry) => entry.kind === 'user');
    const sent = (): readonly boolean[] => {
      const { request } = planned(maker.entries);
      checkStrictly(request);
      return thoughts(request);
    };
    maker.leaveOut('attachment', users[1]?.id ?? '', 0).user('four');
    assert.deepEqual(sent(), [true, false, false]);
    answer(maker, [thinking('four'), text('four')])
      .end()
      .user('five');
    assert.deepEqual(sent(), [true, false, false, true]);
    // Taken back in: what was made with it may be sent again, and what was made without it may not.
    maker.leaveOut('attachment', users[1]?.id ?? '', 0, false).user('six');
    assert.deepEqual(sent(), [true, true, true, false]);
  });

  it('is not forgotten when the question is asked again', () => {
    const { maker, call, question } = twoTurns();
    maker.user('three');
    const third = maker.last();
    maker.end('stopped').leaveOut('result', call, 1).leaveOut('turn', question).leaveOut('turn', question, 0, false);
    maker.leaveOut('turn', third);
    const carried = carriedOver(maker.entries, third);
    assert.deepEqual(carried, [{ kind: 'leaveOut', target: { what: 'result', entry: call, index: 1 }, out: true }]);
    assert.deepEqual(carriedOver(maker.entries, maker.last()), []);
    assert.deepEqual(carriedOver(maker.entries, null), []);
  });

  it('makes the question be asked whole again: within a turn nothing earlier changes', () => {
    const { maker, call } = twoTurns();
    maker.user('three');
    const third = maker.last();
    maker
      .assistant([toolUse('z')])
      .result('z')
      .end('stopped');
    assert.notEqual(retryHead(maker.entries)?.id, third);
    maker.leaveOut('result', call, 1);
    assert.equal(retryHead(maker.entries)?.id, third);
    const early = new PathMaker().snapshot().user('one');
    const first = early.last();
    early.end('stopped').leaveOut('attachment', first);
    assert.equal(retryHead(early.entries)?.id, first);
  });
});

describe('A compaction in the record', () => {
  it('stands for everything before it', () => {
    const { maker } = twoTurns();
    maker.compaction('We looked.').user('three');
    assert.deepEqual(shape(maker.entries), ['user: summary(We looked.) three']);
    checkStrictly(requestOf(maker.entries));
  });

  it('stands for an earlier one too', () => {
    const { maker } = twoTurns();
    maker
      .compaction('First.')
      .user('three')
      .assistant([text('Three.')])
      .end()
      .compaction('Second.')
      .user('four');
    assert.deepEqual(shape(maker.entries), ['user: summary(Second.) four']);
  });

  it('stands for nothing when it did not come about', () => {
    const { maker } = twoTurns();
    maker.compaction('Half', 'stopped').user('three');
    assert.deepEqual(shape(maker.entries), whole);
  });

  it('is undone, and everything is sent again as it was (L17)', () => {
    const { maker } = twoTurns();
    maker.compaction('We looked.');
    const compaction = maker.last();
    maker.leaveOut('compaction', compaction).user('three');
    assert.deepEqual(shape(maker.entries), whole);
    maker
      .assistant([text('Three.')])
      .end()
      .leaveOut('compaction', compaction, 0, false)
      .user('four');
    assert.deepEqual(shape(maker.entries), ['user: summary(We looked.) three', 'assistant: Three.', 'user: four']);
    checkStrictly(requestOf(maker.entries));
  });

  it('sends what was told with a turn that it keeps: undone edits and what was selected, not what files were', () => {
    const { maker } = twoTurns();
    const lines = { startLine: 1, endLine: 1, text: 'const kept = 1;' };
    const selection: ContextSelection = { uri: edit.uri, path: 'a.ts', ...lines };
    const undone = { change: 'undone', path: 'a.ts', patch: '@@ -1 +1 @@\n-new\n+old\n' } as const;
    const told = { change: 'modified', uri: edit.uri, path: 'a.ts', patch: '@@ -1 +1 @@\n-a\n+b\n' } as const;
    maker.change(told, { change: 'selection', selection }, undone).user('three');
    const kept = maker.last();
    maker.assistant([text('Three.')]).end();
    maker.compaction('We looked.', 'done', kept).snapshot(file('a.ts', 'b')).user('four');
    assert.deepEqual(shape(maker.entries), [
      'user: summary(We looked.) change three',
      'assistant: Three.',
      'user: four',
    ]);
    const sent = JSON.stringify(sentMessages(maker.entries));
    assert.match(sent, /<undone .*-new/);
    assert.match(sent, /const kept = 1;/);
    assert.doesNotMatch(sent, /<diff /);
    checkStrictly(requestOf(maker.entries));
  });

  it('cannot be left by a closing tag in the summary', () => {
    const maker = new PathMaker().compaction('a</conversation_summary>b').user('one');
    assert.deepEqual(shape(maker.entries), ['user: summary(a<\\/conversation_summary>b) one']);
  });

  it('makes the next turn begin with a fresh snapshot, unless it is undone', () => {
    const { maker } = twoTurns();
    assert.notEqual(seenContext(maker.entries), null);
    maker.compaction('We looked.');
    const compaction = maker.last();
    assert.equal(seenContext(maker.entries), null);
    const undone = new PathMaker();
    undone.entries.push(...maker.entries);
    assert.equal(seenContext(undone.leaveOut('compaction', compaction).entries)?.files.size, 0);
    assert.equal(seenContext(maker.snapshot(file('b.ts', 'b')).entries)?.files.size, 1);
  });

  it('is gone on from without pretending that an answer was cut there', () => {
    const { maker } = twoTurns();
    const before = continuePrompt(maker.entries);
    const after = continuePrompt(maker.compaction('We looked.').entries);
    assert.notEqual(after, before);
  });

  it('is gone on from by an answer where the turn that it keeps has none, and by its end where it has one', () => {
    const cut = twoTurns().maker.user('three');
    const question = cut.last();
    const whole = continuePrompt(cut.end('interrupted').entries);
    const unanswered = continuePrompt(cut.compaction('We looked.', 'done', question).entries);
    assert.equal(unanswered, continuePrompt(new PathMaker().snapshot().user('one').end('empty').entries));
    const { maker } = twoTurns();
    maker.user('three');
    const kept = maker.last();
    maker
      .assistant([text('Half')])
      .end('maxTokens')
      .compaction('We looked.', 'done', kept);
    assert.equal(continuePrompt(maker.entries), whole);
    const gone = continuePrompt(maker.leaveOut('turn', kept).entries);
    assert.equal(gone, continuePrompt(twoTurns().maker.compaction('We looked.').entries));
  });

  it('keeps any record sendable, whatever is left out or summed up where (L4)', () => {
    let out = 0;
    fc.assert(
      fc.property(anyPath, fc.constantFrom(opus, 'claude-haiku-4-5'), (path, model) => {
        out += excludedIn(path).size;
        const content = [{ type: 'text' as const, text: 'And now?' }];
        const parent = path.at(-1)?.id ?? null;
        checkStrictly(requestOf([...path, { kind: 'user', id: 'last', parent, at: 1, content, model }], model));
      }),
      { numRuns: 500 },
    );
    assert.ok(out > 100, 'hardly anything was left out');
  });
});
