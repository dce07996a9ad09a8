/** Why a request read less from the cache than it could have (API-FACTS §6.5). */
import assert from 'node:assert/strict';
import type Anthropic from '@anthropic-ai/sdk';
import { type Answered, cacheMissOf } from '../../../../src/core/cost/cacheMiss';
import { modelOf } from '../../../../src/core/models/models';
import { instructions } from '../../../../src/core/prompt/instructions';
import { constantDigest } from '../../../../src/core/prompt/prefix';
import type { ChangeEntry, Entry, HeldRequest } from '../../../../src/core/record/record';
import type { TokenUsage } from '../../../../src/shared/tokenUsage';
import { file, image, opus, PathMaker, sonnet, text } from '../prompt/paths';

const before: TokenUsage = { input: 20, cacheRead: 0, cacheWrite5m: 40_000, cacheWrite1h: 0, output: 500 };
const warm: TokenUsage = { input: 20, cacheRead: 40_000, cacheWrite5m: 600, cacheWrite1h: 0, output: 500 };
const cold: TokenUsage = { ...warm, cacheRead: 2_000, cacheWrite5m: 38_600 };

/** One turn, answered, and the next question; a second lies between entries. */
function asked(
  more: { readonly model?: string; readonly effort?: string | null; readonly usage?: TokenUsage } = {},
): PathMaker {
  return new PathMaker()
    .snapshot(file('a.ts', 'x'))
    .user('one')
    .assistant([text('A.')], { usage: before, effort: 'high', messageId: 'msg_1', ...more })
    .end()
    .user('two');
}

function missOf(maker: PathMaker, more: Partial<Answered> = {}) {
  return cacheMissOf({
    path: maker.entries,
    model: modelOf(opus),
    effort: 'high',
    askedAt: (maker.entries.at(-1)?.at ?? 0) + 10,
    ttl: '5m',
    usage: cold,
    diagnostics: undefined,
    ...more,
  });
}

const told = (reason: Anthropic.CacheMissReason | null): Anthropic.Diagnostics => ({ cache_miss_reason: reason });

