/** The messages of a request, from any record (L4). */
import assert from 'node:assert/strict';
import type Anthropic from '@anthropic-ai/sdk';
import fc from 'fast-check';
import { modelOf, modelTable } from '../../../../src/core/models/models';
import type { Entry } from '../../../../src/core/record/record';
import { toolDefinitions, tools } from '../../../../src/core/tools/all';
import { cases } from '../../../short';
import { answer } from '../answers';
import {
  anyPath,
  asked,
  blobs,
  blocksOf,
  checkStrictly,
  file,
  haiku,
  image,
  opus,
  PathMaker,
  requestOf,
  sentMessages,
  sonnet,
  text,
  thinking,
  toolUse,
} from './paths';

/** Each message as its role and its blocks in short: `user: result(a) "text"`. */
function shape(path: readonly Entry[], model = opus): readonly string[] {
  const offered = JSON.stringify(toolDefinitions(tools));
  return sentMessages(path, modelOf(model), blobs, offered).map(
    ({ role, content }) => `${role}: ${content.map(short).join(' ')}`,
  );
}

function short(block: Anthropic.ContentBlockParam): string {
  switch (block.type) {
    case 'text':
      return block.text.startsWith('<news>') ? 'change' : `"${block.text}"`;
    case 'tool_use':
      return `call(${block.id})`;
    case 'tool_result': {
      const parts = Array.isArray(block.content) ? block.content : [];
      const more = parts.some((part) => part.type === 'text' && part.text.startsWith('<news>'));
      return `result(${block.tool_use_id}${more ? ' + change' : ''}${block.is_error === true ? ' failed' : ''})`;
    }
    default:
      return block.type;
  }
}

const edit = { change: 'removed', uri: 'file:///work/a.ts', path: 'a.ts' } as const;

describe('Messages of any record', () => {
  for (const model of [opus, sonnet, haiku]) {
    it(`are what the strict API accepts, whatever order the entries are in (L4, ${model})`, () => {
      fc.assert(
        fc.property(anyPath, (path) => {
          checkStrictly(requestOf(asked(path), model));
        }),
        { numRuns: cases(400, 200) },
      );
    });
  }

  it('alternate between the roles, begin with the user, and hold neither empty messages nor empty texts', () => {
    fc.assert(
      fc.property(anyPath, fc.constantFrom(...modelTable), (path, model) => {
        const messages = sentMessages(asked(path), model);
        for (const [index, { role, content }] of messages.entries()) {
          assert.equal(role, index % 2 === 0 ? 'user' : 'assistant');
          assert.ok(content.length > 0);
          for (const block of content) assert.ok(block.type !== 'text' || block.text.trim() !== '');
        }
        assert.equal(messages.at(-1)?.role, 'user');
      }),
    );
  });

  it('answer each tool_use in the next message, before any other block, exactly once', () => {
    fc.assert(
      fc.property(anyPath, (path) => {
        const messages = sentMessages(asked(path));
        for (const [index, { content }] of messages.entries()) {
          const calls = content.flatMap((block) => (block.type === 'tool_use' ? [block.id] : []));
          const next = messages[index + 1]?.content ?? [];
          const results = next.flatMap((block) => (block.type === 'tool_result' ? [block.tool_use_id] : []));
          assert.deepEqual([...results].sort(), [...calls].sort());
          assert.ok(next.slice(0, results.length).every((block) => block.type === 'tool_result'));
        }
      }),
    );
  });

  it('never hold a character of the user that a person cannot see (L37)', () => {
    const path = new PathMaker().snapshot().user('do this\u200b\u{e0041}\u202e now \ud800').entries;
    assert.deepEqual(shape(path), ['user: "do this\\u{200b}\\u{e0041}\\u{202e} now \\u{d800}"']);
  });

  it('leave a record without anything to say empty', () => {
    assert.deepEqual(sentMessages([]), []);
    assert.throws(() => requestOf(new PathMaker().snapshot().user('  ').entries), /nothing to send/);
  });
});

