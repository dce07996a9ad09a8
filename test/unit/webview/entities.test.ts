import assert from 'node:assert/strict';
import { decodeEntities } from '../../../src/webview/markdown/entities';

describe('Character references (L62)', () => {
  let parsed: string[] = [];

  before(() => {
    // The parser of a browser, of which only the text of the result is used.
    class Parser {
      parseFromString(name: string): unknown {
        parsed.push(name);
        // As HTML reads it: a name that needs no semicolon ends where it does.
        const text = name.startsWith('&copy') && name !== '&copy;' ? `©${name.slice(5)}` : `<${name}>`;
        return { documentElement: { textContent: name === '&semi;' ? ';' : text } };
      }
    }
    Object.assign(globalThis, { DOMParser: Parser });
  });

  after(() => Reflect.deleteProperty(globalThis, 'DOMParser'));

  it('are remembered, but not without end', () => {
    assert.equal(decodeEntities('&amp; and &amp;'), '<&amp;> and <&amp;>');
    assert.deepEqual(parsed, ['&amp;']);
    decodeEntities(Array.from({ length: 5000 }, (_, n) => `&#${n};`).join(''));
    parsed = [];
    decodeEntities('&amp;&amp;');
    assert.deepEqual(parsed, ['&amp;']);
  });

  it('are whole names only: HTML knows `&copy` in `&copyfoo;`, Markdown does not', () => {
    assert.equal(decodeEntities('&copyfoo; &copy; &semi;'), '&copyfoo; <&copy;> ;');
  });

  it('have no name longer than any that there is', () => {
    const long = `&${'a'.repeat(33)};`;
    parsed = [];
    assert.equal(
      decodeEntities(`${long}&CounterClockwiseContourIntegral;`),
      `${long}<&CounterClockwiseContourIntegral;>`,
    );
    assert.deepEqual(parsed, ['&CounterClockwiseContourIntegral;']);
  });
});
