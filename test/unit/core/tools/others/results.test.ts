import assert from 'node:assert/strict';
import { resultOf, resultText } from '../../../../../src/core/tools/others/results';
import { byteLength } from '../../../../../src/core/tools/words/text';
import { type MediaPort, ToolError } from '../../../../../src/core/tools/workspace';

const text = (value: string) => ({ type: 'text', text: value }) as const;
const data = (mediaType: string, bytes: Uint8Array) => ({ type: 'data', mediaType, bytes }) as const;
const encoded = (value: string) => new TextEncoder().encode(value);

describe('What another’s tool gives back', () => {
  it('is its texts, in their order', () => {
    assert.equal(resultText([text('one'), text('two')]), 'one\ntwo');
    assert.equal(resultText([data('application/json', encoded('{"a":1}')), text('end')]), '{"a":1}\nend');
  });

  it('says so when it is nothing', () => {
    for (const nothing of [[], [text('')]]) assert.equal(resultText(nothing), '[The tool gave nothing back.]');
  });

  it('is bounded in bytes, with a word on what was cut, and ends between two characters (L36)', () => {
    for (const long of ['x'.repeat(16_000_000), '汉'.repeat(100_000), `a${'😀'.repeat(50_000)}`]) {
      const result = resultText([text(long)]);
      assert.ok(byteLength(result) < 50 * 1024);
      assert.match(result, /\[Cut here at 48 KB of [\d,]+ KB\. .+\]$/);
      assert.ok(result.isWellFormed());
      assert.doesNotMatch(result, /\ufffd/);
    }
  });

  it('names what is no text', () => {
    assert.equal(
      resultText([text('Done.'), data('audio/wav', new Uint8Array(1_234)), data('', new Uint8Array(1))]),
      'Done.\n[Left out: 1,234 bytes of audio/wav.]\n[Left out: 1 bytes of an unknown kind.]',
    );
  });

  it('hides nothing (L37)', () => {
    const result = resultText([text('a\u200bb'), data('x\u202e/y', new Uint8Array(2))]);
    assert.match(result, /^a\\u\{200b\}b\n\[1 invisible character is shown escaped/);
    assert.match(result, /x\\u\{202e\}\/y/);
  });

  it('takes bytes that are no UTF-8', () => {
    assert.equal(resultText([data('text/plain', new Uint8Array([0x61, 0xff, 0x62]))]), 'a\ufffdb');
  });
});

describe('Pictures that another’s tool gives back', () => {
  const kept: string[] = [];
  const port: MediaPort = {
    keep: async (name, bytes) => {
      if (bytes.length === 0) throw new ToolError(`${name} is empty.`);
      kept.push(name);
      return { type: 'image', blob: String(bytes.length), mediaType: 'image/png', width: 1, height: 1, name };
    },
  };
  const image = (length: number) => data('image/png', new Uint8Array(length));

  it('go to the model beside the texts, each checked as what is attached is', async () => {
    const { content, media } = await resultOf(
      [text('Drawn.'), image(3), data('application/pdf', new Uint8Array(4))],
      port,
    );
    assert.deepEqual(
      media?.map(({ blob }) => blob),
      ['3', '4'],
    );
    assert.equal(content, '[Shown: 2 images and documents.]\nDrawn.');
    assert.deepEqual(kept, ['image 1', 'document 2']);
    assert.deepEqual((await resultOf([image(1)], port)).content, '[Shown: image 1.]');
  });

  it('are named where they cannot be shown, and the rest stays', async () => {
    const { content, media } = await resultOf([image(0), text('Text.'), data('image/tiff', new Uint8Array(2))], port);
    assert.equal(media, undefined);
    assert.equal(content, 'Text.\n[image 1 is empty.]\n[Left out: 2 bytes of image/tiff.]');
    assert.match((await resultOf([image(5)], undefined)).content, /Left out: 5 bytes of image\/png/);
  });

  it('are not taken without end', async () => {
    const { content, media } = await resultOf(
      Array.from({ length: 200 }, () => image(2)),
      port,
    );
    assert.equal(media?.length, 8);
    assert.match(content, /Left out: 2 bytes of image\/png/);
  });
});
