/** The one-row parts of an answer: thinking, tools, context. Each is 24 px high and opens to what is behind it. */
import { html, nothing, type TemplateResult } from 'lit-html';
import type { LocalizableMessage, ThinkingPart, ToolPart } from '../../shared/chat';
import type { ContextLine } from '../../shared/contextLine';
import { placeKey } from '../../shared/find';
import { wholeFile } from '../../shared/protocol';
import { resultTarget } from '../../shared/turn/work';
import { escaped } from '../dom/escapes';
import { icon } from '../dom/icon';
import { approvalStrings } from '../l10n/approvalStrings';
import { duration } from '../l10n/format';
import { localize } from '../l10n/language';
import { contextSummary, contextText, freshSnapshotText, snapshotText, strings, warmUpText } from '../l10n/strings';
import { linkTarget } from '../markdown/links';
import { renderBlocks } from '../markdown/render';
import type { View } from '../view/view';
import { approvalCard } from './approval';
import { isExcluded, menuContext, moreButton } from './exclude';
import { pretty } from './pretty';
import { sourceList } from './sources';

/** More context lines than these are folded into one. */
const shownContextLines = 3;

/** A tool that is done has the icon of its kind. */
const statusIcons = {
  preparing: 'loading',
  asks: 'question',
  running: 'loading',
  failed: 'error',
  cancelled: 'circle-slash',
} as const;

/** Of Prelude's own and of the API's, by their names; all others are `tools`. */
const toolIcons: ReadonlyMap<string, string> = new Map([
  ['read_file', 'file'],
  ['list_directory', 'folder'],
  ['find_files', 'search'],
  ['search_text', 'search'],
  ['get_diagnostics', 'warning'],
  ['find_symbols', 'symbol-method'],
  ['go_to_definition', 'symbol-method'],
  ['get_outline', 'symbol-method'],
  ['find_references', 'references'],
  ['get_changes', 'git-compare'],
  ['edit_file', 'edit'],
  ['create_file', 'edit'],
  ['rename_file', 'edit'],
  ['delete_file', 'edit'],
  ['web_search', 'globe'],
  ['web_fetch', 'globe'],
  ['text_editor_code_execution', 'edit'],
]);

function toolIcon({ name, status }: ToolPart): string {
  return status === 'done' ? (toolIcons.get(name) ?? 'tools') : statusIcons[status];
}

/** The key of a part of an answer among all places that words are found in. */
export function placeIn(answer: string, { key }: { readonly key: string }): string {
  return placeKey(`answer/${answer}`, key);
}

/** A row with a chevron; `body` is only asked for while it is open. */
export function fold(
  view: View,
  key: string,
  label: unknown,
  body: () => unknown,
  leading: unknown = nothing,
): TemplateResult {
  const open = view.folds.isOpen(key);
  return html`<div class="fold">
    <button class="line foldLine" type="button" aria-expanded=${open ? 'true' : 'false'} @click=${() => view.folds.toggle(key)}>
      ${leading === nothing ? icon(open ? 'chevron-down' : 'chevron-right') : leading}
      ${label}
    </button>
    ${open ? html`<div class="foldBody">${body()}</div>` : nothing}
  </div>`;
}

/** "Thinking · 6 s" while it lasts, then "Thought for 6 s". The text streams below when it is opened. */
export function thinkingLine(view: View, answer: string, part: ThinkingPart, since: number | null): TemplateResult {
  const ended = part.durationMs === null ? strings.thought() : strings.thoughtFor(duration(part.durationMs));
  const label = part.open
    ? withTime(strings.thinking(), since, view.now)
    : html`<span class="lineWords">${ended}</span>`;
  const sign = part.open ? spinner() : nothing;
  if (part.text === '') return html`<div class="line quietLine">${sign}${label}</div>`;
  return fold(
    view,
    `${answer}/${part.key}`,
    label,
    () =>
      html`<div class="thinkingText markdown" data-place=${placeIn(answer, part)}>${renderBlocks(view.streams.of(answer, part).blocks)}</div>`,
    sign,
  );
}

/** Words, and how long it has been going on: the number changes in place. */
export function withTime(text: string, since: number | null, now: number): TemplateResult {
  const elapsed = since === null ? '' : duration(now - since);
  const time = elapsed === '' ? nothing : html`<span class="lineTime">${` ·\u00a0${elapsed}`}</span>`;
  return html`<span class="lineWords">${text}${time}</span>`;
}

/** An icon that turns while something runs. */
export function spinner(): TemplateResult {
  return icon('loading spin');
}

/** What Prelude says of an answer. */
export function noticeLine(said: LocalizableMessage): TemplateResult {
  const text = localize(said);
  return html`<div class="line quietLine noticeLine">
    ${icon('warning')}<span class="lineWords" title=${text}>${text}</span>
  </div>`;
}

