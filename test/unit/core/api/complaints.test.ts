/** What servers say of one thing in many words is one kind (LESSONS L43, L44). The wordings are those of public threads. */
import assert from 'node:assert/strict';
import { type Complaint, complaintOf } from '../../../../src/core/api/complaints';
import { serverWords } from '../../../../src/core/api/serverWords';
import { fields } from './fieldWordings';
import { maxTokens, media, others, tooLong, unknownModels } from './wordings';

function heard(body: unknown): Complaint | null {
  return complaintOf(serverWords(body));
}

describe('L43 too long', () => {
  for (const [who, body] of tooLong)
    it(`in the words of ${who}`, () => assert.deepEqual(heard(body), { kind: 'tooLong' }));
});

describe('L44 a limit of the output', () => {
  for (const [body, tokens] of maxTokens) {
    it(`is found in ${JSON.stringify(body).slice(0, 110)}`, () =>
      assert.deepEqual(heard(body), { kind: 'maxTokens', tokens }));
  }
});

describe('L44 a field that is refused', () => {
  for (const [body, field] of fields) {
    it(`${field} is found in ${JSON.stringify(body).slice(0, 110)}`, () => {
      const complaint = heard(body);
      assert.equal(complaint?.kind === 'field' ? complaint.fields[0] : complaint, field);
    });
  }
});

describe('L43 a model that is not known', () => {
  for (const body of unknownModels) {
    it(`is found in ${JSON.stringify(body).slice(0, 110)}`, () =>
      assert.deepEqual(heard(body), { kind: 'unknownModel' }));
  }

  it('is another thing than one that the key may not use', () => {
    const body = {
      error: {
        message: "key not allowed to access model. This key can only access models=['a']. Tried to access claude-x",
        type: 'key_model_access_denied',
        code: '401',
      },
    };
    assert.deepEqual(heard(body), { kind: 'modelNotAllowed' });
  });
});

describe('L43 an attachment that is refused', () => {
  for (const body of media)
    it(`is found in ${JSON.stringify(body).slice(0, 110)}`, () => assert.deepEqual(heard(body), { kind: 'media' }));
});

describe('L43 what is of no known kind', () => {
  for (const body of others) it(`${JSON.stringify(body).slice(0, 110)}`, () => assert.equal(heard(body), null));
});

describe('L43 the words of a server', () => {
  it('are found in any body, bounded', () => {
    assert.equal(serverWords({ error: { message: { text: 1 } } }).message, '');
    assert.equal(serverWords({ error: 'no' }).message, 'no');
    assert.equal(serverWords([[[['deep']]]]).message, 'deep');
    assert.equal(serverWords({ message: 'x'.repeat(100_000) }).message.length, 4001);
    const deep = JSON.parse(`${'{"error":'.repeat(3000)}1${'}'.repeat(3000)}`) as unknown;
    assert.equal(serverWords(deep).message, '');
    assert.equal(serverWords({ error: { code: 502, message: 'Provider returned error' } }).status, 502);
  });
});
