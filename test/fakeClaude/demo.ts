/**
 * The demo's model: what answers `npm start` without a key. It is the strict server with a stand-in that really uses the
 * offered tools and quotes what they find. It does not reason and never claims to be Claude.
 */
import { WallClock } from './clock';
import { answerOf, thoughtOf } from './demoAnswer';
import { flawOf, flawSaid } from './demoFlaws';
import { intentOf, nextCalls } from './demoPlan';
import { readQuestion } from './demoRead';
import { type Reply, reply } from './script';
import { type FakeClaude, startFakeClaude } from './server';
import type { RequestBody } from './wire';

export interface DemoOptions {
  /** Default 0: any free port. */
  readonly port?: number;
  /** Reading speed, in output tokens a second; 0 is as fast as the socket takes it. Default 50. */
  readonly tokensPerSecond?: number;
}

export interface DemoServer {
  /** `http://127.0.0.1:PORT`, without `/v1`. */
  readonly url: string;
  /** The server itself: its requests, its bill. */
  readonly fake: FakeClaude;
  close(): Promise<void>;
}

/** The stand-in's reply to a request: a round of tool calls, or the answer. */
export function demoReply(body: RequestBody, tokensPerSecond: number): Reply {
  const question = readQuestion(body);
  const intent = intentOf(question);
  const calls = nextCalls(question, intent);
  const thinking = reply.pace(tokensPerSecond).thinking(thoughtOf(question, intent, calls.length));
  if (calls.length === 0) {
    const answer = answerOf(question, intent);
    return thinking.text(answer, { chunks: pieces(answer) });
  }
  const flaw =
    intent.kind === 'flaw' && calls.some(({ name }) => name === 'edit_file')
      ? flawOf(question, intent.file)
      : undefined;
  const said = flaw === undefined ? thinking : thinking.text(flawSaid(flaw), { chunks: pieces(flawSaid(flaw)) });
  return calls.reduce((all, { name, input }) => all.toolUse(name, input), said);
}

/** Deltas of about a word, as an answer arrives that is read along. */
function pieces(text: string): readonly string[] {
  return text.match(/\s*[^\s]{1,24}/gu)?.map((piece) => piece) ?? [text];
}

/** Starts the stand-in on loopback. Any key is accepted: none of them goes anywhere. */
export async function startDemoServer(options: DemoOptions = {}): Promise<DemoServer> {
  const pace = options.tokensPerSecond ?? 50;
  const fake = await startFakeClaude({
    port: options.port ?? 0,
    clock: new WallClock(),
    keys: { accept: () => true, bad: [] },
    switches: { unknownSignaturesIgnored: true },
    answer: ({ body }) => demoReply(body, pace),
  });
  return { url: fake.url, fake, close: () => fake.close() };
}
