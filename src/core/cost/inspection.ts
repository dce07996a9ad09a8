/**
 * A request as a document to be read: its parameters, each block with its tokens and cache breakpoints, and every text as it
 * is. Headers and the key are no part of a request's body and never come here. Only base64 is shortened.
 */
import type Anthropic from '@anthropic-ai/sdk';
import type { NextCost } from '../../shared/nextCost';
import type { Request } from '../api/requestBody';
import type { SnapshotPart } from '../context/context';
import type { Model } from '../models/models';
import { measureBlock, measureText, sumOf, type TextStats, tokensOf } from '../models/tokens';
import { statsOf } from '../prompt/blockStats';
import type { SummaryWriter } from './fromSummary';

/** Puts values into words of the user's language: `{0}`, `{1}` … stand for them. */
type Translate = (text: string, ...args: (string | number)[]) => string;

/** A request and what is known of it. */
export interface RequestFacts {
  readonly request: Request;
  /** The parts of its `system` behind the instructions. */
  readonly context: readonly SnapshotPart[];
  readonly model: Model;
  /** Of the model's tokens. */
  readonly factor: number;
  readonly next: NextCost;
  /** Where it would go, without a key: "https://api.anthropic.com". */
  readonly address: string;
  /** True when nothing is typed: something stands in for the words. */
  readonly standIn: boolean;
  /** What Continue from a Summary would send, where that is offered. */
  readonly summary?: SummaryFacts | null;
}

/** The request for a summary, and what is known of it. */
export interface SummaryFacts extends Pick<SummaryWriter, 'model' | 'reads' | 'shortened' | 'usd'> {
  readonly request: Request;
  /** Of its model's tokens. */
  readonly factor: number;
}

interface InspectionInput extends RequestFacts {
  readonly t: Translate;
  /** A number as the user writes it. */
  readonly number: (value: number) => string;
  /** US dollars; "—" when unknown. */
  readonly usd: (value: number | null) => string;
}

type Block = Anthropic.ContentBlockParam | Anthropic.TextBlockParam;

/** The document, in Markdown. */
export function inspection(input: InspectionInput): string {
  const { request, model, factor, next, summary } = input;
  const show = new Writer({ ...input, request, model, factor, tokens: next.tokens });
  show.head(input);
  sections(show, request, input);
  if (summary == null) return show.text;
  const behind = new Writer({
    ...input,
    request: summary.request,
    model: summary.model,
    factor: summary.factor,
    tokens: null,
  });
  behind.summaryHead(summary, input.address);
  sections(behind, summary.request, input);
  return `${show.text}\n${behind.text}`;
}

/** All that a request holds. */
function sections(show: Writer, request: Request, { context, t }: InspectionInput): void {
  const { tools = [], system, messages, ...parameters } = request;
  show.section(`## ${t('Parameters')}`, json({ ...parameters, stream: true }));
  show.line(`## ${t('Tools')} (${tools.length})`);
  for (const tool of tools) {
    const { cache_control: _, ...definition } = tool as Anthropic.Tool;
    const measure = measureText(JSON.stringify(definition));
    show.section(`### ${(tool as Anthropic.Tool).name}${show.weight(measure)}${show.breakpoint(tool)}`, json(tool));
  }
  show.line(`## ${t('System')} (${system.length})`);
  for (const [index, block] of system.entries())
    show.block(`### ${index + 1}. ${titleOf(context[index - 1], t)}`, block);
  show.line(`## ${t('Messages')} (${messages.length})`);
  for (const [index, { role, content }] of messages.entries()) {
    show.line(`### ${index + 1}. ${role}`);
    const blocks = typeof content === 'string' ? [{ type: 'text' as const, text: content }] : content;
    for (const block of blocks) show.block(`#### ${block.type}`, block);
  }
}

/** Base64 longer than this is shortened; signatures count as base64. */
const longestBase64 = 200;

interface WriterInput extends Pick<InspectionInput, 'request' | 'model' | 'factor' | 't' | 'number' | 'usd'> {
  /** What is known of the whole; null for nothing. */
  readonly tokens: number | null;
}

class Writer {
  readonly #lines: string[] = [];
  readonly #scale: number;

  constructor(private readonly input: WriterInput) {
    const { request, model, factor, tokens } = input;
    const measures = [
      { ...measureText(JSON.stringify(request.tools ?? [])), tokens: model.toolOverhead },
      ...request.system.map(({ text }) => measureBlock(text)),
      ...request.messages.flatMap(({ content }) =>
        typeof content === 'string' ? [measureBlock(content)] : content.map((block) => statsIn(block, model)),
      ),
    ];
    const sum = tokensOf(sumOf(measures), factor);
    // The parts add up to what is known of the whole.
    this.#scale = sum <= 0 || tokens === null ? 1 : tokens / sum;
  }

  get text(): string {
    return `${this.#lines.join('\n')}\n`;
  }

  line(line: string): void {
    this.#lines.push(line, '');
  }

