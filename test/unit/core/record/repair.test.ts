/** What an interrupted turn becomes, and where a path is cut when the user goes back. */
import assert from 'node:assert/strict';
import type Anthropic from '@anthropic-ai/sdk';
import fc from 'fast-check';
import { lastPrompt, retryHead, textOf, titleOf } from '../../../../src/core/record/branchPoint';
import type { Entry, NewEntry } from '../../../../src/core/record/record';
import { isOpen, repairOf } from '../../../../src/core/record/repair';
import type { Checkpoint } from '../../../../src/core/record/store';
import { replayStart, stateOf } from '../../../../src/core/transcript/transcript';
import { unknownUsage } from '../../../../src/shared/tokenUsage';
import { anyPath, checkStrictly, file, opus, PathMaker, requestOf, text, thinking, toolUse } from '../prompt/paths';

function checkpointAt(path: readonly Entry[], content: readonly Anthropic.ContentBlock[]): Checkpoint {
  return { entry: 'partial', parent: path.at(-1)?.id ?? '', model: opus, at: 5, content };
}

/** The path as the host leaves it after a repair. */
function repaired(path: readonly Entry[], checkpoint: Checkpoint | null = null): readonly Entry[] {
  const repair = repairOf(path, checkpoint);
  return repair === null ? path : placed(path, repair.entries, repair.id);
}

function placed(path: readonly Entry[], news: readonly NewEntry[], id?: string): readonly Entry[] {
  const all = [...path];
  for (const [index, entry] of news.entries()) {
    const own = index === 0 && id !== undefined ? id : `repair${index}`;
    all.push({ ...entry, id: own, parent: all.at(-1)?.id ?? null, at: 9 } as Entry);
  }
  return all;
}

function asked(path: readonly Entry[]): readonly Entry[] {
  return placed(path, [{ kind: 'user', content: [{ type: 'text', text: 'And now?' }], model: opus }], 'asked');
}

const kinds = (path: readonly Entry[]): readonly string[] => path.map((entry) => entry.kind);

describe('A repair', () => {
  it('closes any path, once, and what is sent after it is valid (L4)', () => {
    const blocks = fc.subarray([thinking('Hm.'), text('It is'), text(''), toolUse('toolu_partial')]);
    fc.assert(
      fc.property(anyPath, fc.option(blocks), (path, content) => {
        const checkpoint = content === null ? null : checkpointAt(path, content);
        const whole = repaired(path, checkpoint);
        assert.equal(isOpen(whole), false);
        assert.equal(repairOf(whole, checkpoint), null);
        checkStrictly(requestOf(asked(whole)));
        const state = stateOf('c', '', whole);
        const open = state.items.some(
          (item) => item.type === 'answer' && item === state.items.at(-1) && item.outcome === null,
        );
        assert.ok(!open, 'nothing is shown as running');
      }),
      { numRuns: 300 },
    );
  });

  it('answers each call that has no result', () => {
    const path = new PathMaker()
      .snapshot()
      .user('one')
      .assistant([toolUse('x'), toolUse('y')])
      .result('x').entries;
    const whole = repaired(path);
    assert.deepEqual(kinds(whole).slice(-3), ['toolResult', 'toolResult', 'end']);
    const added = whole.at(-2);
    assert.ok(added?.kind === 'toolResult' && added.toolUseId === 'y' && added.isError && added.cancelled);
    assert.deepEqual(whole.at(-1), { ...whole.at(-1), kind: 'end', outcome: { kind: 'interrupted' } });
  });

  it('keeps the partial answer of the last checkpoint under the id that it was shown with', () => {
    const path = new PathMaker().snapshot().user('one').entries;
    const whole = repaired(path, checkpointAt(path, [text('It is')]));
    assert.deepEqual(kinds(whole), ['snapshot', 'user', 'assistant', 'end']);
    const said = whole[2];
    assert.ok(said?.kind === 'assistant');
    assert.deepEqual([said.id, said.partial, said.stopReason], ['partial', 'interrupted', null]);
    assert.deepEqual([said.usage, said.usd], [unknownUsage, null], 'what was billed is not made up (L39)');
    assert.match(JSON.stringify(requestOf(asked(whole)).messages), /It is/);
  });

  it('leaves a checkpoint of another moment, or an empty one, alone', () => {
    const path = new PathMaker().snapshot().user('one').entries;
    const other = { ...checkpointAt(path, [text('old')]), parent: 'another' };
    assert.deepEqual(kinds(repaired(path, other)), ['snapshot', 'user', 'end']);
    assert.deepEqual(kinds(repaired(path, checkpointAt(path, []))), ['snapshot', 'user', 'end']);
  });

  it('ends a turn whose answer was whole as that answer did: only the word of it was lost', () => {
    const maker = (): PathMaker => new PathMaker().snapshot().user('one');
    const outcome = (path: PathMaker): string | undefined => {
      const end = repaired(path.entries).at(-1);
      return end?.kind === 'end' ? end.outcome.kind : undefined;
    };
    assert.equal(outcome(maker().assistant([text('So.')])), 'done');
    assert.equal(outcome(maker().assistant([text('So')], { stopReason: 'max_tokens' })), 'maxTokens');
    assert.equal(outcome(maker().assistant([], { stopReason: 'refusal' })), 'refusal');
    assert.equal(outcome(maker().assistant([text('So')], { partial: 'stopped', stopReason: null })), 'interrupted');
    assert.equal(
      outcome(
        maker()
          .assistant([toolUse('x')])
          .result('x'),
      ),
      'interrupted',
    );
    assert.equal(outcome(maker().assistant([text('Wait')], { stopReason: 'pause_turn' })), 'interrupted');
  });

  it('is not made where no turn is open', () => {
    assert.equal(repairOf([], null), null);
    assert.equal(repairOf(new PathMaker().snapshot().entries, null), null);
    assert.equal(
      repairOf(
        new PathMaker()
          .user('one')
          .assistant([text('A')])
          .end().entries,
        null,
      ),
      null,
    );
    const context = new PathMaker().user('one').end('stopped').change().entries;
    assert.equal(repairOf(context, null), null);
  });
});

