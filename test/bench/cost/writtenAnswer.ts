/** Answers of a simulation. */
import { AnswerWriter } from '../../fakeClaude/answer';
import type { CacheLedger, LedgerPass } from '../../fakeClaude/ledger';
import { jsonPieces } from '../../fakeClaude/play';
import type { RequestBody } from '../../fakeClaude/wire';
import type { Said } from './story';

/** The answer as the fake API would have written it. */
export async function written(
  said: Said,
  body: RequestBody,
  pass: LedgerPass,
  { counter }: CacheLedger,
): Promise<AnswerWriter> {
  const writer = new AnswerWriter({
    body,
    model: pass.model,
    counter,
    input: pass.usage,
    promptTokens: pass.promptTokens,
    binding: { prefix: '', previous: '' },
    diagnostics: undefined,
    send: async () => undefined,
  });
  if (said.thinking !== null) await writer.thinking(said.thinking, [said.thinking]);
  if (said.text !== null) await writer.text(said.text);
  for (const { name, input, id } of said.calls) await writer.toolUse(name, jsonPieces(input), id);
  await writer.finish(said.calls.length > 0 ? 'tool_use' : 'end_turn');
  return writer;
}
