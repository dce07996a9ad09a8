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
  /** Buttons of which something is out of sight. */
  readonly cut: readonly string[];
}

/** Where there are words of files, tools and users alone; tests of these places write them in plain letters. */
const others =
  'pre, pre *, .rowTitle, .rowMore, .rowMore *, .rowOpen, .mention, .mention *, .diffLine, a[title^="http"]';

/** What is on the screen, and what a screen reader and a pointer find. */
function shown(othersWords: string): Shown {
  const texts: (readonly [string, string])[] = [];
  const cut: string[] = [];
  const isSeen = (element: Element): boolean => element.checkVisibility({ visibilityProperty: true });
  for (const element of document.querySelectorAll('#app *')) {
    if (!isSeen(element) || element.matches(othersWords)) continue;
    const where = `${element.tagName.toLowerCase()}.${element.getAttribute('class') ?? ''}`;
    for (const node of element.childNodes) {
      const text = node.nodeType === Node.TEXT_NODE ? (node.textContent ?? '').trim() : '';
      if (text !== '') texts.push([where, text]);
    }
    for (const attribute of ['title', 'aria-label', 'placeholder', 'alt', 'aria-description', 'aria-roledescription']) {
      const text = element.getAttribute(attribute);
      if (text !== null && text !== '') texts.push([`${where}[${attribute}]`, text]);
    }
    if (!element.matches('.button, .linkButton') || element.closest('.chipsFitting') !== null) continue;
    const [box, within] = [element.getBoundingClientRect(), element.scrollWidth > element.clientWidth + 1];
    if (within || box.left < -0.5 || box.right > innerWidth + 0.5) cut.push(`${where}: ${element.textContent}`);
  }
  return { texts, cut };
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

  it('no word is missing, and no button is cut, in any state at 260 px', async function () {
    this.timeout(60_000);
    const words = pseudoWords();
    const pictures = process.env['PRELUDE_PICTURES'];
    if (pictures !== undefined) mkdirSync(pictures, { recursive: true });
    panel = await PanelPage.open(bench, { width: 260 });
    const missing = new Set<string>();
    const cut = new Set<string>();
    let own = 0;
    for (const [name, { environment, composer, state, opened, width = 260 }] of Object.entries(states)) {
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
        if (/[A-Za-z]{2,}/.test(outside(text))) missing.add(`${name}, ${where}: ${text}`);
      }
      for (const one of seen.cut) cut.add(`${name}, ${one}`);
      if (opened === undefined) continue;
      await panel.close();
      panel = await PanelPage.open(bench);
    }
    assert.ok(own > 500, `${own} words of the panel's own were looked at`);
    assert.deepEqual([...missing], []);
    assert.deepEqual([...cut], []);
  });
});
