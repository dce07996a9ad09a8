/** A turn whose request fails or goes quiet: when it tries again by itself, and when it asks the user (L15). */
import assert from 'node:assert/strict';
import { answer, blockFrames, checkAfter, failure, LiveAnswer, Played, play, readFile, settle, tool } from './turnKit';

describe('A turn whose request fails', () => {
  const overloaded = failure(529, 'overloaded_error');

  it('tries again after a countdown that it shows (L15)', async () => {
    const played = new Played({ replies: [overloaded, answer('end_turn', 'So.')] });
    await settle();
    const [retry] = played.retries;
    assert.ok(retry?.kind === 'retrying');
    assert.equal(retry.attempt, 2);
    assert.equal(retry.of, 5);
    assert.equal(retry.failure.code, 'overloaded');
    const wait = retry.at - retry.since;
    assert.ok(wait >= 1000 && wait <= 1250);
    await played.clock.advance(wait - 1);
    assert.equal(played.requests.length, 1, 'not before the countdown has ended');
    await played.clock.advance(1);
    await played.done;
    assert.deepEqual(played.outcome, { kind: 'done' });
    assert.deepEqual(played.requests[1], played.requests[0]);
    checkAfter(played);
  });

  it('waits as long as the API asks', async () => {
    const played = new Played({
      replies: [failure(429, 'rate_limit_error', { 'retry-after': '17' }), answer('end_turn', 'x')],
    });
    await settle();
    const [retry] = played.retries;
    assert.ok(retry?.kind === 'retrying');
    assert.equal(retry.at - retry.since, 17_000);
    await played.clock.advance(17_000);
    await played.done;
    assert.deepEqual(played.outcome, { kind: 'done' });
  });

  it('does not wait longer than a minute: the user is asked', async () => {
    const played = await play({ replies: [failure(429, 'rate_limit_error', { 'retry-after': '61' })] });
    assert.ok(played.outcome?.kind === 'failed');
    assert.equal(played.outcome.failure.code, 'rateLimited');
    assert.equal(played.retries.length, 0);
  });

  it('gives up after five attempts, each with its countdown', async () => {
    const played = new Played({ replies: Array.from({ length: 6 }, () => overloaded) });
    for (let round = 0; round < 5; round += 1) {
      await settle();
      await played.clock.advance(20_000);
    }
    await played.done;
    assert.equal(played.requests.length, 5);
    assert.equal(played.retries.length, 4);
    assert.ok(played.outcome?.kind === 'failed');
    assert.equal(played.outcome.failure.code, 'overloaded');
    assert.deepEqual(played.kinds(), ['snapshot', 'user', 'end']);
    checkAfter(played);
  });

  it('tries at once when the user does not want to wait', async () => {
    const played = new Played({ replies: [overloaded, answer('end_turn', 'So.')] });
    await settle();
    played.tryNow();
    await played.done;
    assert.deepEqual(played.outcome, { kind: 'done' });
    checkAfter(played);
  });

  it('ends at once when the user stops in the countdown', async () => {
    const played = new Played({ replies: [overloaded] });
    await settle();
    played.stop();
    await played.done;
    assert.deepEqual(played.outcome, { kind: 'stopped' });
    checkAfter(played);
  });

  it('is not sent again by itself when the machine slept through the countdown', async () => {
    const long = failure(429, 'rate_limit_error', { 'retry-after': '50' });
    for (const slept of [70_000, 8 * 3_600_000]) {
      const played = new Played({ replies: [long, answer('end_turn', 'So.')] });
      await settle();
      await played.clock.sleepMachine(slept);
      await played.done;
      assert.equal(played.requests.length, 1, `after ${slept} ms`);
      assert.equal(played.outcome?.kind, 'failed');
    }
  });

  it('is sent after sleep when the user says so', async () => {
    const played = new Played({ replies: [overloaded, answer('end_turn', 'So.')] });
    await settle();
    played.tryNow();
    await played.clock.sleepMachine(3_600_000);
    await played.done;
    assert.deepEqual(played.outcome, { kind: 'done' });
  });

  for (const [status, type] of [
    [400, 'invalid_request_error'],
    [401, 'authentication_error'],
    [413, 'request_too_large'],
  ] as const) {
    it(`by ${status} is not tried again`, async () => {
      const played = await play({ replies: [failure(status, type)] });
      assert.equal(played.requests.length, 1);
      assert.ok(played.outcome?.kind === 'failed');
      assert.equal(played.outcome.failure.status, status);
    });
  }

  it('before a word of it arrived is tried again, a lost connection too', async () => {
    const live = new LiveAnswer();
    const played = new Played({ replies: [live.reply, answer('end_turn', 'So.')] });
    await settle();
    live.cut();
    await settle();
    assert.equal(played.retries.length, 1);
    await played.clock.advance(2000);
    await played.done;
    assert.deepEqual(played.outcome, { kind: 'done' });
    checkAfter(played);
  });

  it('in the middle of an answer keeps what arrived and repeats nothing', async () => {
    const live = new LiveAnswer();
    const played = new Played({ replies: [live.reply] });
    live.push(...blockFrames(0, 'It is the').slice(0, 2));
    await settle();
    live.push({ type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } });
    await played.done;
    assert.equal(played.requests.length, 1);
    assert.ok(played.outcome?.kind === 'failed');
    assert.deepEqual([played.outcome.failure.code, played.outcome.failure.partial], ['overloaded', true]);
    const said = played.log.path.find((entry) => entry.kind === 'assistant');
    assert.ok(said?.kind === 'assistant');
    assert.equal(said.partial, 'failed');
    assert.equal(said.requestId, 'req_1');
    assert.ok((said.usage.output ?? 0) >= 3 && said.usage.cacheRead === 1000, 'what was billed is counted');
    checkAfter(played);
  });

  it('keeps the steps that are whole when a later one fails', async () => {
    const replies = [answer('tool_use', tool('t1')), failure(400, 'invalid_request_error')];
    const played = await play({ replies, tools: [readFile] });
    assert.deepEqual(played.kinds(), ['snapshot', 'user', 'assistant', 'toolResult', 'end']);
    checkAfter(played);
  });
});

