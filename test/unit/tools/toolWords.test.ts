/** A tool and the words that the panel has for it are tied: without words it would be "used x once". */
import assert from 'node:assert/strict';
import { tools } from '../../../src/core/tools/all';
import { workText } from '../../../src/webview/l10n/transcriptStrings';

function said(name: string, count: number): string {
  return workText({ thoughtMs: 0, tools: new Map([[name, count]]), cancelled: 0, excluded: 0, context: [] });
}

describe('What the panel says of tools', () => {
  for (const { name } of tools) {
    it(`has words of its own for ${name}, for one call and for several`, () => {
      const unknown = (count: number) => said('some_tool', count).replace('some_tool', name);
      for (const count of [1, 3]) assert.notEqual(said(name, count), unknown(count));
    });
  }
});
