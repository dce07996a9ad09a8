/** Pastes and drops into the panel's page, as the browser tells of them. */
import type { Page } from 'playwright-core';

/** A file that is pasted or dropped; its bytes as base64. */
export interface GivenFile {
  readonly name: string;
  readonly type: string;
  readonly data: string;
}

export type Giving = 'paste' | 'drop' | 'dragenter';

export const given = (name: string, type: string, bytes: Buffer): GivenFile => ({
  name,
  type,
  data: bytes.toString('base64'),
});

/** Into the first match of `place`, the composer's text otherwise. True where the panel has taken it. */
export function giveTo(
  page: Page,
  event: Giving,
  files: readonly GivenFile[],
  texts: Readonly<Record<string, string>> = {},
  { shiftKey = false, place = '.composerText' }: { readonly shiftKey?: boolean; readonly place?: string } = {},
): Promise<boolean> {
  return page.evaluate(
    (told) => {
      const data = new DataTransfer();
      for (const { name, type, data: base64 } of told.files) {
        const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
        data.items.add(new File([bytes], name, { type }));
      }
      for (const [type, text] of Object.entries(told.texts)) data.setData(type, text);
      const init = { bubbles: true, cancelable: true, shiftKey: told.shiftKey };
      const made =
        told.event === 'paste'
          ? new ClipboardEvent('paste', { ...init, clipboardData: data })
          : new DragEvent(told.event, { ...init, dataTransfer: data });
      document.querySelector(told.place)?.dispatchEvent(made);
      return made.defaultPrevented;
    },
    { event, files, texts, shiftKey, place },
  );
}
