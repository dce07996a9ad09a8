/**
 * The format of a trace: what a user does over some hours, and what the model answers, as JSON. A trace is played
 * through the real controller (player.ts) and through other policies (policies.ts), and the bound is computed from it
 * alone (bound.ts). Its texts are described by kind and size, and made from a seed, so that a trace stays small.
 *
 *     {
 *       "name": "two questions", "about": "one line",
 *       "files": { "src/a.ts": { "code": 4000 } },
 *       "open": ["src/a.ts"],
 *       "events": [
 *         { "do": "send", "text": { "prose": 200 }, "answer": [
 *           { "seconds": 8, "calls": [{ "read": { "code": 9000 } }] },
 *           { "seconds": 20, "text": { "prose": 1500 } }
 *         ] },
 *         { "do": "pause", "seconds": 90 },
 *         { "do": "edit", "file": "src/a.ts", "line": 12, "remove": 2, "insert": { "code": 120 } },
 *         { "do": "send", "text": "And now?", "answer": [{ "seconds": 10, "text": { "prose": 600 } }] }
 *       ]
 *     }
 */
import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { effortLevels } from '../../../src/core/base/settings';

const size = z.int().min(1);
/** Which of the texts of this kind and size; without it, each place of a trace has one of its own. */
const seed = z.int().optional();

/** A text: verbatim, or so many characters of prose, of code (whole lines), or of Chinese. */
export const textSpec = z.union([
  z.string().min(1),
  z.strictObject({ prose: size, seed }),
  z.strictObject({ code: size, seed }),
  z.strictObject({ cjk: size, seed }),
]);
export type TextSpec = z.infer<typeof textSpec>;

/** What happens to files and editors. A file that is opened, edited or selected in becomes the active one. */
const openFile = z.strictObject({ do: z.literal('open'), file: z.string() });
const closeFile = z.strictObject({ do: z.literal('close'), file: z.string() });
/** Lines `line` to `line + remove - 1`, counted from 1, become the lines of `insert`; the file need not be open. */
const editFile = z.strictObject({
  do: z.literal('edit'),
  file: z.string(),
  line: size,
  remove: z.int().min(0),
  insert: textSpec.nullable(),
});
/** Selects lines, both included. */
const select = z.strictObject({ do: z.literal('select'), file: z.string(), from: size, to: size });
const deselect = z.strictObject({ do: z.literal('deselect') });
const workspaceEvent = z.discriminatedUnion('do', [openFile, closeFile, editFile, select, deselect]);
export type WorkspaceEvent = z.infer<typeof workspaceEvent>;

/** A tool call: reads a file that is nowhere else in the trace, or lines of one that is. */
const call = z.union([
  z.strictObject({ read: textSpec }),
  z.strictObject({ readFile: z.string(), from: size.optional(), to: size.optional() }),
]);
export type CallSpec = z.infer<typeof call>;

/** One request's answer. With `calls` (those of one step run in parallel) another step follows. */
const step = z.strictObject({
  /** From the start of the request to the last byte of its answer. */
  seconds: z.number().min(0),
  thinking: textSpec.optional(),
  text: textSpec.optional(),
  calls: z.array(call).optional(),
  /** What the user does while this answer streams. */
  meanwhile: z.array(workspaceEvent).optional(),
});
export type StepSpec = z.infer<typeof step>;
const answer = z.array(step).min(1);

/** Pixels; an image goes before the words of its message. */
const image = z.strictObject({ width: size, height: size });

const send = z.strictObject({ do: z.literal('send'), text: textSpec, images: z.array(image).optional(), answer });
/** The command "Explain Selection" on these lines: selects them first. */
const explain = z.strictObject({ do: z.literal('explain'), file: z.string(), from: size, to: size, answer });
const event = z.discriminatedUnion('do', [
  ...workspaceEvent.options,
  /** From the end of the last answer, on the virtual clock. */
  z.strictObject({ do: z.literal('pause'), seconds: z.number().min(0) }),
  send,
  explain,
  z.strictObject({ do: z.literal('newConversation') }),
  z.strictObject({ do: z.literal('effort'), level: z.enum(effortLevels) }),
]);
export type TraceEvent = z.infer<typeof event>;

const trace = z.strictObject({
  name: z.string().min(1),
  about: z.string(),
  /** Every file of the workspace, by its path. */
  files: z.record(z.string(), textSpec),
  /** Files that are open at the start, the active one first. */
  open: z.array(z.string()),
  effort: z.enum(effortLevels).optional(),
  /**
   * So many days of the same events, a day apart and each in a new conversation, lie in the store when the trace
   * begins: a histogram of pauses to learn from. They are played and not counted.
   */
  daysBefore: z.int().min(0).optional(),
  events: z.array(event),
});
export type Trace = z.infer<typeof trace>;

/** Reads a trace. Throws with the name of the file and of each wrong field. */
export function readTrace(file: string): Trace {
  const parsed = trace.safeParse(JSON.parse(readFileSync(file, 'utf8')));
  if (!parsed.success) throw new Error(`${file} is not a trace: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}