describe('Trying the last turn again', () => {
  const turn = (): PathMaker =>
    new PathMaker()
      .snapshot()
      .user('zero')
      .assistant([text('Zero.')])
      .end()
      .user('one');
  /** The kinds that stay of the last turn. */
  const kept = (maker: PathMaker): readonly string[] | null => {
    const head = retryHead(maker.entries);
    return head === null ? null : kinds(maker.entries.slice(4, maker.entries.indexOf(head) + 1));
  };

  it('begins at the user for an answer that was whole', () => {
    assert.deepEqual(
      kept(
        turn()
          .assistant([text('A.')])
          .end(),
      ),
      ['user'],
    );
    assert.deepEqual(
      kept(
        turn()
          .assistant([text('A')])
          .end('maxTokens'),
      ),
      ['user'],
    );
    assert.deepEqual(
      kept(
        turn()
          .assistant([toolUse('x')])
          .result('x')
          .assistant([])
          .end('empty'),
      ),
      ['user'],
    );
  });

  it('keeps the steps that were whole where it broke off', () => {
    const steps = (): PathMaker =>
      turn()
        .assistant([toolUse('x')])
        .result('x')
        .change();
    assert.deepEqual(kept(steps().end('interrupted')), ['user', 'assistant', 'toolResult', 'change']);
    const partial = { partial: 'failed', stopReason: null } as const;
    assert.deepEqual(
      kept(
        steps()
          .assistant([text('So')], partial)
          .end('stopped'),
      ),
      ['user', 'assistant', 'toolResult', 'change'],
    );
  });

  it('makes a step again whose tools were cut short', () => {
    const cut = turn()
      .assistant([toolUse('x'), toolUse('y')])
      .result('x')
      .result('y', 'stopped', true, true);
    assert.deepEqual(kept(cut.end('stopped')), ['user']);
  });

  it('begins at the user where nothing had arrived', () => {
    assert.deepEqual(kept(turn().end('stopped')), ['user']);
    const broken = new PathMaker().snapshot().user('zero');
    broken
      .assistant([text('Ze')], { partial: 'stopped', stopReason: null })
      .end('stopped')
      .user('one')
      .end('stopped');
    assert.equal(retryHead(broken.entries)?.id, broken.entries.findLast((entry) => entry.kind === 'user')?.id);
  });

  it('begins before an answer whose call was never run, since the store failed then', () => {
    const unrun = turn()
      .assistant([text('Let me see.'), toolUse('toolu_1')])
      .end('interrupted');
    assert.deepEqual(kept(unrun), ['user']);
    const second = turn()
      .assistant([toolUse('toolu_1')])
      .result('toolu_1')
      .assistant([text('And more.'), toolUse('toolu_2')])
      .end('interrupted');
    assert.deepEqual(kept(second), ['user', 'assistant', 'toolResult']);
  });

  it('never sends an answer that was whole back as the last message', () => {
    const whole = turn()
      .assistant([text('A.')])
      .end('interrupted');
    assert.deepEqual(kept(whole), ['user']);
  });

  it('is not for a turn that runs, nor for an empty conversation', () => {
    assert.equal(retryHead(turn().entries), null);
    assert.equal(retryHead([]), null);
    assert.equal(retryHead(new PathMaker().snapshot().entries), null);
  });

  it('makes a valid request from any path that has ended', () => {
    const outcomes = fc.constantFrom('done' as const, 'stopped' as const, 'interrupted' as const, 'empty' as const);
    fc.assert(
      fc.property(anyPath, outcomes, (path, kind) => {
        const words: NewEntry = { kind: 'user', content: [{ type: 'text', text: 'one' }], model: opus };
        const ended = placed(repaired(path), [words, { kind: 'end', outcome: { kind } }]);
        const head = retryHead(ended);
        assert.ok(head);
        checkStrictly(requestOf(ended.slice(0, ended.indexOf(head) + 1)));
      }),
    );
  });
});

