import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { allMutants } from '../mutants/all';
import { repoRoot } from '../vscode/paths';

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
});
