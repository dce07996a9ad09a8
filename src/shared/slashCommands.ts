/** Commands that a message may begin with: "/fix", "/fix the types too". What begins with any other is plain words. */

/** What each is about. A new one: a row here, and what it asks in src/host/commands/slashCommands.ts. */
export const slashCommands = {
  /** The selection, or the problems of the file in the active editor. */
  fix: { about: 'code' },
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
