import assert from 'node:assert/strict';
import { pretty } from '../../../src/webview/transcript/pretty';

describe('The input of a tool as it is shown (L62)', () => {
  it('has a line for each value, and is as it came where it is no JSON', () => {
    assert.equal(pretty('{"a":[1,"{,"]}'), '{\n  "a": [\n    1,\n    "{,"\n  ]\n}');
    assert.equal(pretty('{"a":[1'), '{"a":[1');
    assert.equal(pretty('…'), '…');
    const wide = JSON.stringify({ lines: Array.from({ length: 20_000 }, (_, n) => n) });
    assert.ok(pretty(wide).includes('\n    19999\n'));
  });

  it('is not indented without end', () => {
    const deep = `${'['.repeat(5000)}${']'.repeat(5000)}`;
    assert.equal(pretty(deep), deep);
    const wideBelow = `${'['.repeat(100)}${'1,'.repeat(50_000)}1${']'.repeat(100)}`;
    assert.equal(pretty(wideBelow), wideBelow);
    const endless = '['.repeat(1_000_000);
    assert.equal(pretty(endless), endless);
  });
});
