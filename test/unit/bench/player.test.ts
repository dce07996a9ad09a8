/** A small trace through the whole cost bench: the real controller sends what the bound says that it must. */
import assert from 'node:assert/strict';
import { billsOf, ledgerOf } from '../../bench/cost/bill';
import { boundOf } from '../../bench/cost/bound';
import { dissect, sumOf } from '../../bench/cost/dissect';
import { type Played, play } from '../../bench/cost/player';
import { policies, requestsUnder } from '../../bench/cost/policies';
import { type Story, tell } from '../../bench/cost/story';
import type { Trace } from '../../bench/cost/trace';
import { profiles } from '../../fakeClaude/tokens';
import { type Block, textOf } from '../../fakeClaude/wire';

const trace: Trace = {
  name: 'small',
  about: 'a bit of everything',
  files: { 'src/a.ts': { code: 1500 }, 'src/b.ts': { code: 1200 }, 'src/c.ts': { code: 900 } },
  open: ['src/a.ts', 'src/b.ts'],
  events: [
    { do: 'send', text: { prose: 200 }, answer: [{ seconds: 20, text: { prose: 600 } }] },
    { do: 'pause', seconds: 100 },
    { do: 'edit', file: 'src/a.ts', line: 5, remove: 2, insert: 'const edited = 1;' },
    {
      do: 'send',
      text: { prose: 120 },
      images: [{ width: 640, height: 480 }],
      answer: [
        {
          seconds: 70,
          thinking: { prose: 300 },
          calls: [{ read: { code: 3000 } }, { readFile: 'src/c.ts', from: 2, to: 9 }],
          meanwhile: [{ do: 'edit', file: 'src/b.ts', line: 1, remove: 0, insert: 'const meanwhile = 2;' }],
        },
        { seconds: 15, text: { prose: 500 } },
      ],
    },
    { do: 'pause', seconds: 4000 },
    { do: 'explain', file: 'src/c.ts', from: 3, to: 7, answer: [{ seconds: 9, text: { prose: 300 } }] },
    { do: 'newConversation' },
    { do: 'effort', level: 'low' },
    { do: 'send', text: 'Anew?', answer: [{ seconds: 5, text: { prose: 100 } }] },
  ],
};
const rule = { profile: profiles.middle, appendedImagesKeepCache: true };

describe('A trace that is played', () => {
  let story: Story;
  let played: Played;
  before(async () => {
    story = await tell(trace);
    played = await play(trace, { profile: 'middle', appendedImagesKeepCache: true });
  });

  it('sends its requests when the story says', () => {
    assert.deepEqual(
      played.times,
      story.turns.flatMap(({ steps }) => steps.map(({ at }) => at)),
    );
    assert.deepEqual(played.times, [0, 120_000, 190_000, 4_205_000, 4_214_000]);
  });

  it('sends everything that the bound counts: words, answers, results, images, current files', () => {
    const said = new Map<number, Block[]>();
    let request = 0;
    for (const turn of story.turns) {
      const before = said.get(turn.conversation) ?? [];
      before.push(...turn.user);
      said.set(turn.conversation, before);
      for (const step of turn.steps) {
        const { body } = played.requests[request] ?? assert.fail('a request is missing');
        const sent = `${textOf(body.system)}\n${body.messages.map(({ content }) => textOf(content)).join('\n')}`;
        for (const text of before.map((block) => block.text ?? textOf(block.content))) {
          // Selections are framed in words of their own; their lines are there.
          for (const line of text.split('\n').slice(-3)) assert.ok(sent.includes(line), `"${line}" was sent`);
        }
        for (const { lines, path } of step.files) {
          for (const { text } of lines) assert.ok(sent.includes(text), `"${text}" of ${path} was sent`);
        }
        const images = body.messages.flatMap(({ content }) => content as readonly Block[]);
        assert.equal(
          images.filter(({ type }) => type === 'image').length,
          before.filter(({ type }) => type === 'image').length,
        );
        before.push(...step.answer, ...step.results);
        request += 1;
      }
    }
    assert.equal(request, played.requests.length);
  });

  it('costs what the ledger bills, all of it accounted for', () => {
    const bills = billsOf(played.requests, rule).reduce((sum, one) => sum + one, 0);
    assert.ok(Math.abs(bills - played.paid) < 1e-6, `${bills} and ${played.paid}`);
    const parts = Object.values(dissect(played.requests, rule).parts).reduce((sum, part) => sum + sumOf(part), 0);
    // Three tokens of each prompt belong to no block.
    assert.ok(Math.abs(parts + 3 * played.requests.length - played.paid) < 1e-6);
    assert.ok(played.paid >= boundOf(story, rule).all * 0.9);
  });

  it('knows what was shown before each message', () => {
    assert.deepEqual(
      played.asked.map(({ turn, inConversation }) => [turn, inConversation]),
      [
        [0, 0],
        [1, 1],
        [3, 0],
      ],
    );
    for (const { shown, billedUsd } of played.asked) assert.ok((shown.askUsd ?? 0) > 0 && billedUsd > 0);
  });

  it('costs others what their requests say: without a cache, the price of each token', () => {
    for (const policy of policies) {
      const requests = requestsUnder(policy, story);
      const bills = billsOf(requests, rule);
      const marked = requests.map(({ body }) => JSON.stringify(body).includes('cache_control'));
      if (policy.name === 'no caching') {
        assert.ok(!marked.includes(true));
        const ledger = ledgerOf(rule);
        for (const [index, { body }] of requests.entries()) {
          assert.ok(Math.abs((bills[index] ?? 0) - ledger.countTokens(body)) < 1e-6);
        }
      } else assert.ok(!marked.includes(false));
      // By tools, what is new or has changed is read again in one more request.
      assert.equal(requests.length - played.requests.length, policy.files === 'tools' ? 4 : 0);
      for (const { body } of requests) {
        // The first of a conversation is what makes the model read.
        if (policy.files === 'tools' && body.messages.length === 1) continue;
        const sent = `${textOf(body.system)}\n${body.messages.map(({ content }) => textOf(content)).join('\n')}`;
        for (const { text } of story.turns[0]?.steps[0]?.files[1]?.lines.slice(-4) ?? [])
          assert.ok(sent.includes(text));
      }
    }
  });
});
