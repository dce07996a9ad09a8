/** Tools that the API runs itself: every block of theirs is a line, live as from the record, whatever is in it. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { serverToolStrings } from '../../../../src/core/tools/web/strings';
import { checkpointEvents } from '../../../../src/core/transcript/checkpoint';
import { citationsOf, resultText, shownResult } from '../../../../src/core/transcript/serverResult';
import { replayStart, stateOf, toolOutput } from '../../../../src/core/transcript/transcript';
import type { ChatState, Part, ToolPart } from '../../../../src/shared/chat';
import { reduceAll } from '../../../../src/shared/reduce';
import { begin, piece, said, stop, words } from '../api/doorKit';
import { PathMaker } from '../prompt/paths';
import { answer, checkAfter, type Frame, LiveAnswer, Played, play, settle } from '../turn/turnKit';

const call = (id: string, name = 'web_search', input: object = { query: 'ruby' }): Frame => ({
  type: 'server_tool_use',
  id: `srvtoolu_${id}`,
  name,
  input,
});
const page = (url: unknown, title?: unknown, age: unknown = null): object => ({
  type: 'web_search_result',
  url,
  title,
  encrypted_content: 'secret bytes',
  page_age: age,
});
const found = (id: string, ...pages: readonly object[]): Frame => ({
  type: 'web_search_tool_result',
  tool_use_id: `srvtoolu_${id}`,
  content: pages,
});
const refused = (id: string, code: string): Frame => ({
  type: 'web_search_tool_result',
  tool_use_id: `srvtoolu_${id}`,
  content: { type: 'web_search_tool_result_error', error_code: code },
});
const ruby = page('https://www.ruby-lang.org/en/', 'Ruby', 'October 7, 2025');

function partsOf(state: ChatState): readonly Part[] {
  return state.items.flatMap((item) => (item.type === 'answer' ? item.parts : []));
}

function linesOf(state: ChatState): readonly ToolPart[] {
  return partsOf(state).flatMap((part) => (part.type === 'tool' ? [part] : []));
}

function wordsOf(state: ChatState): readonly string[] {
  return linesOf(state).map(({ status, label, summary }) =>
    [
      status,
      label.text,
      ...(label.args ?? []),
      ...(summary === null ? [] : ['|', summary.text, ...(summary.args ?? [])]),
    ]
      .join(' ')
      .trim(),
  );
}

describe('The line of a tool that the API runs', () => {
  it('says what is searched for, what came of it, and names the pages, with nothing that only the API can read', async () => {
    const replies = [answer('end_turn', 'I look.', call('1'), found('1', ruby, page('https://a.de/x')), 'So.')];
    const played = await play({ replies });
    checkAfter(played);
    assert.deepEqual(wordsOf(played.shown), ['done Searched the web for {0} ruby | {0} results 2']);
    const [line] = linesOf(played.shown);
    assert.deepEqual(line?.sources, [
      { url: 'https://www.ruby-lang.org/en/', title: 'Ruby', age: 'October 7, 2025' },
      { url: 'https://a.de/x', title: 'a.de', age: null },
    ]);
    assert.equal(line.server, true);
    assert.equal(JSON.stringify(played.shown).includes('secret bytes'), false);
    assert.deepEqual(
      partsOf(played.shown).map(({ type }) => type),
      ['text', 'tool', 'text'],
    );
  });

  it('follows the call while it streams, and the result when it comes', async () => {
    const live = new LiveAnswer();
    const played = new Played({ replies: [live.reply] });
    await settle();
    live.push(begin({ ...call('1'), input: {} }), piece({ type: 'input_json_delta', partial_json: '{"query": "ru' }));
    await settle();
    assert.deepEqual(wordsOf(played.shown), ['preparing Searching the web']);
    assert.equal(linesOf(played.shown)[0]?.input, '{"query": "ru');
    live.push(piece({ type: 'input_json_delta', partial_json: 'by"}' }), stop());
    await settle();
    assert.deepEqual(wordsOf(played.shown), ['running Searching the web for {0} ruby']);
    assert.equal(played.shown.activity?.kind, 'tools');
    live.push(begin(found('1', ruby), 1), stop(1));
    await settle();
    assert.deepEqual(wordsOf(played.shown), ['done Searched the web for {0} ruby | 1 result']);
    live.finish('end_turn');
    await played.done;
    checkAfter(played);
  });

  it('is there for each kind of block, also for one that is not known', async () => {
    const result = (type: string, id: string, content: unknown): Frame => ({
      type,
      tool_use_id: `srvtoolu_${id}`,
      content,
    });
    const document = {
      type: 'document',
      source: { type: 'text', media_type: 'text/plain', data: 'All of it.' },
      title: 'T',
    };
    const output = { type: 'code_execution_result', stdout: '3\n', stderr: 'oh', return_code: 1, content: [] };
    const replies = [
      answer(
        'end_turn',
        call('1', 'web_fetch', { url: 'https://www.a.de/page/' }),
        result('web_fetch_tool_result', '1', {
          type: 'web_fetch_result',
          url: 'https://www.a.de/page/',
          content: document,
        }),
        call('2', 'code_execution', { code: '1+2' }),
        result('code_execution_tool_result', '2', output),
        call('3', 'bash_code_execution', { command: 'ls' }),
        result('bash_code_execution_tool_result', '3', {
          ...output,
          type: 'bash_code_execution_result',
          return_code: 0,
        }),
        call('4', 'text_editor_code_execution', { command: 'view', path: '/tmp/a' }),
        result('text_editor_code_execution_tool_result', '4', {
          type: 'text_editor_code_execution_view_result',
          content: 'x',
        }),
        call('5', 'tool_search_tool_regex', { pattern: 'a' }),
        result('tool_search_tool_result', '5', { type: 'tool_search_tool_search_result', tool_references: [] }),
        { type: 'mcp_tool_use', id: 'mcptoolu_1', name: 'echo', server_name: 'tests', input: { a: 1 } },
        { type: 'mcp_tool_result', tool_use_id: 'mcptoolu_1', is_error: true, content: [{ type: 'text', text: 'no' }] },
        { type: 'container_upload', file_id: 'file_1' },
        { type: 'novel_block', note: 'new' },
        'Done.',
      ),
    ];
    const played = await play({ replies });
    checkAfter(played);
    assert.deepEqual(
      linesOf(played.shown).map(({ status, output: text }) => [status, text?.replace(/\s+/g, ' ')]),
      [
        ['done', 'All of it.'],
        ['failed', '3 oh'],
        ['done', '3 oh'],
        ['done', '{ "type": "text_editor_code_execution_view_result", "content": "x" }'],
        ['done', '{ "type": "tool_search_tool_search_result", "tool_references": [] }'],
        ['failed', 'no'],
        ['done', '{ "type": "container_upload", "file_id": "file_1" }'],
        ['done', '{ "type": "novel_block", "note": "new" }'],
      ],
    );
    const shown = wordsOf(played.shown);
    assert.deepEqual(shown[0], 'done Fetched {0} a.de/page | Done');
    assert.ok(shown[1]?.startsWith(`failed ${serverToolStrings.runCode().asked.text}`), shown[1]);
    assert.ok(shown[5]?.includes('echo (tests)'));
  });

  it('says each error in words, and one that is not known by its code', () => {
    const saysOf = (code: string): string => shownResult(refused('1', code)).summary.text;
    const codes = ['invalid_tool_input', 'unavailable', 'max_uses_exceeded', 'too_many_requests', 'query_too_long'];
    const fetches = ['url_too_long', 'url_not_allowed', 'url_not_in_prior_context', 'url_not_accessible'];
    const all = [...codes, 'request_too_large', ...fetches, 'unsupported_content_type', 'content_too_large'];
    const texts = all.map(saysOf);
    assert.equal(new Set(texts).size, all.length);
    assert.ok(texts.every((text) => !text.includes('_') && !text.startsWith('Failed')));
    for (const code of ['quantum_flux', 'constructor']) {
      const { failed, summary } = shownResult(refused('1', code));
      assert.deepEqual([failed, summary.args], [true, [code]]);
    }
  });

  it('goes on with an answer that paused in it, and takes the result from the next', async () => {
    const replies = [answer('pause_turn', 'On.', call('1')), answer('end_turn', found('1', ruby), 'So.')];
    const played = await play({ replies });
    checkAfter(played);
    assert.equal(played.requests[1]?.messages.at(-1)?.role, 'assistant');
    assert.deepEqual(wordsOf(played.shown), ['done Searched the web for {0} ruby | 1 result']);
    assert.equal(
      toolOutput(played.log.path, linesOf(played.shown)[0]?.key ?? ''),
      'Ruby\nhttps://www.ruby-lang.org/en/\nOctober 7, 2025',
    );
  });

  it('is closed when the turn ends without its result: stopped in the middle, stopped in a pause, paused too often', async () => {
    const live = new LiveAnswer();
    const stopped = new Played({ replies: [live.reply] });
    await settle();
    live.push(begin({ ...call('1'), input: {} }), piece({ type: 'input_json_delta', partial_json: '{"query":"ru' }));
    await settle();
    stopped.stop();
    await stopped.done;
    checkAfter(stopped);
    assert.deepEqual(
      linesOf(stopped.shown).map(({ status }) => status),
      ['cancelled'],
    );

    const second = new LiveAnswer();
    const inPause = new Played({ replies: [answer('pause_turn', 'On.', call('1')), second.reply] });
    await settle();
    inPause.stop();
    await inPause.done;
    checkAfter(inPause);
    assert.deepEqual(wordsOf(inPause.shown), ['cancelled Search the web for {0} ruby']);

    const pauses = Array.from({ length: 9 }, (_, index) => answer('pause_turn', call(String(index))));
    const endless = await play({ replies: pauses });
    checkAfter(endless);
    assert.deepEqual(endless.outcome, { kind: 'pauseLimit' });
    assert.ok(linesOf(endless.shown).every(({ status }) => status === 'cancelled'));
  });

  it('costs what was searched, as the answer says at its end, and as it shows where it broke off', async () => {
    const live = new LiveAnswer();
    const stopped = new Played({ replies: [live.reply] });
    await settle();
    live.push(
      begin(call('1')),
      stop(),
      begin(found('1', ruby), 1),
      stop(1),
      begin(refused('2', 'unavailable'), 2),
      stop(2),
    );
    await settle();
    stopped.stop();
    await stopped.done;
    const item = stopped.stored.items.findLast(({ type }) => type === 'answer');
    assert.equal(item?.type === 'answer' ? item.usage.searches : null, 1);
    assert.ok((stopped.stored.usd ?? 0) > 0.01);
  });

  it('is there for a result without a call, and for two results of one call', async () => {
    const played = await play({
      replies: [answer('end_turn', found('9', ruby), call('1'), found('1'), found('1', ruby), 'So.')],
    });
    checkAfter(played);
    assert.deepEqual(wordsOf(played.shown), [
      'done Received {0} web_search_tool_result | 1 result',
      'done Searched the web for {0} ruby | No results',
      'done Received {0} web_search_tool_result | 1 result',
    ]);
  });

  it('opens no address but those of the web, and shows no more of a page than is bounded (L29, L36, L37)', () => {
    const bad = [
      'javascript:alert(1)',
      'file:///etc/passwd',
      'command:x',
      'data:text/html,x',
      'http://',
      '//a.de',
      7,
      null,
      {},
    ];
    const { sources, summary } = shownResult(found('1', ...bad.map((url) => page(url, 'Click'))));
    assert.deepEqual(summary.args, [bad.length]);
    assert.ok(sources?.every(({ url }) => url === null));
    const long = shownResult(
      found('1', ...Array.from({ length: 200 }, () => page(`https://a.de/${'x'.repeat(5000)}`, 'y'.repeat(100_000)))),
    );
    assert.ok(JSON.stringify(long).length < 20_000);
    assert.ok(
      long.sources?.every(({ url }) => url === null),
      'an address that nobody could read',
    );
    const hidden = shownResult(found('1', page('https://a.de', 'a\u202eb\u{e0041}')));
    assert.equal(hidden.sources?.[0]?.title, 'a\\u{202e}b\\u{e0041}');
    const huge = 'z'.repeat(10 * 1024 * 1024);
    const source = { type: 'text', media_type: 'text/plain', data: huge };
    const fetched = {
      type: 'web_fetch_tool_result',
      tool_use_id: 'x',
      content: { type: 'web_fetch_result', content: { type: 'document', source } },
    };
    assert.equal(resultText(fetched, 20_000).length, 20_001);
  });

  it('cites what can be opened, and says of the rest what it is', async () => {
    const cite = (url: unknown): object => ({
      type: 'web_search_result_location',
      url,
      title: 'Ruby',
      cited_text: 'It is 4.',
    });
    const played = await play({
      replies: [
        said(
          begin({ type: 'text', text: '', citations: [] }),
          piece({ type: 'citations_delta', citation: cite('https://www.ruby-lang.org/') }),
          piece({ type: 'citations_delta', citation: cite('javascript:x') }),
          words('4.'),
          stop(),
        ),
      ],
    });
    checkAfter(played);
    const [part] = partsOf(played.shown);
    assert.deepEqual(part?.type === 'text' ? part.citations : null, [
      { url: 'https://www.ruby-lang.org/', title: 'Ruby', text: 'It is 4.' },
      { url: null, title: 'Ruby', text: 'It is 4.' },
    ]);
    assert.deepEqual(citationsOf([{ type: 'char_location', document_title: 'facts.txt' }, 7, null]), [
      { url: null, title: 'facts.txt', text: '' },
    ]);
    assert.equal(citationsOf(Array.from({ length: 500 }, () => ({}))).length, 20);
  });

  it('never fails, whatever the blocks are', () => {
    const block = fc.record(
      {
        type: fc.constantFrom(
          'server_tool_use',
          'web_search_tool_result',
          'web_fetch_tool_result',
          'code_execution_tool_result',
          'x',
        ),
        id: fc.oneof(fc.constantFrom('srvtoolu_1', 'srvtoolu_2'), fc.jsonValue()),
        tool_use_id: fc.oneof(fc.constantFrom('srvtoolu_1', 'srvtoolu_2'), fc.jsonValue()),
        name: fc.oneof(fc.constantFrom('web_search', 'web_fetch'), fc.jsonValue()),
        input: fc.oneof(fc.record({ query: fc.jsonValue(), url: fc.jsonValue() }), fc.jsonValue()),
        content: fc.oneof(fc.array(fc.record({ url: fc.jsonValue(), title: fc.jsonValue() })), fc.jsonValue()),
      },
      { requiredKeys: ['type'] },
    );
    fc.assert(
      fc.property(fc.array(block), (blocks) => {
        const maker = new PathMaker()
          .user('one')
          .assistant(blocks as never[])
          .end();
        const state = stateOf('c', '', maker.entries);
        assert.deepEqual(JSON.parse(JSON.stringify(state)), state);
        assert.ok(partsOf(state).length <= blocks.length);
        for (const { key } of partsOf(state)) toolOutput(maker.entries, key);
        assert.ok(linesOf(state).every(({ status }) => ['done', 'failed', 'cancelled'].includes(status)));
      }),
    );
  });

  it('is followed in another window by what is stored of the answer', () => {
    const maker = new PathMaker().user('one');
    const cursor = replayStart();
    const state = stateOf('c', '', maker.entries, cursor);
    const at = (...content: readonly unknown[]) => ({ entry: 'e9', parent: 'e1', model: 'm', at: 1, content }) as never;
    const cited = (...citations: readonly object[]) => ({ type: 'text', text: 'So', citations });
    const one = reduceAll(state, checkpointEvents(at(call('1')), state, cursor));
    assert.deepEqual(wordsOf(one), ['running Searching the web for {0} ruby']);
    assert.deepEqual(checkpointEvents(at(call('1')), one, cursor), []);
    const two = reduceAll(one, checkpointEvents(at(call('1'), found('1', ruby), cited()), one, cursor));
    assert.deepEqual(wordsOf(two), ['done Searched the web for {0} ruby | 1 result']);
    const three = at(call('1'), found('1', ruby), cited({ url: 'https://a.de', title: 'A', cited_text: 'x' }));
    assert.deepEqual(
      checkpointEvents(three, two, cursor).map(({ type }) => type),
      ['cited'],
    );
  });
});
