import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { allMutants } from '../mutants/all';
import { repoRoot } from '../vscode/paths';

/** The lessons of which each has at least one. */
const lessons = [...Array.from({ length: 13 }, (_, at) => 38 + at), 54, 59, 61, 62, 73, 74, 76];

/** What was once seen to take more than its part, or was noticed by no test, and the mutant that brings it back. */
const seen: Readonly<Record<string, string>> = {
  'a thinking block without a signature, then a second message':
    'L38: a thought without a signature cannot be measured',
  'an answer of a thousand nested lists': 'L62: lists may be nested without end',
  'a hostile pattern in an ignore file or a tool call':
    'L54: what stands between two stars is tried again for each other star',
  'one stored entry that cannot be read': 'L73: one entry that cannot be shown takes the conversation',
  'one busy from the store at start': 'L73: a place keeps the rejected promise of its first conversation',
  'an update that adds a tool': 'L49: thinking goes back whatever stands before it now',
  'an update that changes a word of the instructions': 'L49: the instructions are no part of the digest',
  'a store that is busy when a paid answer is committed':
    'a finished answer is lost to a store that is busy for a moment',
  'words typed since Send': 'words typed since Send are cleared with it',
  'an automatic count': 'an automatic count goes to an address that never got the content',
  'an ignored alias': 'an ignored alias of a visible file is read',
  'the life of a lease': 'a lease that lives 15 s is renewed every 40 s',
  'foreign entries': 'entries of other windows are not taken over',
  'the release of a lease': 'the next turn does not wait for the release of the lease',
  'a load behind a close': 'a conversation is loaded before what was left of it is stored',
  'a conversation that was left': 'a conversation that was left is never let go of',
  'a checkpoint of another head': 'a checkpoint of another head is shown',
  'open files that cannot be read': 'a turn fails when the open files cannot be read',
  'an edited held row': 'an edited held row goes by itself',
  'the last page of a list': 'a full last page says that there are more',
};

describe('The known faults', () => {
  for (const { name, file, find, replace, test, grep } of allMutants) {
    it(`can be brought back: ${name}`, () => {
      const source = readFileSync(join(repoRoot(), file), 'utf8');
      assert.equal(source.split(find).length - 1, 1, `what to change stands once in ${file}`);
      assert.notEqual(find, replace);
      const tests = join(repoRoot(), 'test', `${test}.test.ts`);
      assert.ok(existsSync(tests), `${tests} is there`);
      if (grep !== undefined) assert.ok(readFileSync(tests, 'utf8').includes(grep), `a title in ${test} has "${grep}"`);
    });
  }

  it('have names of their own', () => {
    const names = allMutants.map(({ name }) => name);
    assert.equal(new Set(names).size, names.length);
  });

  it('are at least those that were seen', () => {
    const names = allMutants.map(({ name }) => name);
    for (const [fault, name] of Object.entries(seen)) assert.ok(names.includes(name), `${fault}: ${name}`);
    for (const lesson of lessons) {
      assert.ok(
        names.some((name) => name.startsWith(`L${lesson}: `)),
        `L${lesson}`,
      );
    }
  });
});