describe('A stream that goes quiet', () => {
  it('is closed after ninety seconds without a byte, and keeps what arrived', async () => {
    const live = new LiveAnswer();
    const played = new Played({ replies: [live.reply] });
    live.push(...blockFrames(0, 'It is').slice(0, 2));
    await settle();
    await played.clock.advance(90_000);
    assert.equal(played.events.at(-1)?.type, 'delta', 'still open');
    await played.clock.advance(2_000);
    await played.done;
    assert.ok(played.outcome?.kind === 'failed');
    assert.deepEqual([played.outcome.failure.code, played.outcome.failure.partial], ['stalled', true]);
    assert.ok(played.kinds().includes('assistant'));
    assert.ok(played.signals[0]?.aborted, 'the socket is closed');
    checkAfter(played);
  });

  it('lives as long as pings come', async () => {
    const live = new LiveAnswer();
    const played = new Played({ replies: [live.reply] });
    for (let minute = 0; minute < 5; minute += 1) {
      live.push({ type: 'ping' });
      await settle();
      await played.clock.advance(60_000);
    }
    live.push(...blockFrames(0, 'So.'));
    live.finish('end_turn');
    await played.done;
    assert.deepEqual(played.outcome, { kind: 'done' });
  });

  it('is closed at once after sleep, and nothing is sent again (virtual clock)', async () => {
    const live = new LiveAnswer();
    const played = new Played({ replies: [live.reply, answer('end_turn', 'twice')] });
    await settle();
    await played.clock.sleepMachine(3 * 3_600_000);
    await played.done;
    assert.equal(played.requests.length, 1);
    assert.ok(played.outcome?.kind === 'failed');
    assert.equal(played.outcome.failure.code, 'stalled');
    assert.match(played.outcome.failure.message, /10800 seconds/);
  });

  it('is closed too when not even headers come', async () => {
    const silent = (signal: AbortSignal): Promise<Response> =>
      new Promise((_, reject) => signal.addEventListener('abort', () => reject(new DOMException('x', 'AbortError'))));
    const played = new Played({ replies: [silent] });
    await settle();
    await played.clock.advance(92_000);
    await played.done;
    assert.ok(played.outcome?.kind === 'failed');
    assert.equal(played.outcome.failure.code, 'stalled');
  });
});
