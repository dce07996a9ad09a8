/** Tokens to templates: how each kind of Markdown looks. */
import { html, nothing, type TemplateResult } from 'lit-html';
import { guard } from 'lit-html/directives/guard.js';
import type { Token, Tokens } from 'marked';
import { visible } from '../../shared/visible';
import { bounded, plainPart } from '../dom/bounded';
import { escaped, growingEscaped } from '../dom/escapes';
import { icon } from '../dom/icon';
import { strings } from '../l10n/strings';
import type { Block } from './blocks';
import { footnoteLabel } from './boundedLexer';
import { citationNumber, citationOf, footnoteNumber, withoutMarks } from './citations';
import { codeBlock, codeLook, openCodeBlock } from './code';
import type { OpenCode } from './containers';
import { decodeEntities, referencePieces } from './entities';
import { childrenOf, isClosedFence, textOf } from './lex';
import { type FilePlace, linkTarget, placesToDraw } from './links';
import { withoutLastBreaks } from './measure';
import { linkTooltip, placeTooltip } from './tooltip';

/** Blocks, items and rows are compared in groups of this many; only groups with a change are looked into. */
const groupSize = 32;

/** The blocks of a stream. Those that are the same objects as last time are not rendered again. */
export function renderBlocks(blocks: readonly Block[]): unknown {
  return grouped(
    blocks,
    ({ token, settled }) => block(token, settled),
    ({ token }) => sourceOf(token),
  );
}

/** Each one is drawn by itself, and fails alone: then its source is shown. `open` when the last one may yet change. */
function grouped<T>(
  all: readonly T[],
  render: (one: T, settled: boolean) => unknown,
  source: (one: T) => string,
  with_: readonly unknown[] = [],
  open = false,
): unknown {
  const groups: unknown[] = [];
  for (let at = 0; at < all.length; at += groupSize) {
    const group = all.slice(at, at + groupSize);
    const also = [...with_, codeLook()];
    const last = open && at + groupSize >= all.length ? group.at(-1) : undefined;
    groups.push(
      guard([...group, ...also, last !== undefined], () =>
        group.map((one) =>
          bounded(
            [one, ...also, one !== last],
            () => render(one, one !== last),
            () => plainPart(source(one)),
          ),
        ),
      ),
    );
  }
  return groups;
}

function sourceOf(token: Token | OpenCode): string {
  return token.type === 'openCode' ? (token as OpenCode).chunks.join('') : withoutLastBreaks(token.raw);
}

/** The source of a run of text that is not formatted; null for others. */
function plainRun(tokens: readonly Token[] | undefined): string | null {
  const only = tokens?.length === 1 ? tokens[0] : undefined;
  return only?.type === 'plain' ? textOf(only) : null;
}

/** A run of text in its element; one that is not formatted needs none. */
function run(tokens: readonly Token[] | undefined, inside: (content: unknown) => unknown): unknown {
  const plain = plainRun(tokens);
  return plain === null ? inside(inline(tokens)) : plainPart(withoutMarks(plain));
}

function block(token: Token | OpenCode, settled: boolean): unknown {
  switch (token.type) {
    case 'paragraph':
      return footnote(token as Tokens.Paragraph) ?? run(token.tokens, (content) => html`<p dir="auto">${content}</p>`);
    case 'text':
      if (!('tokens' in token) || token.tokens === undefined) return shown(textOf(token));
      return run(token.tokens, (content) => content);
    case 'plain':
      return plainPart(withoutMarks(textOf(token)));
    case 'heading':
      return heading(token as Tokens.Heading);
    case 'openCode':
      return openCodeBlock((token as OpenCode).chunks, (token as OpenCode).lang);
    case 'code': {
      const code = token as Tokens.Code;
      return codeBlock(withoutMarks(code.text), code.lang ?? '', settled || isClosedFence(code));
    }
    case 'blockquote':
      return html`<blockquote>${(token as Tokens.Blockquote).tokens.map((one) => block(one, settled))}</blockquote>`;
    case 'list':
      return list(token as Tokens.List, settled);
    case 'table':
      return table(token as Tokens.Table);
    case 'hr':
      return html`<hr>`;
    case 'html':
      return html`<p class="rawHtml" dir="auto">${escaped(withoutMarks(withoutLastBreaks(textOf(token))))}</p>`;
    default:
      return nothing;
  }
}

