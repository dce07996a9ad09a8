/** Commands that a message may begin with: "/fix", "/fix the types too". What begins with any other is plain words. */

/** What each is about. A new one: a row here, what it asks in src/host/commands/slashCommands.ts, and what is said of it in `slashStrings`. */
export const slashCommands = {
  explain: { about: 'code' },
  /** The selection, or the problems of the file in the active editor. */
  fix: { about: 'code' },
  tests: { about: 'code' },
  commit: { about: 'changes' },
  /** It asks nothing: the conversation is replaced by its summary. */
  compact: { about: 'conversation' },
} as const;

/** The name of a command. */
export type SlashCommand = keyof typeof slashCommands;

/** A message that begins with a command, and the words behind it. */
export interface Slashed {
  readonly command: SlashCommand;
  readonly rest: string;
}

/** null for a message that begins with none that is known. */
export function slashed(text: string): Slashed | null {
  const found = /^\/([a-z]+)(?:\s+([\s\S]*))?$/.exec(text);
  const command = found?.[1] ?? '';
  if (!Object.hasOwn(slashCommands, command)) return null;
  return { command: command as SlashCommand, rest: (found?.[2] ?? '').trim() };
}
