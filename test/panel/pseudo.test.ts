/**
 * The panel in a language that nobody speaks: its words are longer by a third, in brackets, with accents; what is not
 * the panel's own is written in Cyrillic. Whatever has Latin letters outside brackets was never translated. Pictures of
 * it where PRELUDE_PICTURES names a folder.
 */
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { allTexts, pseudoWords } from '../l10n/texts';
import { baseComposer, baseEnvironment, type PanelBench, PanelPage, startBench } from './panelPage';
import { states, unfold } from './states';

/** Names that are shown and are nobody's words. */
const names = /\b(?:Opus|Sonnet|Haiku|Fable|Mythos|Claude|Prelude|GB|MB|kB)\b/g;

const latin = 'abcdefghijklmnopqrstuvwxyz';
const cyrillic = 'абцдефгхийклмнопярстувжщыз';

/** Keys whose texts nobody sees, or that the panel goes by. */
const kept: readonly string[] = [
  'type',
  'kind',
  'status',
  'id',
  'key',
  'code',
  'state',
  'name',
  'mode',
  'effort',
  'efforts',
  'model',
  'modelId',
  'uri',
  'source',
  'spans',
  'why',
  'conversation',
  'change',
  'item',
  'input',
  'mediaType',
  'modelList',
  'locale',
  'words',
  'field',
  'current',
  'previous',
  'next',
  'place',
  'review',
  'fontFamily',
  'excluded',
  'lines',
  'tool',
];

/** What is not the panel's own, in letters that are not Latin. */
function foreign(value: unknown, words: Readonly<Record<string, string>>, key = ''): unknown {
  if (typeof value === 'string') {
    // A text with values, which the panel translates.
    if (kept.includes(key) || Object.hasOwn(words, value)) return value;
    return value.replace(/[A-Za-z]/g, (letter) => {
      const one = cyrillic.charAt(latin.indexOf(letter.toLowerCase()));
      return letter < 'a' ? one.toUpperCase() : one;
    });
  }
  if (Array.isArray(value)) return value.map((one) => foreign(one, words, key));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, foreign(one, words, name)]));
}

interface Shown {
  /** What is to be read or heard, and where. */
  readonly texts: readonly (readonly [string, string])[];
  /** What is out of sight, of buttons and of words of which no tooltip has the rest. */
  readonly cut: readonly string[];
}

/** Where there are words of files, tools and users alone; tests of these places write them in plain letters. */
const others =
  'pre, pre *, .markdown *, .rowTitle, .rowMore, .rowMore *, .rowOpen, .mention, .mention *, .diffLine, a[title^="http"]';

/** What is on the screen, and what a screen reader and a pointer find. */
function shown(othersWords: string): Shown {
  const texts: (readonly [string, string])[] = [];
  const cut: string[] = [];
  const isSeen = (element: Element): boolean => element.checkVisibility({ visibilityProperty: true });
  for (const element of document.querySelectorAll('#app *')) {
    if (!isSeen(element) || element.matches(othersWords)) continue;
    const where = `${element.tagName.toLowerCase()}.${element.getAttribute('class') ?? ''}`;
    // What stands side by side is one text, however many values of a template it comes from.
    const runs = [''];
    for (const node of element.childNodes) {
      if (node.nodeType === Node.TEXT_NODE) runs.push(`${runs.pop()}${node.textContent}`);
      else if (node.nodeType === Node.ELEMENT_NODE) runs.push('');
    }
    for (const run of runs) if (run.trim() !== '') texts.push([where, run.trim()]);
    // A line of a tooltip is a text of its own.
    for (const attribute of ['title', 'aria-label', 'placeholder', 'alt', 'aria-description', 'aria-roledescription'])
      for (const line of (element.getAttribute(attribute) ?? '').split('\n'))
        if (line !== '') texts.push([`${where}[${attribute}]`, line]);
    const isWider = element.scrollWidth > element.clientWidth + 1;
    const isText = isWider && runs.some((run) => run.trim() !== '');
    if (isText && element.closest('[title]:not([title=""])') === null) {
      const { overflowX, clipPath } = getComputedStyle(element);
      // What is clipped to nothing is for the ear.
      if (overflowX === 'hidden' && clipPath === 'none') cut.push(`${where}: ${element.textContent}`);
    }
    if (!element.matches('.button, .linkButton') || element.closest('.chipsFitting') !== null) continue;
    const box = element.getBoundingClientRect();
    if (isWider || box.left < -0.5 || box.right > innerWidth + 0.5) cut.push(`${where}: ${element.textContent}`);
  }
  return { texts, cut };
}