describe('Messages after a turn that broke off', () => {
  it('put new words behind those that were sent without an answer', () => {
    const path = new PathMaker().snapshot().user('one').end('stopped').user('two').entries;
    assert.deepEqual(shape(path), ['user: "one" "two"']);
  });

  it('keep the results of a stopped step first, then a change, then the new words', () => {
    const path = new PathMaker()
      .snapshot(file('a.ts', 'a'))
      .user('one')
      .assistant([toolUse('x'), toolUse('y')])
      .result('x')
      .result('y', 'stopped', true, true)
      .end('stopped')
      .change(edit)
      .user('two').entries;
    assert.deepEqual(shape(path), [
      'user: "one"',
      'assistant: call(x) call(y)',
      'user: result(x) result(y failed) change "two"',
    ]);
    checkStrictly(requestOf(path));
  });

  it('put a change of a tool loop inside its last result, and one after a stop behind it', () => {
    const loop = new PathMaker()
      .snapshot(file('a.ts', 'a'))
      .user('one')
      .assistant([toolUse('x')])
      .result('x')
      .change(edit);
    assert.deepEqual(shape(loop.entries).at(-1), 'user: result(x + change)');
    const next = loop.end('stopped').change(edit).user('two').entries;
    assert.deepEqual(shape(next).at(-1), 'user: result(x + change) change "two"');
  });

  it('drop calls whose results are missing, and results whose calls are', () => {
    const path = new PathMaker()
      .snapshot()
      .user('one')
      .assistant([text('I look.'), toolUse('x'), toolUse('y')])
      .result('x')
      .result('stray')
      .result('x', 'twice')
      .end('interrupted')
      .result('y', 'too late')
      .user('two').entries;
    assert.deepEqual(shape(path), ['user: "one"', 'assistant: "I look." call(x)', 'user: result(x) "two"']);
  });

  it('keep what arrived of a partial answer, without calls and without thinking that was not signed', () => {
    const unsigned = { type: 'thinking', thinking: 'Hm', signature: '' } as const;
    for (const partial of ['stopped', 'failed', 'interrupted'] as const) {
      const path = new PathMaker()
        .snapshot()
        .user('one')
        .assistant([unsigned, text('It is'), toolUse('x', {})], { stopReason: null, partial })
        .end('stopped')
        .user('two').entries;
      assert.deepEqual(shape(path), ['user: "one"', 'assistant: "It is"', 'user: "two"']);
    }
  });

  it('never run on with the calls of an answer that was cut at max_tokens (L14)', () => {
    const path = new PathMaker()
      .snapshot()
      .user('one')
      .assistant([text('I look.'), toolUse('x', {})], { stopReason: 'max_tokens' })
      .end('maxTokens')
      .user('go on').entries;
    assert.deepEqual(shape(path), ['user: "one"', 'assistant: "I look."', 'user: "go on"']);
  });

  it('leave out an answer of thoughts alone', () => {
    const path = new PathMaker()
      .snapshot()
      .user('one')
      .assistant([thinking('Hm.')])
      .end('empty')
      .user('two').entries;
    assert.deepEqual(shape(path), ['user: "one" "two"']);
  });

  it('resend a paused answer as it is, and join what follows to it', () => {
    const server: Anthropic.ContentBlock = {
      type: 'server_tool_use',
      id: 'srvtoolu_1',
      name: 'web_search',
      input: {},
      caller: { type: 'direct' },
    };
    const paused = new PathMaker().snapshot().user('one').assistant([server], { stopReason: 'pause_turn' });
    assert.deepEqual(shape(paused.entries), ['user: "one"', 'assistant: server_tool_use']);
    checkStrictly(requestOf(paused.entries));
    const stopped = paused.end('stopped').user('two').entries;
    assert.deepEqual(shape(stopped), ['user: "one" "two"']);
    checkStrictly(requestOf(stopped));
  });

  it('say that a failed tool failed even when it gave no words', () => {
    const path = new PathMaker()
      .snapshot()
      .user('one')
      .assistant([toolUse('x')])
      .result('x', '', true).entries;
    const [result] = sentMessages(path).at(-1)?.content ?? [];
    assert.ok(result?.type === 'tool_result' && Array.isArray(result.content));
    // The API refuses an is_error result without content.
    assert.equal(result.content.length, 1);
  });
});

