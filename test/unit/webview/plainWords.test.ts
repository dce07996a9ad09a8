/** The words of the panel itself: how Claude's API bills is told in what a click opens, nowhere else (PANEL.md "Cost line"). */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as plain from '../../../src/host/base/plainStrings';
import { billingWords } from '../../panel/billingWords';
import { repoRoot } from '../../vscode/paths';

/** Tables of what a click opens: the popups of the model, the open files and the costs, and the usage view. */
const popups = ['filesPopupStrings', 'costPopupStrings', 'pickerStrings', 'usageStrings', 'usageViewStrings'];

/** All text between quotes in what is given to `t` or `plural`. */
function textsIn(source: string): readonly string[] {
  const code = source.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
  return [...code.matchAll(/(['"`])((?:\\.|(?!\1)[^\\\n])*)\1/g)]
    .map(([, , text = '']) => text)
    .filter((text) => / /.test(text) || /^[A-Z]/.test(text));
}

describe('The words of the panel itself', () => {
  const folder = join(repoRoot(), 'src', 'webview', 'l10n');
  for (const file of readdirSync(folder).filter((name) => !popups.includes(name.replace('.ts', '')))) {
    it(`do not speak of how requests are billed, in ${file}`, () => {
      const found = textsIn(readFileSync(join(folder, file), 'utf8')).filter((text) => billingWords.test(text));
      assert.deepEqual(found, []);
    });
  }

  it('do not where the host makes them: what a tool does, why something was not done, how a turn failed', () => {
    const sources = ['src/core/tools/words/strings.ts', 'src/core/base/strings.ts', 'src/shared/failure.ts'].map(
      (file) => readFileSync(join(repoRoot(), file), 'utf8'),
    );
    assert.deepEqual(
      sources.flatMap(textsIn).filter((text) => billingWords.test(text)),
      [],
    );
    for (const table of [plain.refusals, plain.promptStrings]) {
      for (const say of Object.values(table)) {
        const { text } = (say as (...args: readonly unknown[]) => { readonly text: string })(1, 2, 3, 4);
        assert.doesNotMatch(text, billingWords);
      }
    }
  });

  it('are looked at in every table: the ones of popups are there', () => {
    const tables = readdirSync(folder).map((name) => name.replace('.ts', ''));
    assert.deepEqual(
      popups.filter((name) => !tables.includes(name)),
      [],
    );
  });
});