describe('The last prompt', () => {
  it('is the last that the user wrote, and whether it was answered', () => {
    const maker = new PathMaker()
      .user('one')
      .assistant([text('A')])
      .end()
      .user('two');
    assert.deepEqual(
      [lastPrompt(maker.entries)?.user.content, lastPrompt(maker.entries)?.answered],
      [[{ type: 'text', text: 'two' }], false],
    );
    maker.assistant([text('B')], { partial: 'stopped' }).end('stopped');
    assert.equal(lastPrompt(maker.entries)?.answered, true);
    maker.add({ kind: 'user', content: [{ type: 'text', text: 'Go on.' }], model: opus, auto: 'continue' });
    assert.equal(textOf(lastPrompt(maker.entries)?.user.content ?? []), 'two');
    assert.equal(lastPrompt([]), null);
    assert.equal(lastPrompt(new PathMaker().snapshot(file('a', 'b')).entries), null);
  });

  it('keeps its place where it has files to be decided about', () => {
    for (const open of [0, 1]) {
      const maker = new PathMaker().user('one');
      const counts = { added: 1, removed: 0, open, undone: false };
      const one = { uri: 'file:///w/a', path: 'a', kind: 'edit', ...counts, base: 'x', current: 'y' } as const;
      maker.add({ kind: 'edits', turn: maker.last(), files: [one] });
      maker.end('stopped');
      assert.equal(lastPrompt(maker.entries)?.answered, open > 0);
    }
  });
});

describe('A title', () => {
  const of = (words: string): string => titleOf([{ type: 'text', text: words }]);

  it('is the first line of the prompt, cut at a word', () => {
    assert.equal(of('Why?'), 'Why?');
    assert.equal(of('  \n\n Why\nis that?'), 'Why');
    assert.equal(of(''), '');
    const long = of('Why does the login retry three times before it gives up and shows an error to the user?');
    assert.equal(long, 'Why does the login retry three times before it gives up and…');
    assert.equal(of('x'.repeat(100)), `${'x'.repeat(60)}…`);
  });

  it('never ends in half a character', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 40, maxLength: 100 }), (words) => {
        assert.ok(of(words).isWellFormed());
        assert.ok(of(words).length <= 61);
      }),
    );
  });
});

describe('The state of a path', () => {
  it('is left as the path ends, so that a turn goes on from it', () => {
    const shown = replayStart();
    stateOf('c', '', new PathMaker().user('one').assistant([toolUse('x')]).entries, shown);
    assert.deepEqual([shown.answer, shown.tools.get('x')], ['e1', 'e2:0']);
  });
});
