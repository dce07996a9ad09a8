/** Language, fonts and wrapped code of the page, as the environment has them. */
import type { PanelEnvironment } from '../../shared/protocol';
import { setLanguage } from '../l10n/language';

let applied: PanelEnvironment | null = null;

/** Whether long lines of code wrap. One choice for all blocks of a view: `chosen` is null until the user has made it. */
export const codeWrap = {
  chosen: null as boolean | null,
  usual: false,
  get on(): boolean {
    return codeWrap.chosen ?? codeWrap.usual;
  },
  apply(): void {
    document.documentElement.toggleAttribute('data-wrap', codeWrap.on);
  },
};

/**
 * Does nothing for the one that holds already: the page's language, even when it is set to what it is, has every style
 * of the page computed anew.
 */
export function applyEnvironment(environment: PanelEnvironment): void {
  if (environment === applied) return;
  const { words, locale, fontSize, fontFamily, wrapsCode = false } = environment;
  setLanguage(words, locale);
  document.documentElement.lang = locale;
  setVariable('--chat-font-size', fontSize === null ? null : `${fontSize}px`);
  setVariable('--chat-font-family', fontFamily);
  codeWrap.usual = wrapsCode;
  codeWrap.apply();
  applied = environment;
}

function setVariable(name: string, value: string | null): void {
  const { style } = document.documentElement;
  if (value === null || value === '') style.removeProperty(name);
  else style.setProperty(name, value);
}