describe('Messages after a refusal', () => {
  it('leave the refused turn out, its tools included, and keep what changed meanwhile', () => {
    const path = new PathMaker()
      .snapshot(file('a.ts', 'a'))
      .user('one')
      .assistant([text('First.')])
      .end()
      .user('refused words')
      .assistant([toolUse('x')])
      .result('x')
      .change(edit)
      .assistant([], { stopReason: 'refusal', refusal: { category: 'cyber', explanation: null } })
      .end()
      .user('two').entries;
    assert.deepEqual(shape(path), ['user: "one"', 'assistant: "First."', 'user: change "two"']);
  });
});

describe('Messages and thinking', () => {
  it('keep thoughts for the model that had them and for no other', () => {
    const path = new PathMaker()
      .snapshot()
      .user('one')
      .assistant([thinking('Hm.'), text('A.')])
      .end()
      .user('two').entries;
    assert.deepEqual(shape(path, opus)[1], 'assistant: thinking "A."');
    assert.deepEqual(shape(path, sonnet)[1], 'assistant: "A."');
  });

  it('drop thoughts of an earlier epoch only where the model binds them to their prefix', () => {
    for (const [model, kept] of [
      [opus, true],
      ['claude-opus-5-5', false],
    ] as const) {
      const maker = new PathMaker().snapshot(file('a.ts', 'a')).user('one');
      answer(maker, [thinking('Hm.'), text('A.')], model)
        .end()
        .snapshot(file('a.ts', 'b'))
        .user('two');
      answer(maker, [thinking('Hm.'), text('B.')], model)
        .end()
        .user('three');
      const path = maker.entries;
      const answers = shape(path, model).filter((line) => line.startsWith('assistant'));
      assert.deepEqual(answers, [kept ? 'assistant: thinking "A."' : 'assistant: "A."', 'assistant: thinking "B."']);
    }
  });

  it('leave out the changes that a later snapshot holds', () => {
    const path = new PathMaker()
      .snapshot(file('a.ts', 'a'))
      .user('one')
      .assistant([toolUse('x')])
      .result('x')
      .change(edit)
      .assistant([text('A.')])
      .end()
      .change(edit)
      .snapshot()
      .user('two').entries;
    assert.deepEqual(shape(path), [
      'user: "one"',
      'assistant: call(x)',
      'user: result(x)',
      'assistant: "A."',
      'user: "two"',
    ]);
  });
});

describe('Messages with pictures and documents', () => {
  it('put media before the words, and a note where the bytes are gone', () => {
    const pdf = { type: 'document', blob: 'gone', mediaType: 'application/pdf', name: 'plan.pdf' } as const;
    const path = new PathMaker().snapshot();
    path.add({ kind: 'user', content: [{ type: 'text', text: 'See' }, image('pixel'), pdf], model: opus });
    assert.deepEqual(shape(path.entries), ['user: image "[plan.pdf is no longer stored.]" "See"']);
    checkStrictly(requestOf(path.entries));
  });

  it('put the lines that a question is about before its words, where a later selection does not move them', () => {
    const selection = { uri: 'file:///work/a.ts', path: 'a.ts', startLine: 3, endLine: 4, text: 'x\n</selection>' };
    const path = new PathMaker().snapshot().user('Explain', { type: 'selection', selection });
    const content = sentMessages(path.entries)[0]?.content;
    assert.deepEqual(content, [
      { type: 'text', text: '<selection path="a.ts" lines="3-4">\nx\n<\\/selection>\n</selection>' },
      { type: 'text', text: 'Explain' },
    ]);
    checkStrictly(requestOf(path.entries));
  });

  it('send a text document as text', () => {
    const notes = { type: 'document', blob: 'notes', mediaType: 'text/plain', name: 'notes.txt' } as const;
    const path = new PathMaker().snapshot();
    path.add({ kind: 'user', content: [notes], model: opus });
    const held = new Map([['notes', Buffer.from('größer').toString('base64')]]);
    const [document] = sentMessages(path.entries, modelOf(opus), held)[0]?.content ?? [];
    assert.ok(document?.type === 'document' && document.source.type === 'text');
    assert.equal(document.source.data, 'größer');
  });
});

