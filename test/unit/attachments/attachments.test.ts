import assert from 'node:assert/strict';
import { attachmentStrings } from '../../../src/core/base/strings';
import { modelOf } from '../../../src/core/models/models';
import { blockTokens, examine, maxAttachments, maxTextBytes, refusalOf } from '../../../src/core/prompt/attachments';
import type { UserBlock } from '../../../src/core/record/record';
import { decodeDraft, encodeDraft } from '../../../src/host/session/draft/draft';
import { mediaTypeOfName } from '../../../src/host/workspace/fileSource';
import type { LocalizableMessage } from '../../../src/shared/chat';
import { imageAddress } from '../../../src/shared/images/imageAddress';
import { filled, saying, some } from '../../texts';
import { gifFile, jpegFile, pdfFile, pngFile, webpFile } from './files';

function refusal(name: string, declared: string, bytes: Uint8Array): string {
  const found = examine(name, declared, bytes);
  assert.notEqual(found.kind, 'taken', `${name} was taken`);
  return found.kind === 'taken' ? '' : say(found.reason);
}

function say({ text, args }: LocalizableMessage): string {
  return text.replace(/\{(\d)\}/g, (_, index) => String(args?.[Number(index)]));
}

const opus = modelOf('claude-opus-4-8');
const haiku = modelOf('claude-haiku-4-5');