  head({ model, next, address, standIn, request }: InspectionInput): void {
    const { t, number, usd } = this.input;
    const { rows } = next;
    this.line(`# ${t('The next request')}: ${model.name}`);
    this.line(`\`POST ${address}/v1/messages\``);
    const about = next.counted.kind === 'exact' ? '' : '≈ ';
    const breakpoints =
      JSON.stringify([request.tools, request.system, request.messages]).split('"cache_control":').length - 1;
    const table: readonly (readonly [string, string, string])[] = [
      [t('Read from the cache'), number(rows.cached.tokens), usd(rows.cached.usd)],
      [t('Written to the cache'), number(rows.written.tokens), usd(rows.written.usd)],
      [t('New, not kept'), number(rows.fresh.tokens), usd(rows.fresh.usd)],
      [t('Asking'), `${about}${number(next.tokens)}`, `${about}${usd(next.askUsd)}`],
    ];
    this.#lines.push(`| | ${t('Tokens')} | ${t('Price')} |`, '| --- | ---: | ---: |');
    for (const row of table) this.#lines.push(`| ${row.join(' | ')} |`);
    this.#lines.push('');
    this.line(t('Cache breakpoints: {0}. The window takes {1} tokens.', breakpoints, number(next.windowTokens)));
    this.line(
      t('This is what Send would send now, to the byte. The key and other headers are not shown; base64 is shortened.'),
    );
    if (standIn) this.line(`> ${t('Your message is empty: “…” stands in for it.')}`);
  }

  summaryHead({ model, reads, shortened, usd: price }: SummaryFacts, address: string): void {
    const { t, number, usd } = this.input;
    this.line(`# ${t('The request for a summary')}: ${model.name}`);
    this.line(`\`POST ${address}/v1/messages\``);
    this.line(t('Continue from a Summary would send this. With the summary: ≈ {0}.', usd(price)));
    this.line(reads ? t('It reads what the cache holds.') : t('Nothing of it is read from the cache or kept in it.'));
    if (shortened > 0) this.line(t('Old tool results that are shortened in it: {0}.', number(shortened)));
  }

  section(heading: string, json: string): void {
    this.line(heading);
    this.#fence(json, 'json');
  }

  weight(measure: TextStats): string {
    const { factor, t, number } = this.input;
    return ` · ≈ ${t('{0} tokens', number(Math.round(tokensOf(measure, factor) * this.#scale)))}`;
  }

  breakpoint(block: object): string {
    const control = 'cache_control' in block ? block.cache_control : null;
    if (typeof control !== 'object' || control === null) return '';
    const hour = 'ttl' in control && control.ttl === '1h';
    return ` · ◆ ${hour ? this.input.t('cache breakpoint, 1 hour') : this.input.t('cache breakpoint, 5 minutes')}`;
  }

  /** Its fields as JSON, and its long texts below them as they are, each behind its name. */
  block(heading: string, block: Block): void {
    this.line(`${heading}${this.weight(statsIn(block, this.input.model))}${this.breakpoint(block)}`);
    const { fields, texts } = takeApart(block);
    this.#fence(JSON.stringify(fields), 'json');
    for (const [name, text] of texts) {
      this.#lines.push(`${name}:`);
      this.#fence(text, 'text');
    }
  }

  /** Behind more backticks than the text has in a row. */
  #fence(text: string, language: string): void {
    const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
    const fence = '`'.repeat(longest + 1);
    this.#lines.push(`${fence}${language}`, text, fence, '');
  }
}

interface TakenApart {
  readonly fields: unknown;
  readonly texts: readonly (readonly [string, string])[];
}

function takeApart(block: Block): TakenApart {
  switch (block.type) {
    case 'text': {
      const { text, ...fields } = block;
      return { fields, texts: [['text', text]] };
    }
    case 'thinking': {
      const { thinking, ...fields } = block;
      return { fields: shortened(fields), texts: [['thinking', thinking]] };
    }
    case 'tool_result': {
      const { content, ...fields } = block;
      const parts = typeof content === 'string' ? [{ type: 'text' as const, text: content }] : (content ?? []);
      const simple = parts.every((part) => part.type === 'text' && Object.keys(part).length === 2);
      if (!simple || typeof content === 'string') return { fields: shortened(block), texts: [] };
      return { fields, texts: parts.map((part) => ['content', part.type === 'text' ? part.text : ''] as const) };
    }
    default:
      return { fields: shortened(block), texts: [] };
  }
}

/** The same with long base64 replaced by its size and its beginning. */
export function shortened(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (name, inner: unknown) =>
      (name === 'data' || name === 'signature') && typeof inner === 'string' && isBase64(inner)
        ? `[base64, ${inner.length} characters: ${inner.slice(0, 24)}…]`
        : inner,
    ),
  );
}

function isBase64(text: string): boolean {
  return text.length > longestBase64 && /^[A-Za-z0-9+/_-]+={0,2}$/.test(text);
}

function json(value: unknown): string {
  return JSON.stringify(value, null, 2);
}

/** What a system block is: a part of the context, or the instructions. */
function titleOf(part: SnapshotPart | undefined, t: Translate): string {
  if (part === undefined) return t('Instructions');
  return part.kind === 'selection' ? t('Selection in {0}', part.path) : part.path;
}

function statsIn(block: Block, model: Model): TextStats {
  return statsOf([{ block, entry: null }], model);
}
