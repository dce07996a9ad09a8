/** What goes with the next message: one line of fixed height, one tab stop. */
import { html, nothing, type TemplateResult } from 'lit-html';
import { repeat } from 'lit-html/directives/repeat.js';
import type { Chip, ChipFile } from '../../shared/protocol';
import { dollars, tokenCount } from '../l10n/format';
import { strings } from '../l10n/strings';
import type { View } from '../view/view';

export type Popup = 'openFiles' | 'moreChips' | 'model' | 'effort' | 'cost' | null;

export interface ChipsProps {
  readonly popup: Popup;
  /** How many chips did not fit in the line. */
  readonly hidden: number;
  toggle(popup: Exclude<Popup, null>): void;
}

type SingleChip = Exclude<Chip, { kind: 'openFiles' }>;
type FilesChip = Extract<Chip, { kind: 'openFiles' }>;

/** The line of chips with its popup. Its height is there even when it is empty. */
export function chipsLine(view: View, props: ChipsProps): TemplateResult {
  const { chips } = view.composer;
  const single = chips.filter((chip) => chip.kind !== 'openFiles');
  const files = chips.find((chip) => chip.kind === 'openFiles');
  const { hidden } = props;
  return html`<div class="chips" role="toolbar" aria-label=${strings.chips()} @keydown=${moveInToolbar}>
    <div class="chipsFitting">${repeat(
      single,
      ({ id }) => id,
      (chip) => singleChip(view, chip),
    )}</div>
    ${
      hidden > 0
        ? html`<button
          class="chip chipMore" type="button" tabindex="-1" aria-haspopup="dialog"
          aria-expanded=${props.popup === 'moreChips' ? 'true' : 'false'} aria-label=${strings.moreChips(hidden)}
          @click=${() => props.toggle('moreChips')}
        >${strings.more(hidden)}</button>`
        : nothing
    }
    ${files === undefined ? nothing : eye(view, files)}
    ${files === undefined || !files.on ? nothing : filesChip(files, props)}
    ${props.popup === 'openFiles' && files !== undefined ? filesPopup(view, files) : nothing}
    ${props.popup === 'moreChips' && hidden > 0 ? morePopup(view, single.slice(-hidden)) : nothing}
  </div>`;
}

/** Leaves the group out, or lets it in again, in this workspace from now on. */
function eye(view: View, { on }: FilesChip): TemplateResult {
  const label = on ? strings.automaticOn() : strings.automaticOff();
  return html`<button
    class="chip chipEye" type="button" tabindex="-1" data-chip="eye" aria-pressed=${on ? 'true' : 'false'}
    title=${label} aria-label=${label} @click=${() => view.actions.here('onlyWhatIAdd', { only: on })}
  >
    <span
      class="codicon codicon-${on ? 'eye' : 'eye-closed'}" aria-hidden="true"
    ></span>${on ? nothing : html`<span class="chipLabel">${strings.onlyWhatIAdd()}</span>`}
  </button>`;
}

const icons = { selection: 'list-selection', file: 'file', instructions: 'book' } as const;

function singleChip(view: View, chip: SingleChip): TemplateResult {
  if (!chip.included) return removedChip(view, chip);
  const weight = weightOf(chip);
  const line = chip.kind === 'selection' ? chip.startLine : null;
  const changed = chip.kind !== 'selection' && chip.changed;
  return html`<span class="chip" data-chip=${chip.id}>
    <button
      class="chipMain" type="button" tabindex="-1" title=${`${chip.path}\n${weight}`}
      aria-label=${`${chip.label}, ${weight}`} data-remove=${chip.id}
      @click=${() => view.actions.ask({ type: 'openFile', path: chip.path, line })}
    >
      <span class="codicon codicon-${icons[chip.kind]}" aria-hidden="true"></span><span class="chipLabel">${chip.label}</span><span class="chipWeight onlyWide"> · ${tokenCount(chip.tokens)}</span>${changed ? changedDot() : nothing}
    </button><button
      class="chipRemove codicon codicon-close" type="button" tabindex="-1"
      title=${strings.removeChip(chip.label)} aria-label=${strings.removeChip(chip.label)}
      @click=${() => view.actions.here('removeChip', { id: chip.id })}
    ></button>
  </span>`;
}

/** Where it was removed, a click brings it back. */
function removedChip(view: View, { id, label, path }: SingleChip): TemplateResult {
  const title = strings.includeChip(label);
  return html`<button
    class="chip chipOut" type="button" tabindex="-1" data-chip=${id} title=${`${path}\n${title}`}
    aria-label=${title} @click=${() => view.actions.here('includeFile', { id, included: true })}
  >
    <span class="codicon codicon-eye-closed" aria-hidden="true"></span><span class="chipLabel">${label}</span>
  </button>`;
}