describe('The request', () => {
  it('is the same bytes for the same record', () => {
    fc.assert(
      fc.property(anyPath, (path) => {
        const copy = JSON.parse(JSON.stringify(path)) as readonly Entry[];
        assert.equal(JSON.stringify(requestOf(asked(path))), JSON.stringify(requestOf(asked(copy))));
      }),
    );
  });

  it('does not touch the record', () => {
    fc.assert(
      fc.property(anyPath, (path) => {
        const before = JSON.stringify(path);
        requestOf(asked(path));
        assert.equal(JSON.stringify(path), before);
      }),
    );
  });

  it('has at most four breakpoints, none on thinking, and none of the parameters that the API refuses (L16)', () => {
    const asks = fc.constantFrom(null, 1, 500, 64_000, 10_000_000);
    const effort = fc.constantFrom('low', 'medium', 'high', 'xhigh', 'max');
    fc.assert(
      fc.property(anyPath, fc.constantFrom(...modelTable), asks, effort, (path, model, maxTokens, level) => {
        const request = requestOf(asked(path), model.id, { maxTokens, effort: level });
        const bytes = JSON.stringify(request);
        assert.ok(bytes.split('"cache_control"').length - 1 <= 4);
        for (const name of ['temperature', 'top_p', 'top_k', 'budget_tokens']) assert.ok(!bytes.includes(`"${name}"`));
        assert.ok(request.max_tokens >= 1 && request.max_tokens <= model.maxOutput);
        assert.equal(request.thinking?.type, model.adaptiveThinking ? 'adaptive' : undefined);
        const sent = request.output_config?.effort ?? null;
        assert.equal(
          sent === null || (model.efforts.some((one) => one === sent) && sent !== model.defaultEffort),
          true,
        );
        for (const { content } of request.messages) {
          for (const block of content as readonly Anthropic.ContentBlockParam[]) {
            if (block.type === 'thinking' || block.type === 'redacted_thinking') assert.ok(!('cache_control' in block));
          }
        }
      }),
    );
  });

  it('opens with tools and instructions, then one block for each file, the selection last', () => {
    const path = new PathMaker();
    const selection = { uri: 'file:///work/b.ts', path: 'b.ts', startLine: 2, endLine: 3, text: 'two\nthree' };
    const project = [file('CLAUDE.md', 'Be kind.')];
    path.add({ kind: 'snapshot', project, files: [file('a.ts', 'A'), file('b.ts', 'B')], selection });
    const system = requestOf(path.user('one').entries).system.map((block) => block.text);
    assert.deepEqual(system.slice(1), [
      '<project_instructions path="CLAUDE.md">\nBe kind.\n</project_instructions>',
      '<file path="a.ts">\nA\n</file>',
      '<file path="b.ts">\nB\n</file>',
      '<selection path="b.ts" lines="2-3">\ntwo\nthree\n</selection>',
    ]);
    assert.doesNotMatch(system[0] ?? '', /\b20\d\d\b|\/work/, 'nothing volatile in the instructions');
  });

  it('offers the same tools in the same order whatever the record', () => {
    const first = blocksOf(requestOf(new PathMaker().user('one').entries)).filter((line) => line.startsWith('tool '));
    const other = new PathMaker().snapshot(file('a', 'b')).user('two').entries;
    assert.deepEqual(
      blocksOf(requestOf(other, sonnet)).filter((line) => line.startsWith('tool ')),
      first,
    );
    assert.equal(first.length, tools.length);
  });
});