/** A footnote, with its number before it; null for another paragraph. */
function footnote({ raw, tokens }: Tokens.Paragraph): unknown {
  const [number, words, ...others] = tokens;
  const label = number?.type === 'footnote' ? textOf(number) : null;
  if (label === null || words === undefined || footnoteLabel(raw) !== label) return null;
  const text = words.raw.replace(/^:\s*/, '');
  const inside = [{ ...words, raw: text, text }, ...others];
  return html`<p class="footnote" dir="auto">${footnoteNumber(label, true)} ${inline(inside)}</p>`;
}

function heading({ depth, tokens }: Tokens.Heading): unknown {
  return run(tokens, (content) => headingOf(depth, content));
}

function headingOf(depth: number, content: unknown): TemplateResult {
  switch (depth) {
    case 1:
      return html`<h1 dir="auto">${content}</h1>`;
    case 2:
      return html`<h2 dir="auto">${content}</h2>`;
    case 3:
      return html`<h3 dir="auto">${content}</h3>`;
    case 4:
      return html`<h4 dir="auto">${content}</h4>`;
    case 5:
      return html`<h5 dir="auto">${content}</h5>`;
    default:
      return html`<h6 dir="auto">${content}</h6>`;
  }
}

function list(token: Tokens.List, settled: boolean): TemplateResult {
  const items = grouped(
    token.items,
    (item, done) => listItem(item, token.loose, done),
    (item) => withoutLastBreaks(item.raw),
    [token.loose],
    !settled,
  );
  if (!token.ordered) return html`<ul>${items}</ul>`;
  return html`<ol start=${token.start}>${items}</ol>`;
}

function listItem(item: Tokens.ListItem, loose: boolean, settled: boolean): TemplateResult {
  // Whether the list is loose is known at its end only, so the list says it and not the item's tokens.
  const content = item.tokens.map((token) => {
    if (token.type !== 'text' && token.type !== 'paragraph') return block(token, settled);
    return run(token.tokens, (text) => (loose ? html`<p dir="auto">${text}</p>` : text));
  });
  if (!item.task) return html`<li dir="auto">${content}</li>`;
  const done = item.checked === true;
  const label = done ? strings.taskDone() : strings.taskOpen();
  return html`<li class="task" dir="auto"><input type="checkbox" disabled ?checked=${done} aria-label=${label}>${content}</li>`;
}

function table(token: Tokens.Table): TemplateResult {
  const rows = grouped(
    token.rows,
    (row) =>
      html`<tr>${row.map((cell) => html`<td class=${alignment(cell)} dir=${ownDirection(cell)}>${run(withBreaks(cell.tokens), (content) => content)}</td>`)}</tr>`,
    (row) => row.map(({ text }) => text).join(' | '),
  );
  const head = token.header.map(
    (cell) =>
      html`<th scope="col" class=${alignment(cell)} dir=${ownDirection(cell)}>${run(withBreaks(cell.tokens), (content) => content)}</th>`,
  );
  const body = token.rows.length === 0 ? nothing : html`<tbody>${rows}</tbody>`;
  return html`<div
    class="tableFrame" tabindex="0" role="region" aria-label=${strings.table()}
  ><table><thead><tr>${head}</tr></thead>${body}</table></div>`;
}

/** A cell has no other way to break a line than to write `<br>`. */
function withBreaks(tokens: readonly Token[]): Token[] {
  return tokens.map((token) => {
    if (token.type === 'html' && /^<br\s*\/?>$/i.test(token.raw.trim())) return { type: 'br', raw: token.raw };
    const inner = childrenOf(token);
    return inner.length === 0 ? token : { ...token, tokens: withBreaks(inner) };
  });
}