describe('A file that is attached', () => {
  it('is taken with its true kind and size: images, PDF and text', () => {
    const images = [pngFile(4, 3), jpegFile(4, 3), gifFile(4, 3), webpFile(4, 3)];
    const types = ['image/png', 'image/jpeg', 'image/gif', 'image/webp'];
    for (const [index, bytes] of images.entries()) {
      for (const declared of [types[index] ?? '', '']) {
        const found = examine('a', declared, bytes);
        const block = { type: 'image', mediaType: types[index], width: 4, height: 3, name: 'a', bytes: bytes.length };
        assert.deepEqual(found, { kind: 'taken', block });
      }
    }
    const pdf = pdfFile(3);
    assert.deepEqual(examine('a.pdf', 'application/pdf', pdf), {
      kind: 'taken',
      block: { type: 'document', mediaType: 'application/pdf', name: 'a.pdf', bytes: pdf.length, pages: 3 },
    });
    const text = Buffer.from('héllo\n');
    assert.deepEqual(examine('a.svg', 'image/svg+xml', text), {
      kind: 'taken',
      block: { type: 'document', mediaType: 'text/plain', name: 'a.svg', bytes: text.length },
    });
  });

  it('is refused with words when it lies about its kind (L5)', () => {
    assert.match(refusal('a.png', 'image/png', jpegFile(4, 3)), /isn’t a valid PNG file: its content is JPEG/);
    assert.match(refusal('a.jpg', 'image/jpeg', pdfFile(1)), /isn’t a valid JPEG file: its content is PDF/);
    assert.match(refusal('a.png', 'image/png', Buffer.from('hello')), /isn’t a valid PNG file/);
    assert.match(refusal('a.pdf', 'application/pdf', Buffer.from('hello')), /isn’t a valid PDF file/);
  });

  it('is refused with words when it is damaged (L5)', () => {
    assert.match(refusal('a.png', 'image/png', pngFile(40, 30).subarray(0, 80)), /a\.png is incomplete/);
    assert.match(refusal('a.jpg', '', jpegFile(40, 30).subarray(0, 50)), /a\.jpg is incomplete/);
    assert.match(refusal('a.png', '', pngFile(0, 3)), saying(filled(attachmentStrings.noSize(some, some))));
    assert.match(refusal('a.pdf', '', pdfFile(4).subarray(0, 150)), /a\.pdf is incomplete/);
    assert.match(refusal('a.pdf', '', pdfFile(1, { encrypted: true })), /password-protected/);
    assert.match(refusal('a', '', new Uint8Array()), /empty/);
    assert.match(refusal('a.txt', '', Buffer.from(' \n ')), /empty/);
  });

  it('is refused with words when Claude has no use for it', () => {
    for (const bytes of [Buffer.from([0x42, 0x4d, 0xff, 0xfe]), Buffer.from('a\0b'), Buffer.from([0xc3, 0x28])]) {
      assert.match(refusal('a.bin', '', bytes), saying(filled(attachmentStrings.unknownKind(some))));
    }
  });

  it('is refused by its header’s size where nothing can scale it (L5)', () => {
    const wide = examine('a.png', '', pngFile(2001, 2));
    assert.equal(wide.kind, 'oversized');
    assert.match(
      refusal('a.png', '', pngFile(2001, 2)),
      saying(filled(attachmentStrings.oversized('a.png', 2001, 2, some))),
    );
    const heavy = pngFile(1300, 1000, { noise: true });
    assert.ok(heavy.length > 3_700_000);
    assert.match(refusal('a.png', '', heavy), /3\.9 MB/);
    assert.equal(examine('a.png', '', pngFile(2000, 2)).kind, 'taken');
  });

  it('is a text where it only speaks of a PDF, in its first words too', () => {
    const kindOf = (name: string, declared: string, bytes: Uint8Array): string => {
      const examined = examine(name, declared, bytes);
      return examined.kind === 'taken' && examined.block.type === 'document' ? examined.block.mediaType : examined.kind;
    };
    for (const text of [
      '# How PDF works\n\nA file begins with `%PDF-1.7` and ends with `%%EOF`.',
      '%PDF-1.7 is what it begins with.\n',
      'if (head.startsWith("%PDF-")) return "pdf";\n',
      'An example:\n%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\n',
    ]) {
      assert.equal(kindOf('notes.md', '', Buffer.from(text)), 'text/plain', text);
    }
    const pdf = pdfFile(1);
    assert.equal(kindOf('plan', '', pdf), 'application/pdf', 'without an ending');
    assert.equal(kindOf('plan.pdf', 'application/pdf', Buffer.concat([Buffer.from('\n\n'), pdf])), 'application/pdf');
    assert.equal(
      kindOf('plan.bin', '', Buffer.concat([Buffer.from([0, 1, 2]), pdf])),
      'application/pdf',
      'junk before it',
    );
  });

  it('is refused when it is too long a text, too thick a PDF, too large a file', () => {
    assert.match(refusal('a.txt', '', Buffer.alloc(maxTextBytes + 1, 'a')), /limit for text is 512 kB/);
    assert.match(refusal('a.pdf', '', pdfFile(601)), /601 pages\. The limit is 600/);
    assert.match(
      refusal('a.pdf', '', Buffer.alloc(23 * 1024 * 1024 + 1)),
      saying(filled(attachmentStrings.tooLarge('a.pdf'))),
    );
  });

  it('is named by the type of its ending where nothing else is told', () => {
    assert.deepEqual(['a.PNG', 'x/b.jpeg', 'c.pdf', 'd.ts', 'e'].map(mediaTypeOfName), [
      'image/png',
      'image/jpeg',
      'application/pdf',
      '',
      '',
    ]);
  });
});