/** One tool: status, what it does, what came of it; opens its input and output. */
export function toolLine(
  view: View,
  answer: string,
  part: ToolPart,
  numbers: ReadonlyMap<string, number> = new Map(),
): TemplateResult {
  const key = `${answer}/${part.key}`;
  const open = view.folds.isOpen(key);
  if (!open) view.outputs.closed(part);
  const running = part.status === 'preparing' || part.status === 'running';
  const target = resultTarget(part.key);
  const out = isExcluded(view, target);
  const label = localize(part.label);
  const summary = part.summary === null ? null : localize(part.summary);
  const result = out ? strings.excluded() : summary;
  // Without a result there is nothing that could be left out, and what the API ran itself goes back as it came.
  const isFixed = part.output === null || part.server === true;
  const context = isFixed ? nothing : menuContext(view, target, answer);
  const more = isFixed ? nothing : moreButton(view, target, answer, label);
  return html`<div class="fold tool ${part.status} ${out ? 'excluded' : ''}" data-vscode-context=${context}>
    <button class="line foldLine" type="button" aria-expanded=${open ? 'true' : 'false'} data-place=${placeIn(answer, part)} @click=${() => view.folds.toggle(key)}>
      <span class="codicon codicon-${toolIcon(part)} ${running ? 'spin' : ''}" role="img" aria-label=${strings.toolStatus[part.status]()}></span>
      <span class="lineWords" title=${label}>${label}</span>
      ${out ? icon('eye-closed') : nothing}
      ${result === null ? nothing : html`<span class="lineResult" title=${result}>${result}</span>`}
    </button>
    ${part.absentServer === undefined ? nothing : startButton(view, part.absentServer)}
    ${more}${running ? stopButton(view, part, label) : nothing}
    ${part.sources === undefined ? nothing : sourceList(part.sources, open, numbers, () => view.folds.toggle(key))}
    ${open ? toolDetails(view, part) : nothing}
    ${approvalCard(view, answer, part)}
  </div>`;
}

/** A call whose MCP server was not running: it is started here, the call is the model's to make again. */
function startButton(view: View, server: string): TemplateResult {
  return html`<button
    class="linkButton startServer" type="button" data-do="startServer" title=${strings.startServerNamed(server)}
    @click=${() => view.actions.here('startServer', { server })}
  >${strings.startServer()}</button>`;
}

/** Stops one call; the others and the turn go on. */
function stopButton(view: View, { key, status }: ToolPart, label: string): unknown {
  if (status !== 'running' || view.chat.activity?.kind === 'elsewhere') return nothing;
  const name = approvalStrings.stopCall(label);
  return html`<button
    class="iconButton stopCall codicon codicon-debug-stop" type="button" data-do="stopCall" title=${name}
    aria-label=${name} @click=${() => view.actions.here('stopCall', { key })}
  ></button>`;
}

function toolDetails(view: View, part: ToolPart): TemplateResult {
  const output = view.outputs.of(part);
  const problem = output?.problem ?? null;
  return html`<div class="foldBody toolDetails">
    <div class="toolCaption">${strings.input()}</div>
    <pre class="toolText" tabindex="0" dir="ltr">${escaped(pretty(part.input))}</pre>
    <div class="toolCaption">${strings.output()}</div>
    <pre class="toolText" tabindex="0" dir="ltr">${output === null ? strings.noOutput() : escaped(output.text)}</pre>
    ${problem === null ? nothing : html`<div class="line quietLine">${icon('warning')}<span class="lineWords" title=${problem}>${problem}</span></div>`}
  </div>`;
}

/** What a snapshot holds in one line, and context changes; each opens its file. Many changes are one fold. */
export function contextLines(view: View, owner: string, lines: readonly ContextLine[]): unknown {
  const snapshot = lines.some(({ change }) => change === 'opened');
  const [first, ...rest] = lines;
  if (first?.warm !== undefined) {
    const text = warmUpText(first.warm);
    return html`<div class="line contextLine">
      ${icon('flame')}<span class="lineWords" title=${text}>${text}</span>
    </div>`;
  }
  if (first?.rebase !== undefined) {
    const text = freshSnapshotText(first.rebase);
    const line = html`${icon('archive')}<span class="lineWords" title=${text}>${text}</span>`;
    if (rest.length === 0) return html`<div class="line contextLine">${line}</div>`;
    return fold(view, `${owner}/context`, line, () => rest.map((each) => contextLine(view, each)));
  }
  if (!snapshot && lines.length <= shownContextLines) return lines.map((line) => contextLine(view, line));
  const text = snapshot ? snapshotText(lines) : contextSummary(lines);
  const summary = html`<span class="lineWords" title=${text}>${text}</span>`;
  return fold(view, `${owner}/context`, summary, () => lines.map((line) => contextLine(view, line)));
}

const lineIcons: Partial<Readonly<Record<ContextLine['change'], string>>> = {
  removed: 'close',
  undone: 'discard',
  selection: 'list-selection',
  unreadable: 'warning',
};

/** "login.ts changed, +3 −1". */
function contextLine(view: View, line: ContextLine): TemplateResult {
  const { text, added, removed } = contextText(line);
  const content = html`${icon(lineIcons[line.change] ?? 'file')}
    <span class="lineWords">${added === '' && removed === '' ? text : strings.counted(text)}</span>
    ${added === '' ? nothing : html`<span class="linesAdded">${added}</span>`}
    ${removed === '' ? nothing : html`<span class="linesRemoved">${removed}</span>`}`;
  if (line.path === '') return html`<div class="line contextLine">${content}</div>`;
  // A selection's path says its lines.
  const target = linkTarget(line.path);
  const open = () =>
    view.actions.ask(
      target?.kind === 'file'
        ? { type: 'openFile', path: target.path, line: target.line, column: target.column, end: target.end }
        : { type: 'openFile', path: line.path, ...wholeFile },
    );
  return html`<button class="line contextLine" type="button" title=${line.path} @click=${open}>${content}</button>`;
}
