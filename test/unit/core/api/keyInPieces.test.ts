/** A key that an answer says in pieces: it is replaced, however it is cut, and nothing else is held up (L33). */
import assert from 'node:assert/strict';
import { answerForms, holdKeysBack, removedKey } from '../../../../src/core/api/keyEcho';
import { AnswerStream } from '../../../../src/core/turn/answerStream';
import type { ChatEvent } from '../../../../src/shared/chat';
import { cpuClock } from '../../cpuClock';
import { endFrames, type Frame, ManualClock, start } from '../turn/turnKit';
import { access, begin, eventStream, framed, piece, question, stop, words } from './doorKit';

const key = 'sk-ant-api03-sk-QmFzZTY0IG9mIHRoZSBr';

interface Came {
  readonly stream: AnswerStream;
  /** What was shown, in the order in which it came. */
  readonly shown: string;
}

async function said(frames: readonly Frame[], apiKey = key, ended = true): Promise<Came> {
  const all = [start, ...frames, ...(ended ? endFrames('end_turn') : [])];
  const stream = new AnswerStream({
    request: question,
    access: { ...access, apiKey },
    fetch: async () => new Response(framed(all), { headers: eventStream }),
    clock: new ManualClock(),
    answer: 'a',
    entry: 'e',
  });
  const events: ChatEvent[] = [];
  try {
    for await (const event of stream.events(new AbortController().signal)) events.push(event);
  } catch (error) {
    if (ended) throw error;
  }
  const shown = events.flatMap((event): readonly string[] => {
    if (event.type === 'delta') return [event.text];
    return event.type === 'partStarted' && 'text' in event.part ? [event.part.text] : [];
  });
  return { stream, shown: shown.join('') };
}

const whole = `s before ${key} after s`;
const clean = `s before ${removedKey} after s`;

describe('L33 a key in the deltas of an answer', () => {
  const blocks: readonly (readonly [string, unknown, (text: string) => unknown, (came: Came) => unknown, string])[] = [
    ['text', { type: 'text', text: '' }, (text) => ({ type: 'text_delta', text }), textOf, clean],
    [
      'thinking',
      { type: 'thinking', thinking: '', signature: '' },
      (thinking) => ({ type: 'thinking_delta', thinking }),
      textOf,
      clean,
    ],
    [
      'the input of a call',
      { type: 'tool_use', id: 't1', name: 'read_file', input: {} },
      (text) => ({ type: 'input_json_delta', partial_json: text }),
      ({ stream }) => JSON.stringify((stream.content[0] as { readonly input: unknown }).input),
      `{"path":"${clean}"}`,
    ],
  ];
  for (const [what, block, delta, read, expected] of blocks) {
    it(`is replaced in ${what}, wherever it is cut`, async () => {
      const text = what === 'the input of a call' ? JSON.stringify({ path: whole }) : whole;
      for (let at = 0; at <= text.length; at += 1) {
        const cut = [text.slice(0, at), text.slice(at)];
        const came = await said([begin(block), ...cut.map((part) => piece(delta(part))), stop()]);
        assert.equal(withoutBeginning(read(came)), expected, `cut at ${at}`);
        assert.equal(withoutBeginning(came.shown), expected, `shown, cut at ${at}`);
      }
      const each = [...text].map((character) => piece(delta(character)));
      const came = await said([begin(block), ...each, stop()]);
      assert.equal(read(came), expected.replace(removedKey, `sk${removedKey}`));
      assert.equal(came.shown, read(came));
    });
  }

  it('is replaced where the block begins with a part of it', async () => {
    for (let at = 1; at < key.length; at += 1) {
      const came = await said([begin({ type: 'text', text: key.slice(0, at) }), words(key.slice(at)), stop()]);
      assert.equal(withoutBeginning(textOf(came)), removedKey);
      assert.equal(withoutBeginning(came.shown), removedKey);
    }
  });

  it('holds up no word that ends as a key begins', async () => {
    const came = await said([begin({ type: 'text', text: '' }), words('It begins'), words(', I ask')], key, false);
    assert.equal(came.shown, 'It begins, I ask');
  });

  it('is replaced in escapes, and as JSON writes it elsewhere', async () => {
    const escaped = `{"path":"\\u0073${key.slice(1)}"}`;
    const call = { type: 'tool_use', id: 't1', name: 'read_file', input: {} };
    const { stream } = await said([begin(call), piece({ type: 'input_json_delta', partial_json: escaped }), stop()]);
    assert.equal(JSON.stringify(stream.content).includes('QmFz'), false);
    const slashed = 'sk-gateway/0123456789/abcdef';
    const written = slashed.replaceAll('/', '\\/');
    const came = await said(
      [begin({ type: 'text', text: '' }), words(written.slice(0, 14)), words(written.slice(14)), stop()],
      slashed,
    );
    assert.equal(textOf(came), removedKey);
  });

  it('and what only begins like one stays, to the end of the block and where the answer breaks off', async () => {
    const like = `these words, ${key.slice(0, 12)}`;
    for (const ended of [true, false]) {
      const came = await said(
        [begin({ type: 'text', text: '' }), words('these '), words(like.slice(6)), ...(ended ? [stop()] : [])],
        key,
        ended,
      );
      assert.equal(textOf(came), like);
      assert.equal(came.shown, like, 'what is shown is what is kept');
    }
  });

  it('holds back no more than may be the beginning of it, with bounded work', () => {
    const forms = answerForms([key]);
    const longest = Math.max(...forms.map(({ length }) => length));
    assert.deepEqual(holdKeysBack('plain words', forms), { said: 'plain words', held: 's', known: 1 });
    assert.deepEqual(holdKeysBack('plain word', forms), { said: 'plain word', held: '', known: 0 });
    assert.deepEqual(holdKeysBack('plain sk-', forms), { said: 'plain ', held: 'sk-', known: 0 });
    let held = '';
    const cpu = cpuClock();
    for (let turn = 0; turn < 20_000; turn += 1) {
      ({ held } = holdKeysBack(`${held}sk-ant-api03-sk-ant-api03-`, forms));
      assert.ok(held.length < longest);
    }
    assert.ok(cpu() < 2000);
  });
});

/** Two characters may have been said before anything pointed to a key. */
function withoutBeginning(text: unknown): string {
  return String(text).replace(/sk?(?=\[removed\])/, '');
}

function textOf({ stream }: Came): string {
  const [block] = stream.content;
  return block?.type === 'text' ? block.text : block?.type === 'thinking' ? block.thinking : '';
}