describe('The attachments of a request', () => {
  const image: UserBlock = {
    type: 'image',
    blob: 'b',
    mediaType: 'image/png',
    width: 200,
    height: 200,
    name: 'a',
    bytes: 9,
  };
  const pdf = (pages: number, bytes = 1000): UserBlock => ({
    type: 'document',
    blob: 'p',
    mediaType: 'application/pdf',
    name: 'a.pdf',
    bytes,
    pages,
  });
  const words = (...given: Parameters<typeof refusalOf>): string => {
    const reason = refusalOf(...given);
    return reason === null ? '' : say(reason);
  };

  it('are at most a hundred, those of the conversation counted', () => {
    const many = Array.from({ length: maxAttachments - 1 }, () => image);
    assert.equal(words(many, [image], opus, 0), '');
    assert.match(words([...many, image], [image], opus, 0), saying(filled(attachmentStrings.tooMany(maxAttachments))));
  });

  it('are none for a model that takes no images; documents are another thing', () => {
    const blind = { ...opus, name: 'Words 1', imageInput: false };
    assert.match(words([], [image], blind, 0), saying(filled(attachmentStrings.noImages('Words 1'))));
    assert.match(
      words([image], [pdf(1)], blind, 0),
      /^Words 1 doesn’t support images, and this conversation has some\./,
    );
    assert.equal(words([pdf(1)], [pdf(1)], blind, 0), '');
  });

  it('fit into 32 MB together', () => {
    assert.equal(words([pdf(1, 11_000_000)], [pdf(1, 11_000_000)], opus, 0), '');
    assert.match(words([pdf(1, 12_000_000)], [pdf(1, 12_000_000)], opus, 0), /31 MB\. The limit is 30 MB/);
  });

  it('have no more pages than the model takes', () => {
    assert.equal(words([pdf(100)], [pdf(100)], opus, 0), '');
    assert.match(words([], [pdf(101)], haiku, 0), /101 pages; Haiku 4.5 takes 100/);
  });

  it('fit into the model’s window, so that a small one takes fewer', () => {
    const screenshots = Array.from(
      { length: 99 },
      (): UserBlock => ({ ...image, width: 1456, height: 819 }) as UserBlock,
    );
    assert.equal(words([], screenshots, haiku, 10_000), '');
    assert.match(words([], screenshots, haiku, 60_000), saying(filled(attachmentStrings.tooManyTokens('Haiku 4.5'))));
  });

  it('weigh what the API counts for an image, and an estimate for the rest', () => {
    assert.equal(blockTokens(image, opus), 64);
    assert.equal(blockTokens({ ...image, width: 3840, height: 2160 } as UserBlock, haiku), 1560);
    assert.equal(blockTokens({ type: 'imageUrl', url: 'https://a/b.png' }, opus), 4784);
    assert.equal(blockTokens(pdf(2), opus), 7000);
  });
});

describe('A draft as the store has it', () => {
  const image: UserBlock = {
    type: 'image',
    blob: 'ab',
    mediaType: 'image/png',
    width: 2,
    height: 1,
    name: 'a.png',
    bytes: 5,
  };

  it('is its words alone, or words and attachments, and comes back as it was (L2)', () => {
    const blocks = [image, { type: 'imageUrl', url: 'https://a/b.png' }] as const;
    for (const text of ['', 'plain', '{"text":"typed"}', '{"text":', '{"text":"a","attachments":[]}']) {
      for (const attachments of [[], blocks]) {
        for (const edits of [[], [{ kind: 'message', id: 'u1', text: 'anew' }] as const]) {
          assert.deepEqual(decodeDraft(encodeDraft({ text, attachments, edits })), { text, attachments, edits });
        }
      }
    }
    assert.equal(encodeDraft({ text: 'plain', attachments: [], edits: [] }), 'plain');
  });

  it('of an older version is read as words', () => {
    for (const text of ['a draft', '{"text":5}', '{"text":"x"', '[1]']) {
      assert.deepEqual(decodeDraft(text), { text, attachments: [], edits: [] });
    }
  });

  it('loses only what this version does not know', () => {
    const stored = JSON.stringify({
      text: 'x',
      attachments: [{ type: 'video' }, image, null, { type: 'image', blob: 5 }, { type: 'imageUrl' }],
      edits: [null, { kind: 'title', id: 'c', text: 'a' }, { kind: 'reason', id: 'e:1', text: 'Not there' }, 5],
    });
    const edits = [{ kind: 'reason', id: 'e:1', text: 'Not there' }];
    assert.deepEqual(decodeDraft(stored), { text: 'x', attachments: [image], edits });
  });
});

describe('A pasted text', () => {
  it('is an image’s address only when it is nothing else, and https', () => {
    assert.equal(imageAddress(' https://a.example/x/y.PNG?z=1 '), 'https://a.example/x/y.PNG?z=1');
    for (const text of [
      'http://a.example/x.png',
      'see https://a.example/x.png',
      'https://a.example/x.html',
      'https://user:pw@a.example/x.png',
      'https://x.png',
      'file:///x.png',
      '',
    ]) {
      assert.equal(imageAddress(text), null, text);
    }
  });
});
