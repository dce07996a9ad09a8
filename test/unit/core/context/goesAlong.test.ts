/** What goes along by itself once a conversation has begun: what one looks at, and changes of what was sent. */
import assert from 'node:assert/strict';
import {
  changesSince,
  changesText,
  contextLines,
  goesAlong,
  type SeenContext,
  seenContext,
} from '../../../../src/core/context/context';
import type { ContextNow, ReadFile } from '../../../../src/core/context/editorContext';
import { withClosed } from '../../../../src/core/context/seenFiles';
import type { ContextFile, Entry } from '../../../../src/core/record/record';

const file = (name: string, text = `${name}\n`): ContextFile => ({ uri: `file:///w/${name}`, path: name, text });
const [a, b, c, d] = [file('a.ts'), file('b.ts'), file('c.ts'), file('d.ts')];
const entry = (one: object): Entry => ({ id: '', parent: null, at: 0, ...one }) as Entry;
const begun = entry({ kind: 'snapshot', project: [], files: [a, b], selection: null });
const told = (...entries: readonly Entry[]): SeenContext => seenContext([begun, ...entries]) ?? assert.fail();
const looking = (at: ContextFile, ...others: readonly ContextFile[]): ContextNow => ({
  project: [],
  files: [at, ...others],
  selection: null,
  whole: [at.uri],
});

describe('A conversation that has begun', () => {
  it('is told the file that one looks at as a whole, and others that were opened by name, once', () => {
    const now = looking(c, a, b, d);
    const changes = changesSince(told(), now);
    assert.deepEqual(
      changes.map(({ change }) => change),
      ['added', 'named'],
    );
    assert.match(changesText(changes), /<file path="c\.ts">[\s\S]*<opened>\nd\.ts\n<\/opened>/);
    assert.ok(!changesText(changes).includes(d.text.repeat(2)));
    // The user is told of what went.
    assert.deepEqual(
      contextLines(changes).map(({ path }) => path),
      ['c.ts'],
    );
    const then = told(entry({ kind: 'change', changes }));
    assert.deepEqual(changesSince(then, now), []);
    // Once one looks at it, it goes.
    assert.deepEqual(
      changesSince(then, looking(d, a, b, c)).map(({ change }) => change),
      ['added'],
    );
  });

  it('is told that a file in a tab behind is an instruction no more: its name alone would leave the old text standing', () => {
    const instructed = seenContext([entry({ ...begun, project: [d], files: [a] })]) ?? assert.fail();
    const changes = changesSince(instructed, looking(a, d));
    assert.deepEqual(
      changes.map(({ change }) => change),
      ['removed', 'named'],
    );
    const then = seenContext([entry({ ...begun, project: [d], files: [a] }), entry({ kind: 'change', changes })]);
    assert.equal(then?.project.size, 0);
    // Looked at, it is told as what it is now.
    assert.deepEqual(
      changesSince(instructed, looking(d, a)).map(({ change }) => change),
      ['added'],
    );
  });

  it('is not told that an editor was closed; but of what becomes of the file', async () => {
    const files = new Map([a, b].map((one) => [one.uri, one] as const));
    const read = async (uris: readonly string[]): Promise<readonly ReadFile[]> =>
      uris.map((uri) => files.get(uri) ?? null);
    const now = (): Promise<ContextNow> => withClosed(looking(a), told().files.keys(), read);
    assert.deepEqual(changesSince(told(), await now()), []);
    files.set(b.uri, file('b.ts', 'another\n'));
    assert.deepEqual(
      changesSince(told(), await now()).map(({ change }) => change),
      ['rewritten'],
    );
    files.delete(b.uri);
    assert.deepEqual(
      changesSince(told(), await now()).map(({ change }) => change),
      ['removed'],
    );
  });

  it('shows as going along what was sent and what goes now; anew, what is open', () => {
    const now = { ...looking(c, a, d), closed: [b] };
    const paths = (files: readonly ContextFile[]): readonly string[] => files.map(({ path }) => path);
    assert.deepEqual(paths(goesAlong(told(), now)), ['c.ts', 'a.ts', 'b.ts']);
    assert.deepEqual(paths(goesAlong(null, now)), ['c.ts', 'a.ts', 'd.ts']);
  });
});
