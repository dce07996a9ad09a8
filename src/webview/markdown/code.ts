/** Code blocks: shown as plain text at once, and in colours as soon as the highlighter is loaded. */
import { html, nothing, type TemplateResult } from 'lit-html';
import { guard } from 'lit-html/directives/guard.js';
import { isShell, shellLine } from '../../shared/terminal/shellLine';
import { escaped, growingEscaped, sourceText } from '../dom/escapes';
import { steady } from '../dom/steady';
import { codeWrap } from '../dom/theme';
import { codeStrings } from '../l10n/codeStrings';
import { decodeEntities } from './entities';
import type { CodeNode } from './highlight';
import { codeFits } from './limits';

const cacheSize = 300;

type Highlight = (code: string, language: string) => readonly CodeNode[] | null;

let highlight: Highlight | null = null;
let loading: Promise<void> | null = null;
let loaded: () => void = () => {};
const cache = new Map<string, readonly CodeNode[] | null>();

/** `callback` is called once when colours have become available: what is shown has to be rendered again. */
export function onHighlighterLoaded(callback: () => void): void {
  loaded = callback;
}

/** What all blocks of code are drawn by: another one when they get their colours, or wrap their lines. */
export function codeLook(): string {
  return `${highlight === null} ${codeWrap.on}`;
}

/** Loads the highlighter if it is not there yet. */
export function loadHighlighter(): Promise<void> {
  loading ??= import('./highlight').then(
    (module) => {
      highlight = module.highlight;
      loaded();
    },
    () => {
      // Without it code is plain; that is no reason to fail.
    },
  );
  return loading;
}

/** A fenced or indented block. `complete` when its text will not change any more: only then it gets its colours. */
export function codeBlock(text: string, lang: string, complete: boolean): TemplateResult {
  const [info, language] = fenceOf(lang);
  return frame(info, language, complete ? coloured(text, language) : escaped(text), complete ? text : null);
}

/** Code that still streams, in chunks of lines. */
export function openCodeBlock(chunks: readonly string[], lang: string): TemplateResult {
  const [info, language] = fenceOf(lang);
  return frame(
    info,
    language,
    chunks.map((chunk) => guard([chunk], () => html`<span class="codeChunk">${growingEscaped(chunk)}</span>`)),
    null,
  );
}

/** All that stands behind the fence, and its first word. */
function fenceOf(lang: string): readonly [info: string, language: string] {
  const info = decodeEntities(lang);
  return [info, /^\S*/.exec(info)?.[0] ?? ''];
}

/** `whole`: all its text, as the model wrote it; null while more may come. */
function frame(info: string, language: string, content: unknown, whole: string | null): TemplateResult {
  const line = whole !== null && isShell(language) ? shellLine(whole).kind : null;
  const why = line === null || line === 'line' || line === 'empty' ? null : codeStrings.notForTerminal[line];
  return html`<div class="codeBlock" data-language=${language} data-info=${info}><div class="codeHeader"><span
    class="codeLanguage">${language}</span>${
      why === null ? nothing : html`<span class="codeWhy" title=${why.full()}>${why.brief()}</span>`
    }${button('copy', why === null ? codeStrings.copy() : codeStrings.copyOnly(why.full()))}${
      line === 'line' ? button('terminal', codeStrings.terminal()) : nothing
    }${button('insert', codeStrings.insert())}${button('word-wrap', codeStrings.wrap(), codeWrap.on)}${button('ellipsis', codeStrings.more())}</div><pre tabindex="0" dir="ltr"><code>${steady(content)}</code></pre></div>`;
}

/** `pressed`: of one that switches. */
function button(icon: string, label: string, pressed?: boolean): TemplateResult {
  return html`<button
    class="iconButton codicon codicon-${icon}" type="button" data-code=${icon} title=${label} aria-label=${label}
    aria-pressed=${pressed ?? nothing}
  ></button>`;
}

function coloured(text: string, language: string): unknown {
  // Colours are not worth a frozen panel.
  if (language === '' || !codeFits(text, language)) return growingEscaped(text);
  if (highlight === null) {
    void loadHighlighter();
    return escaped(text);
  }
  const key = `${language}\n${text}`;
  let nodes = cache.get(key);
  if (nodes === undefined) {
    nodes = highlight(text, language);
    cache.set(key, nodes);
    const oldest = cache.keys().next();
    if (cache.size > cacheSize && oldest.done !== true) cache.delete(oldest.value);
  }
  // What has no colours is one text, as in a block of no language.
  return nodes?.some((node) => typeof node !== 'string') ? nodes.map(codeNode) : growingEscaped(text);
}

function codeNode(node: CodeNode): unknown {
  if (typeof node === 'string') return escaped(node);
  const name = scopeClass(node.scope);
  const children = node.children.map(codeNode);
  return name === '' ? children : html`<span class=${name}>${children}</span>`;
}

/** "title.function" is coloured as a title and as a function. */
function scopeClass(scope: string): string {
  return scope === ''
    ? ''
    : scope
        .split('.')
        .map((part) => `hl-${part.replace(/[^\w-]/g, '')}`)
        .join(' ');
}

/** What a button of a block stands for: its text, its language, and all that stands behind the fence. */
export function codeOf(button: Element): { readonly text: string; readonly language: string; readonly info: string } {
  const block = button.closest<HTMLElement>('.codeBlock');
  const { language = '', info = '' } = block?.dataset ?? {};
  const code = block?.querySelector('code') ?? null;
  return { text: code === null ? '' : sourceText(code), language, info };
}