describe('A missed cache', () => {
  it('is none when what could be read was read, or nearly', () => {
    assert.equal(missOf(asked(), { usage: warm }), null);
    assert.equal(missOf(asked(), { usage: { ...warm, cacheRead: 37_000, cacheWrite5m: 3_600 } }), null);
  });

  it('is none where there was nothing to read', () => {
    assert.equal(missOf(new PathMaker().snapshot().user('one')), null);
    const small = { ...before, cacheWrite5m: 900 };
    assert.equal(missOf(asked({ usage: small })), null, 'too little to be kept');
    assert.equal(
      missOf(asked(), { usage: { input: 0, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0, output: 9 } }),
      null,
    );
  });

  it('tells what the API says, and what it cost', () => {
    for (const [type, reason] of [
      ['model_changed', 'model'],
      ['system_changed', 'system'],
      ['tools_changed', 'tools'],
      ['messages_changed', 'messages'],
    ] as const) {
      const miss = missOf(asked(), { diagnostics: told({ type, cache_missed_input_tokens: 1 }) });
      assert.equal(miss?.reason, reason);
      assert.equal(miss.tokens, 40_020 - 2_000);
      assert.ok(Math.abs((miss.usd ?? 0) - (38_020 * (6.25 - 0.5)) / 1e6) < 1e-9, `${miss.usd}`);
    }
    const late = told({ type: 'messages_changed', cache_missed_input_tokens: 30 });
    assert.equal(missOf(asked(), { usage: warm, diagnostics: late }), null, 'a late change that cost nothing');
  });

  it('knows without the API what the record shows', () => {
    const cases: readonly (readonly [string, ReturnType<typeof missOf>])[] = [
      ['model', missOf(asked({ model: sonnet }))],
      ['effort', missOf(asked({ effort: 'low' }))],
      ['expired', missOf(asked(), { askedAt: (asked().entries.at(-1)?.at ?? 0) + 5 * 60_000 })],
      ['image', missOf(asked().user('three', image('pixel')))],
      ['system', missOf(asked().snapshot(file('a.ts', 'y')).user('three'))],
      ['unknown', missOf(asked())],
      ['unknown', missOf(asked(), { diagnostics: told(null) })],
      ['gone', missOf(asked(), { diagnostics: null })],
      ['notFound', missOf(asked(), { diagnostics: told({ type: 'previous_message_not_found' }) })],
      ['effort', missOf(asked({ effort: 'low' }), { diagnostics: told({ type: 'unavailable' }) })],
      ['expired', missOf(asked(), { askedAt: 1e13, diagnostics: null })],
    ];
    assert.deepEqual(
      cases.map(([, miss]) => miss?.reason),
      cases.map(([reason]) => reason),
    );
  });

  it('names an update of ours, and thinking that could not go along, whatever the API says (L49)', () => {
    const now = { digest: 'd', tools: 't', instructions: constantDigest(instructions), address: '', bare: false };
    const same = { held: now, intact: true, lostThinking: false };
    const lost = { held: now, intact: null, lostThinking: true };
    const made = (held: Partial<HeldRequest>): PathMaker => {
      const maker = asked();
      const index = maker.entries.findIndex(({ kind }) => kind === 'assistant');
      maker.entries[index] = { ...maker.entries[index], held: { ...now, ...held } } as Entry;
      return maker;
    };
    const noTools = constantDigest('[]');
    const changed = (type: 'tools_changed' | 'messages_changed') => told({ type, cache_missed_input_tokens: 1 });
    const cases: readonly (readonly [string, ReturnType<typeof missOf>])[] = [
      ['update', missOf(made({ tools: 'old' }), { planned: same, diagnostics: changed('tools_changed') })],
      ['update', missOf(made({ instructions: 'old' }), { planned: same })],
      ['tools', missOf(made({ tools: noTools }), { planned: same })],
      ['unknown', missOf(made({}), { planned: same })],
      ['thinking', missOf(asked(), { planned: lost })],
      ['thinking', missOf(asked(), { planned: lost, diagnostics: changed('messages_changed') })],
      ['thinking', missOf(made({ digest: 'x' }), { planned: { ...lost, intact: false } })],
      ['unknown', missOf(made({}), { planned: { ...lost, intact: true } })],
      ['messages', missOf(made({ digest: 'x' }), { planned: { ...same, intact: false } })],
      ['system', missOf(asked().snapshot(file('a.ts', 'y')).user('three'), { planned: lost })],
      ['expired', missOf(asked(), { planned: lost, askedAt: 1e13 })],
    ];
    assert.deepEqual(
      cases.map(([, miss]) => miss?.reason),
      cases.map(([reason]) => reason),
    );
  });

  it('is not told twice where the context was begun anew by price', () => {
    const rebase = { reason: 'cold', savedTokens: 10, usd: 0.1 } as const;
    const maker = asked();
    maker.add({ kind: 'snapshot', project: [], files: [], selection: null, rebase });
    assert.equal(missOf(maker.user('three')), null);
  });

  it('goes on from the last request whose size is known', () => {
    const change: ChangeEntry['changes'] = [{ change: 'removed', uri: 'file:///a', path: 'a' }];
    const maker = asked()
      .assistant([text('partial')], { partial: 'failed' })
      .change(...change);
    assert.equal(missOf(maker)?.tokens, 38_020);
  });

  it('has no price where none is known, and that of uncached input where nothing was written', () => {
    const unknown = { ...modelOf('someone/else'), minCacheable: 1024 };
    assert.equal(missOf(asked({ model: 'someone/else' }), { model: unknown })?.usd, null);
    const uncached = { ...cold, cacheRead: 0, cacheWrite5m: 0, input: 40_600 };
    const miss = missOf(asked(), { usage: uncached });
    assert.ok(Math.abs((miss?.usd ?? 0) - (40_020 * (5 - 0.5)) / 1e6) < 1e-9);
    const hour = missOf(asked(), { ttl: '1h', usage: { ...cold, cacheWrite5m: 0, cacheWrite1h: 38_600 } });
    assert.ok(Math.abs((hour?.usd ?? 0) - (38_020 * (10 - 0.5)) / 1e6) < 1e-9);
  });
});
