/** Code blocks: shown as plain text at once, and in colours as soon as the highlighter is loaded. */
import { html, type TemplateResult } from 'lit-html';
import { guard } from 'lit-html/directives/guard.js';
import { visible } from '../../shared/visible';
import { growing } from '../dom/growing';
import { strings } from '../l10n/strings';
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

/** True when code can be coloured at once. */
export function canHighlight(): boolean {
  return highlight !== null;
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
  const language = /^\S*/.exec(decodeEntities(lang))?.[0] ?? '';
  return frame(language, complete ? coloured(text, language) : text);
}

/** Code that still streams, in chunks of lines. */
export function openCodeBlock(chunks: readonly string[], lang: string): TemplateResult {
  const language = /^\S*/.exec(decodeEntities(lang))?.[0] ?? '';
  return frame(
    language,
    chunks.map((chunk) => guard([chunk], () => html`<span class="codeChunk">${growing(visible(chunk))}</span>`)),
  );
}

function frame(language: string, content: unknown): TemplateResult {
  return html`<div class="codeBlock"><div class="codeHeader"><span class="codeLanguage">${language}</span><button
    class="iconButton codicon codicon-copy" type="button" data-code="copy" title=${strings.copyCode()}
    aria-label=${strings.copyCode()}
  ></button><button
    class="iconButton codicon codicon-insert wideEnough" type="button" data-code="insert"
    title=${strings.insertCode()} aria-label=${strings.insertCode()}
  ></button></div><pre tabindex="0" dir="ltr"><code>${content}</code></pre></div>`;
}

function coloured(text: string, language: string): unknown {
  // Colours are not worth a frozen panel.
  if (language === '' || !codeFits(text, language)) return text;
  if (highlight === null) {
    void loadHighlighter();
    return text;
  }
  const key = `${language}\n${text}`;
  let nodes = cache.get(key);
  if (nodes === undefined) {
    nodes = highlight(text, language);
    cache.set(key, nodes);
    const oldest = cache.keys().next();
    if (cache.size > cacheSize && oldest.done !== true) cache.delete(oldest.value);
  }
  return nodes === null ? text : nodes.map(codeNode);
}

function codeNode(node: CodeNode): unknown {
  if (typeof node === 'string') return node;
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

/** What a copy or insert button stands for: the text of its block. */
export function codeOf(button: Element): string {
  return button.closest('.codeBlock')?.querySelector('code')?.textContent ?? '';
}
