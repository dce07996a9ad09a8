/** The list of what is left out for an address: over the real store; what is picked is sent again (L44). */
import assert from 'node:assert/strict';
import { AddressBook } from '../../../../src/core/api/addressBook';
import { type AddressLimit, limitKey, optionalFields } from '../../../../src/core/api/addressLimits';
import type { Log } from '../../../../src/core/base/ports';
import { limitStrings } from '../../../../src/host/base/plainStrings';
import { addressState, takeBackLimit } from '../../../../src/host/session/turns/mend';
import { type LimitRow, type LimitWindow, showAddressLimits } from '../../../../src/host/settings/addressLimitsList';
import type { LocalizableMessage } from '../../../../src/shared/chat';
import { filled } from '../../../texts';
import { tableModels } from '../../core/kit';

const here = 'https://gateway.example';
const log: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };
const elsewhere = 'https://other.example';

describe('The list of what is left out for an address', () => {
  let values: Map<string, string>;
  let book: AddressBook;
  let said: string[];
  let shown: readonly LimitRow[];
  let fails = false;

  beforeEach(() => {
    values = new Map();
    fails = false;
    said = [];
    shown = [];
    book = new AddressBook(
      {
        getValue: async (name) => values.get(name) ?? null,
        setValue: async (name, value) => {
          if (fails) throw new Error('the disk is full');
          if (value === null) values.delete(name);
          else values.set(name, value);
        },
      },
      log,
    );
  });

  const text = ({ text: words, args = [] }: LocalizableMessage): string =>
    words.replace(/\{(\d)\}/g, (_, at: string) => String(args[Number(at)]));
  const window = (picked: number | null): LimitWindow => ({
    pick: async (rows, host) => {
      assert.equal(host, 'gateway.example');
      shown = rows;
      return picked === null ? undefined : rows[picked]?.key;
    },
    info: (words) => said.push(text(words)),
    warn: (words) => said.push(`! ${text(words)}`),
  });
  const show = (picked: number | null, key: string | null = 'sk-ant-api03-key'): Promise<void> => {
    const api = { access: async () => (key === null ? null : { apiKey: key, baseUrl: here, headers: {} }) };
    const deps = { api, addresses: book, models: tableModels };
    return showAddressLimits({
      state: () => addressState(deps),
      takeBack: (limit) => takeBackLimit(limit, deps),
      window: window(picked),
    });
  };

  it('says so when nothing is left out, or nothing can be sent', async () => {
    await book.add(elsewhere, { kind: 'field', field: 'tools', turn: null });
    await show(0);
    await show(0, null);
    assert.deepEqual(said, [filled(limitStrings.nothing('gateway.example')), filled(limitStrings.noAddress())]);
    assert.deepEqual(shown, []);
  });

  it('names each field in words of its own, and what else is remembered', async () => {
    for (const field of optionalFields) await book.add(here, { kind: 'field', field, turn: null });
    await book.add(here, { kind: 'maxTokens', model: 'claude-opus-4-8', tokens: 8192, turn: 'u1' });
    await book.add(here, { kind: 'unsignedThinking', turn: null });
    await show(null);
    const labels = shown.map(({ label }) => text(label));
    assert.equal(new Set(labels).size, optionalFields.length + 2);
    assert.ok(!labels.includes(filled(limitStrings.field())));
    assert.deepEqual(
      shown.map(({ field }) => field),
      [...optionalFields, 'max_tokens', null],
    );
    assert.equal(labels.at(-2), `Answers of Opus 4.8 have at most ${(8192).toLocaleString()} tokens`);
    assert.deepEqual(said, [], 'closing it decides nothing');
    assert.equal((await book.of(here)).length, optionalFields.length + 2);
  });

  it('takes back what is picked, and only that', async () => {
    const effort: AddressLimit = { kind: 'field', field: 'output_config.effort', turn: null };
    await book.add(here, { kind: 'field', field: 'thinking', turn: null });
    await book.add(here, effort);
    await show(0);
    assert.deepEqual((await book.of(here)).map(limitKey), [limitKey(effort)]);
    assert.deepEqual(said, [filled(limitStrings.takenBack('gateway.example'))]);
  });

  it('says why something could not be taken back', async () => {
    await book.add(here, { kind: 'unsignedThinking', turn: null });
    fails = true;
    await show(0);
    assert.deepEqual(said, ['! Couldn’t undo this: the disk is full']);
    assert.equal((await book.of(here)).length, 1);
  });
});