/** A cell without a letter runs as its table does. */
function ownDirection({ text }: Tokens.TableCell): 'auto' | typeof nothing {
  return /\p{L}/u.test(text) ? 'auto' : nothing;
}

function alignment(cell: Tokens.TableCell): string {
  return cell.align === null ? '' : `align-${cell.align}`;
}

function inline(tokens: readonly Token[] | undefined, inLink = false): unknown {
  // Flat: the first piece of a text stays where it is, and all that is selected in it, when it gets more of them.
  return (tokens ?? []).flatMap((token) => inlineToken(token, inLink));
}

function inlineToken(token: Token, inLink: boolean): unknown {
  switch (token.type) {
    case 'text':
      return token.tokens === undefined ? withReferences(token.raw, textOf(token)) : inline(token.tokens, inLink);
    case 'escape':
      return standsFor(token.raw, textOf(token));
    case 'html':
      return escaped(textOf(token));
    case 'strong':
      return html`<strong>${inline(token.tokens, inLink)}</strong>`;
    case 'em':
      return html`<em>${inline(token.tokens, inLink)}</em>`;
    case 'del':
      // One mark is a range or "about": "5~7", "~100".
      return token.raw.startsWith('~~')
        ? html`<del>${inline(token.tokens, inLink)}</del>`
        : ['~', inline(token.tokens, inLink), '~'];
    case 'codespan':
      return codeSpan(withoutMarks(textOf(token)), inLink);
    case 'footnote':
      return inLink ? escaped(token.raw) : footnoteNumber(textOf(token), false);
    case 'br':
      return html`<br>`;
    case 'link':
      return link(token as Tokens.Link, inLink);
    case 'image':
      return image(token as Tokens.Image, inLink);
    default:
      return nothing;
  }
}

/** What is written otherwise than it is drawn is copied as it is written (copyMarkdown.ts). */
function standsFor(written: string, text: string): unknown {
  return written === text ? escaped(text) : html`<span data-written=${written}>${escaped(text)}</span>`;
}

/** References of a text of which each gets an element. */
const maxReferences = 1000;

/**
 * Text of the source, `raw`: marked decodes some of its references, and what they stand for may look like others. While it
 * is being written `text` is without marks that may become a link's.
 */
function withReferences(raw: string, text: string): unknown {
  const source = decodeEntities(raw) === decodeEntities(text) ? raw : text;
  const pieces = referencePieces(source);
  if (pieces.length > 2 * maxReferences) return growingEscaped(decodeEntities(source), 'prose');
  return pieces.map((piece, index) =>
    index % 2 === 0 ? growingEscaped(piece, 'prose') : standsFor(piece, decodeEntities(piece)),
  );
}

function codeSpan(text: string, inLink: boolean): unknown {
  const pieces = inLink ? null : placesToDraw(visible(text));
  if (pieces === null) return html`<code>${growingEscaped(text)}</code>`;
  const [only] = pieces;
  if (pieces.length === 1 && only?.place) return fileLink(only.place, html`<code>${escaped(text)}</code>`);
  // Each line of a list leads to its own place.
  return html`<code>${pieces.map(({ text: piece, place }) => (place === null ? piece : fileLink(place, piece)))}</code>`;
}

function link(token: Tokens.Link, inLink: boolean): unknown {
  const cited = citationOf(token.href);
  if (cited !== null) return citationNumber(cited);
  if (token.autolink === true) return inLink ? escaped(token.text) : bareAddress(token);
  const content = inline(token.tokens, true);
  return inLink
    ? content
    : anchor(decodeEntities(token.href), decodeEntities(token.title ?? ''), content, written(token));
}

/** What stands behind the text of a link, as it is written; of one whose address stands elsewhere, as it would be. */
function written({ raw, text, href }: Tokens.Link): string {
  // The text is without the escapes of its brackets.
  const end = raw.indexOf('](', text.length);
  return end === -1 ? `](${href})` : raw.slice(end);
}

/** What ends an address in the middle of a sentence without blanks. */
const wideMark = /[\u3001\u3002\u3008-\u3011\uff01\uff08\uff09\uff0c\uff1a\uff1b\uff1f\u2026\u201c\u201d]/u;

