/** Language and fonts of the page, as the environment has them. */
import type { PanelEnvironment } from '../../shared/protocol';
import { setLanguage } from '../l10n/language';

export function applyEnvironment({ words, locale, fontSize, fontFamily }: PanelEnvironment): void {
  setLanguage(words, locale);
  document.documentElement.lang = locale;
  setVariable('--chat-font-size', fontSize === null ? null : `${fontSize}px`);
  setVariable('--chat-font-family', fontFamily);
}

function setVariable(name: string, value: string | null): void {
  const { style } = document.documentElement;
  if (value === null || value === '') style.removeProperty(name);
  else style.setProperty(name, value);
}
