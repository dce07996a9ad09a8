/** What the language services' part asks of VS Code, so that everything else in this folder runs without it. */

/** A question for the providers that are registered. Lines and columns are one-based. */
export type LanguageQuestion =
  | {
      readonly ask: 'definition' | 'references' | 'calls';
      readonly uri: string;
      readonly line: number;
      readonly column: number;
    }
  | { readonly ask: 'outline'; readonly uri: string }
  | { readonly ask: 'symbols'; readonly query: string };

/** The window's language services; vscodeLanguages.ts implements it, tests make their own. */
export interface LanguageFacts {
  /** What the providers gave, unchecked: they are other people's. */
  ask(question: LanguageQuestion): Promise<unknown>;
  /** What is reported now, unchecked: by URI. */
  reported(): readonly (readonly [uri: string, problems: readonly unknown[]])[];
  /** Calls back with the URIs whose problems were reported anew, until it is disposed. */
  onReported(callback: (uris: readonly string[]) => void): { dispose(): void };
  /** Whether a file is open in a tab: one that is only loaded is checked by few services. */
  isOpen(uri: string): boolean;
  /** Loads a document without showing it, which starts the extensions for its language: its language's id. */
  load(uri: string): Promise<string>;
  /** The text of a file anywhere on this machine, or of a document that an extension provides; null when there is none. */
  textOf(uri: string, maxBytes: number): Promise<string | null>;
  /** The place of a URI outside the workspace, for people. */
  placeOf(uri: string): string;
}
