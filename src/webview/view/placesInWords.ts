/** What goes along with a message, with the cells of notebooks in the user's language. */
import type { ComposerState } from '../../shared/protocol';
import { placeText } from '../l10n/strings';

/** As it is shown. */
export function inWords(composer: ComposerState): ComposerState {
  const { chips, attachments, firstSend } = composer;
  return {
    ...composer,
    chips: orAsItIs(chips, (all) => all.map((chip) => (chip.kind === 'openFiles' ? chip : labelled(chip)))),
    attachments: orAsItIs(attachments, (all) => all.map(labelled)),
    firstSend: orAsItIs(firstSend, (line) => line && { ...line, labels: line.labels.map(placeText) }),
  };
}

/** What cannot be read stays as it came: the part that shows it fails alone. */
function orAsItIs<T>(value: T, made: (value: T) => T): T {
  try {
    return made(value);
  } catch {
    return value;
  }
}

interface Labelled {
  readonly kind: string;
  readonly label: string;
  /** The end of the label. */
  readonly place?: string;
}

/** A selection with its label as it is shown; all else as it is. */
export function labelled<T extends Labelled>(one: T): T {
  const { kind, label, place } = one;
  if (kind !== 'selection') return one;
  return { ...one, label: placeText(label), ...(place === undefined ? {} : { place: placeText(place) }) };
}
