/** A tool and the words that the panel has for it are tied: without words it would be "used x once". */
import assert from 'node:assert/strict';
import { tools } from '../../../src/core/tools/all';
import { toolsText } from '../../../src/webview/l10n/strings';

describe('What the panel says of tools', () => {
  for (const { name } of tools) {
    it(`has words of its own for ${name}, for one call and for several`, () => {
      const unknown = (count: number) => toolsText(new Map([['some_tool', count]])).replace('some_tool', name);
      for (const count of [1, 3]) assert.notEqual(toolsText(new Map([[name, count]])), unknown(count));
    });
  }
});