function filesChip(chip: FilesChip, props: ChipsProps): TemplateResult {
  const included = chip.files.filter((file) => file.included);
  const changed = included.some((file) => file.changed);
  const open = props.popup === 'openFiles';
  const label = `${strings.openFilesCount(included.length, chip.files.length)}, ${weightOf(chip)}`;
  return html`<button
    class="chip filesChip ${included.length === 0 ? 'none' : ''}" type="button" tabindex="-1"
    data-chip="openFiles" aria-haspopup="dialog" aria-expanded=${open ? 'true' : 'false'} title=${label}
    aria-label=${label} @click=${() => props.toggle('openFiles')}
  >
    <span class="codicon codicon-${included.length === 0 ? 'eye-closed' : 'files'}" aria-hidden="true"></span>
    <span class="chipLabel onlyNarrow">${strings.filesCount(included.length)}</span>
    <span class="chipLabel notNarrow">${strings.openFilesCount(included.length, chip.files.length)} · ${tokenCount(chip.tokens)}</span>
    ${changed ? changedDot() : nothing}
    <span class="codicon codicon-chevron-down" aria-hidden="true"></span>
  </button>`;
}

function filesPopup(view: View, chip: FilesChip): TemplateResult {
  const { files } = chip;
  const included = files.filter((file) => file.included).length;
  return html`<div class="popup" role="dialog" aria-label=${strings.openFiles()}>
    <div class="checkSum"><span class="checkLabel">${strings.openFilesCount(included, files.length)}</span><span class="checkWeight">${weightOf(chip)}</span></div>
    <ul class="checklist">${repeat(
      files,
      ({ id }) => id,
      (file) => fileRow(view, file),
    )}</ul>
  </div>`;
}

function fileRow(view: View, file: ChipFile): TemplateResult {
  return html`<li class="checkRow">
    <label title=${file.path}>
      <input
        type="checkbox" .checked=${file.included}
        @change=${(event: Event) => view.actions.here('includeFile', { id: file.id, included: (event.target as HTMLInputElement).checked })}
      >
      <span class="checkLabel">${file.label}</span>
      ${file.changed ? changedDot() : nothing}
      <span class="checkWeight">${tokenCount(file.tokens)}${file.included && file.usd !== null ? ` · ${dollars(file.usd)}` : ''}</span>
    </label>
    <button
      class="iconButton codicon codicon-go-to-file" type="button" title=${strings.openFile(file.label)}
      aria-label=${strings.openFile(file.label)}
      @click=${() => view.actions.ask({ type: 'openFile', path: file.path, line: null })}
    ></button>
  </li>`;
}

function changedDot(): TemplateResult {
  return html`<span class="changedDot" title=${strings.changedSinceSent()} role="img" aria-label=${strings.changedSinceSent()}></span>`;
}

/** Tokens, and their share of what asking costs. */
function weightOf({ tokens, usd }: Pick<ChipFile, 'tokens' | 'usd'>): string {
  const weight = strings.tokens(tokenCount(tokens));
  return usd === null ? weight : `${weight} · ${dollars(usd)}`;
}

function morePopup(view: View, chips: readonly SingleChip[]): TemplateResult {
  return html`<div class="popup" role="dialog" aria-label=${strings.chips()}>
    <ul class="checklist">${chips.map((chip) => html`<li class="checkRow">${singleChip(view, chip)}</li>`)}</ul>
  </div>`;
}

/** Arrows move between the chips; Delete removes the one that has the focus. */
export function moveInToolbar(event: KeyboardEvent): void {
  const { currentTarget, target } = event;
  if (!(currentTarget instanceof HTMLElement) || !(target instanceof HTMLElement) || target.closest('.popup') !== null)
    return;
  const stops = [...currentTarget.querySelectorAll<HTMLElement>('button')].filter(
    (button) => button.closest('.popup') === null,
  );
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (step !== undefined) {
    stops[(stops.indexOf(target) + step + stops.length) % stops.length]?.focus();
  } else if ((event.key === 'Delete' || event.key === 'Backspace') && target.dataset['remove'] !== undefined) {
    target.parentElement?.querySelector<HTMLElement>('.chipRemove')?.click();
  } else return;
  event.preventDefault();
}

/** Keeps exactly one chip in the tab order, and tells how many selection chips have wrapped out of sight. */
export function arrangeChips(area: ParentNode): number {
  const bar = area.querySelector('.chips');
  const fitting = bar?.querySelector<HTMLElement>('.chipsFitting');
  if (bar === null || fitting === null || fitting === undefined) return 0;
  const stops = [...bar.querySelectorAll<HTMLElement>('button')].filter((button) => button.closest('.popup') === null);
  const current = stops.find((stop) => stop === document.activeElement) ?? stops[0];
  for (const stop of stops) stop.tabIndex = stop === current ? 0 : -1;
  const chips = [...fitting.children].filter((child): child is HTMLElement => child instanceof HTMLElement);
  const top = chips[0]?.offsetTop ?? 0;
  return chips.filter((chip) => chip.offsetTop > top).length;
}
