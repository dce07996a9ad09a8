import assert from 'node:assert/strict';
import { DraftText } from '../../../../src/host/session/draft/draftText';

describe('The words of a draft (L2)', () => {
  it('are what is typed, and what came back behind it', () => {
    const words = new DraftText();
    assert.equal(words.set('typed'), true);
    assert.equal(words.set('typed'), false);
    words.putBehind('came back', true);
    assert.equal(words.typed, 'typed\n\ncame back');
    words.putBehind('typed\n\ncame back', true);
    assert.equal(words.typed, 'typed\n\ncame back');
  });

  it('hold what came back while no view was there, whatever one still says that did not see it', () => {
    const words = new DraftText();
    words.putBehind('came back', false);
    words.set('typed before it was hidden');
    assert.equal(words.toStore, 'typed before it was hidden\n\ncame back');
    words.set('typed before it was hid');
    assert.equal(words.toStore, 'typed before it was hid\n\ncame back');
    // From here on it is the user who takes it out.
    assert.equal(words.seen(), 'typed before it was hid\n\ncame back');
    words.set('typed');
    assert.equal(words.toStore, 'typed');
  });

  it('keep what is on its way into the record until it has arrived, and what the view has not shown yet', () => {
    const words = new DraftText();
    words.putBehind('came back', true);
    words.hold('sent');
    assert.deepEqual([words.typed, words.toStore], ['came back', 'sent\n\ncame back']);
    words.hold('came back, and more');
    assert.deepEqual([words.typed, words.toStore], ['', 'sent\n\ncame back, and more']);
    words.release('sent');
    words.set('next');
    words.release('came back, and more');
    assert.equal(words.toStore, 'next');
  });
});
