/** What goes with the next message: one line of fixed height, one tab stop. */
import { html, nothing, type TemplateResult } from 'lit-html';
import { repeat } from 'lit-html/directives/repeat.js';
import type { Intent } from '../../shared/intents';
import type { AbsentFile, Chip } from '../../shared/protocol';
import { ownInstructions, wholeFile } from '../../shared/protocol';
import { placedLabel } from '../dom/placedLabel';
import { beside, dollars, listOf } from '../l10n/format';
import { localize } from '../l10n/language';
import { strings } from '../l10n/strings';
import type { View } from '../view/view';
import type { FilesChip, Popup, Popups } from './popup';

/** What is being looked at in the line of chips. */
export interface ChipsProps {
  readonly popup: Popup;
  /** What draws them; null until it is loaded. */
  readonly popups: Popups | null;
  /** How many chips did not fit in the line. */
  readonly hidden: number;
  toggle(popup: Exclude<Popup, null>): void;
}

type LineChip = Exclude<Chip, { kind: 'openFiles' }>;
type SingleChip = Exclude<LineChip, { kind: 'absent' }>;

/** As it is called: the user's own instructions in the language of the window. */
const nameOf = (chip: SingleChip): string => (chip.id === ownInstructions.uri ? strings.ownInstructions() : chip.label);

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
      (chip) => lineChip(view, chip),
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
    ${files === undefined ? nothing : filesChip(files, props)}
    ${props.popup === 'openFiles' && files !== undefined ? (props.popups?.files(view, files) ?? nothing) : nothing}
    ${props.popup === 'moreChips' && hidden > 0 ? morePopup(view, single.slice(-hidden)) : nothing}
  </div>`;
}

function lineChip(view: View, chip: LineChip): TemplateResult {
  return chip.kind === 'absent' ? absentChip(chip) : singleChip(view, chip);
}

/** What one looks at says why it stays behind: no button, since there is nothing to press. */
function absentChip({ id, label, reason }: AbsentFile): TemplateResult {
  const title = strings.notIncluded(label, localize(reason));
  return html`<span class="chip chipAbsent" data-chip=${id} title=${title} role="note" aria-label=${title}>
    <span class="codicon codicon-circle-slash" aria-hidden="true"></span><span class="chipLabel">${label}</span><span class="chipReason">${localize(reason)}</span>
  </span>`;
}

const icons = { selection: 'list-selection', file: 'file', instructions: 'book' } as const;

function singleChip(view: View, chip: SingleChip): TemplateResult {
  if (!chip.included) return removedChip(view, chip);
  const changed = chip.kind !== 'selection' && chip.changed;
  return html`<span class="chip" data-chip=${chip.id}>
    <button
      class="chipMain" type="button" tabindex="-1" title=${priced(fullName(chip), chip.usd)}
      aria-label=${chip.usd === null ? nameOf(chip) : listOf([nameOf(chip), dollars(chip.usd)])} data-remove=${chip.id}
      @click=${() => view.actions.ask(opening(chip))}
    >
      <span class="codicon codicon-${icons[chip.kind]}" aria-hidden="true"></span>${faceOf(chip)}${changed ? changedDot() : nothing}
    </button><button
      class="chipRemove codicon codicon-close" type="button" tabindex="-1"
      title=${strings.removeChip(nameOf(chip))} aria-label=${strings.removeChip(nameOf(chip))}
      @click=${() => view.actions.here('removeChip', { id: chip.id })}
    ></button>
  </span>`;
}

function faceOf(chip: SingleChip): TemplateResult {
  return placedLabel(nameOf(chip), chip.kind === 'selection' ? chip.place : '');
}

/** With its folders, where it lies in any. */
function fullName(chip: SingleChip): string {
  if (chip.kind !== 'selection') return chip.id === ownInstructions.uri ? nameOf(chip) : chip.path;
  const { label, place, source } = chip;
  const name = label.slice(0, label.length - place.length);
  return source.path.endsWith(`/${name}`) ? `${source.path}${place}` : label;
}

function opening(chip: SingleChip): Intent<'openFile' | 'openSource'> {
  return chip.kind === 'selection'
    ? { type: 'openSource', ...chip.source }
    : { type: 'openFile', path: chip.path, ...wholeFile };
}

/** Where it was removed, a click brings it back. */
function removedChip(view: View, chip: SingleChip): TemplateResult {
  const { id } = chip;
  const title = strings.includeChip(nameOf(chip));
  return html`<button
    class="chip chipOut" type="button" tabindex="-1" data-chip=${id} title=${`${fullName(chip)}\n${title}`}
    aria-label=${title} @click=${() => view.actions.here('includeFile', { id, included: true })}
  >
    <span class="codicon codicon-eye-closed" aria-hidden="true"></span>${faceOf(chip)}
  </button>`;
}

/** All open files as one; also while none goes along: its popup is the way back. */
function filesChip({ files, usd }: FilesChip, props: ChipsProps): TemplateResult {
  const included = files.filter(({ included: is, named }) => is && !named);
  const none = included.length === 0;
  const open = props.popup === 'openFiles';
  const label = strings.openFilesNamed(included.length);
  return html`<button
    class="chip filesChip ${none ? 'none' : ''}" type="button" tabindex="-1" data-chip="openFiles"
    aria-haspopup="dialog" aria-expanded=${open ? 'true' : 'false'}
    title=${none ? label : priced(label, usd)}
    @click=${() => props.toggle('openFiles')}
  >
    <span class="codicon codicon-${none ? 'eye-closed' : 'files'}" aria-hidden="true"></span>
    <span class="chipLabel onlyNarrow">${strings.filesCount(included.length)}</span>
    <span class="chipLabel notNarrow">${label}</span>
    ${included.some((file) => file.changed) ? changedDot() : nothing}
    <span class="codicon codicon-chevron-down" aria-hidden="true"></span>
  </button>`;
}

function changedDot(): TemplateResult {
  return html`<span class="changedDot" title=${strings.changedSinceSent()} role="img" aria-label=${strings.changedSinceSent()}></span>`;
}

/** A name with its share of what asking costs, where that is known. */
function priced(name: string, usd: number | null): string {
  return usd === null ? name : beside(name, dollars(usd));
}

function morePopup(view: View, chips: readonly LineChip[]): TemplateResult {
  return html`<div class="popup" role="dialog" aria-label=${strings.chips()}>
    <ul class="checklist">${chips.map((chip) => html`<li class="checkRow">${lineChip(view, chip)}</li>`)}</ul>
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