const wideLetter = String.raw`[\p{sc=Hang}\p{sc=Hani}\p{sc=Hira}\p{sc=Kana}]`;
/** What follows a word in a Korean sentence. */
const particles = '에서|으로|까지|부터|에게|에[는도]';

/**
 * An address that words of a sentence stand right behind. Letters of these scripts are none of a host that is whole without
 * them; in a path they may be a name, unless they are what follows a word in such a sentence.
 */
const withWords = new RegExp(
  String.raw`^(?:(?:\w+://)?(?:[\w-]+(?:\.[\w-]+)+|localhost)(?::\d+)?(?=${wideLetter})(?!${wideLetter}+\.[a-z]{2})|[!-~]+\.[!-~]+(?:[\w#=)-](?=[은는을를의에](?!\p{L})|[をはがにでと])|(?=(?:${particles})(?!\p{L}))))`,
  'iu',
);

/** Where an address ends before the sentence that goes on behind it; -1 where it does not. */
function addressEnd(text: string): number {
  const mark = text.search(wideMark);
  const letters = withWords.exec(text)?.[0].length ?? -1;
  return mark < 0 || (letters > 0 && letters < mark) ? letters : mark;
}

/** An address as it stands in the text: without the sentence that goes on behind it, and no version taken for mail. */
function bareAddress({ raw, href, text }: Tokens.Link): unknown {
  if (/^mailto:/i.test(href) && !/^[^<]*\.\p{L}{2,}$/u.test(text)) return escaped(text);
  const end = addressEnd(text);
  if (end <= 0) return anchor(href, '', escaped(text), raw);
  const rest = text.length - end;
  const cut = href.endsWith(text.slice(end)) ? href.slice(0, href.length - rest) : text.slice(0, end);
  return [anchor(cut, '', escaped(text.slice(0, end)), ''), escaped(text.slice(end))];
}

/** An image is never fetched: its address would carry away what the model has read. It is a link that says where. */
function image(token: Tokens.Image, inLink: boolean): unknown {
  // A text that ends in "!" before its number.
  const cited = citationOf(token.href);
  if (cited !== null) return ['!', citationNumber(cited)];
  const address = decodeEntities(token.href);
  const alt = plainText(token.tokens) || shown(token.text);
  // The picture itself is no address to read.
  const place = visible(address.startsWith('data:') ? 'data:' : address);
  const text = html`${icon('file-media')}${alt === '' ? place : `${alt} (${place})`}`;
  return inLink
    ? html`<span data-written=${token.raw}>${text}</span>`
    : anchor(address, decodeEntities(token.title ?? ''), text, token.raw);
}

function plainText(tokens: readonly Token[] | undefined): string {
  return (tokens ?? [])
    .map((token) => {
      const inner = plainText(childrenOf(token));
      if (inner !== '') return inner;
      return token.type === 'text' || token.type === 'image' ? shown(textOf(token)) : textOf(token);
    })
    .join('');
}

/** Text for the eye: character references decoded, and what would be invisible written out. */
function shown(text: string): string {
  return visible(decodeEntities(text));
}

/** `source` is what is copied of it (copyMarkdown.ts). */
function anchor(address: string, title: string, content: unknown, source: string): unknown {
  const target = linkTarget(address);
  const tooltip = linkTooltip(address, title);
  if (target === null) return html`<span class="deadLink" title=${tooltip} data-source=${source}>${content}</span>`;
  if (target.kind === 'web') return html`<a href=${target.url} title=${tooltip} data-source=${source}>${content}</a>`;
  return fileLink(target, content, tooltip, source);
}

/** Leads to a place in a file; what a click reads of it stands in its data. */
function fileLink(place: FilePlace, content: unknown, tooltip = placeTooltip(place), source = ''): TemplateResult {
  const { path, line, column, end } = place;
  return html`<a href="#" title=${tooltip} data-path=${path} data-line=${line ?? nothing} data-column=${column ?? nothing} data-end=${end ?? nothing} data-source=${source}>${content}</a>`;
}