/** The texts of the panel are one message each, and its lists the locale's: nothing is joined that no translator has in hand. */
function isJoined(text: string): boolean {
  if (!text.includes('⟦')) return /^[\s,.;:]+$/.test(text);
  // Before what stands apart from its neighbour there may be a dot.
  let rest = text.replace(/^·\s/, '');
  for (let before = ''; before !== rest; ) {
    before = rest;
    rest = rest.replace(/⟦[^⟦⟧]*⟧/, (message) => (message.length === rest.length ? '' : 'x'.repeat(message.length)));
  }
  return rest !== '';
}

/** Of a list the locale has what stands between its parts: they are one message. */
function markLists(): void {
  Intl.ListFormat.prototype.format = (parts) => `⟦${[...parts].join(' ⁃ ')}⟧`;
}

/** Without what is in brackets, the inner ones first. */
function outside(text: string): string {
  let rest = text;
  for (let before = ''; before !== rest; ) {
    before = rest;
    rest = rest.replace(/⟦[^⟦⟧]*⟧/g, '');
  }
  return rest.replace(names, '');
}

describe('The texts of the product', () => {
  it('every text is a literal where it is made, so that a tool finds it', () => {
    const all = allTexts();
    assert.ok(all.reduce((sum, { texts }) => sum + texts.length, 0) > 1000);
    assert.deepEqual(
      all.flatMap(({ file, hidden }) => hidden.map((written) => `${file}: ${written}`)),
      [],
    );
  });
});

describe('In another language', () => {
  let bench: PanelBench;
  let panel: PanelPage;

  before(async () => {
    bench = await startBench();
  });
  afterEach(async () => {
    const { problems } = panel;
    await panel.close();
    assert.deepEqual(problems, []);
  });

  it('no word is missing, joined from pieces or cut, in any state at 260 px', async function () {
    this.timeout(120_000);
    const words = pseudoWords();
    const pictures = process.env['PRELUDE_PICTURES'];
    if (pictures !== undefined) mkdirSync(pictures, { recursive: true });
    panel = await PanelPage.open(bench, { width: 260 });
    await panel.page.evaluate(markLists);
    const missing = new Set<string>();
    const joined = new Set<string>();
    const cut = new Set<string>();
    let own = 0;
    for (const [name, { environment, composer, state, opened, width = 260 }] of Object.entries(states)) {
      // Its document is loaded anew, without the words.
      if (name === 'a conversation on its way') continue;
      const given = <T>(value: T): T => foreign(value, words) as T;
      await panel.page.setViewportSize({ width, height: 700 });
      await panel.post({
        type: 'environment',
        environment: { ...baseEnvironment, ...given(environment ?? {}), words, locale: 'ru' },
      });
      await panel.snapshot({
        composer: given({ ...baseComposer, ...composer }),
        ...(state === undefined ? {} : { state: { ...given(state), conversation: state.conversation } }),
      });
      await panel.settled();
      await unfold(panel);
      await opened?.(panel);
      await panel.settled();
      if (pictures !== undefined) await panel.page.screenshot({ path: join(pictures, `pseudo-${name}.png`) });
      const seen = await panel.page.evaluate(shown, others);
      for (const [where, text] of seen.texts) {
        if (text.includes('⟦')) own += 1;
        if (isJoined(text)) joined.add(`${name}, ${where}: ${text}`);
        if (/[A-Za-z]{2,}/.test(outside(text))) missing.add(`${name}, ${where}: ${text}`);
      }
      for (const one of seen.cut) cut.add(`${name}, ${one}`);
      if (opened === undefined) continue;
      await panel.close();
      panel = await PanelPage.open(bench);
      await panel.page.evaluate(markLists);
    }
    assert.ok(own > 500, `${own} words of the panel's own were looked at`);
    assert.deepEqual([...missing], []);
    assert.deepEqual([...joined], []);
    assert.deepEqual([...cut], []);
  });
});
