/**
 * Small numbers inside Markdown: citations, by a mark that the lexer takes for a link and no model can write, and footnotes.
 */
import { html, type TemplateResult } from 'lit-html';
import { visible } from '../../shared/visible';
import { writtenCitation } from '../../shared/web/cited';
import { type Citation, hostOf } from '../../shared/web/sources';
import { t } from '../l10n/language';
import { linkTarget } from './links';

interface Known {
  readonly citation: Citation;
  readonly number: number;
}

/** Another one in each page. */
const secret = `\ufdd0${Math.random().toString(36).slice(2, 10).padEnd(8, '0')}`;
const known: Known[] = [];
const places = new Map<string, number>();

/** The mark for a citation: the same each time. */
export function citationMark(citation: Citation, number: number): string {
  const { url, title, text } = citation;
  const name = JSON.stringify([number, url, title, text]);
  const place = places.get(name) ?? known.push({ citation, number }) - 1;
  places.set(name, place);
  return `[${secret}](${secret}${place})`;
}

/** What a link is a mark of; null for a link. */
export function citationOf(href: string): Known | null {
  return href.startsWith(secret) ? (known[Number(href.slice(secret.length))] ?? null) : null;
}

const marks = new RegExp(`!?\\[${secret}\\]\\(${secret}\\d+\\)`, 'g');

/** Text that is shown as it stands, without the marks in it. */
export function withoutMarks(text: string): string {
  return text.includes(secret) ? text.replace(marks, '') : text;
}

/** A small number that opens its page. */
export function citationNumber({ citation, number }: Known): TemplateResult {
  const { url, title, text } = citation;
  const quoted = text === '' ? '' : `\n“${text}”`;
  const target = url === null ? null : linkTarget(url);
  const label = t('Source {0}: {1}', number, title);
  const written = writtenCitation(citation, number);
  if (target?.kind !== 'web') {
    return html`<sup class="citation" data-written=${written}><span role="note" tabindex="0" title=${`${title}${quoted}`} aria-label=${label}>${number}</span></sup>`;
  }
  const tooltip = `${title}\n${hostOf(target.url)}${quoted}`;
  return html`<sup class="citation" data-written=${written}><a href=${target.url} title=${tooltip} aria-label=${label}>${number}</a></sup>`;
}

/** A small number that leads to a footnote; or, as the number of that, back to where it is referred to. */
export function footnoteNumber(label: string, isNote: boolean): TemplateResult {
  const title = isNote ? t('Back to Text') : t('Go to Footnote {0}', label);
  return html`<sup class="citation" data-written=${`[^${label}]${isNote ? ':' : ''}`}><a
    href="#" data-note=${label.toLowerCase()} title=${title} aria-label=${title}>${visible(label)}</a></sup>`;
}
