/** What a suite and its agent in the extension host say to each other: one JSON value per line over a loopback socket. */

/** From the agent. */
export type AgentMessage =
  | { readonly type: 'hello'; readonly token: string; readonly pid: number }
  | { readonly type: 'result'; readonly id: number; readonly value?: unknown }
  | { readonly type: 'failure'; readonly id: number; readonly message: string; readonly stack?: string | undefined }
  | { readonly type: 'log'; readonly level: string; readonly text: string };

/** From the suite. */
export type SuiteMessage =
  | { readonly type: 'evaluate'; readonly id: number; readonly source: string; readonly argument?: unknown }
  | { readonly type: 'stop' };

/** Cuts a stream of text into lines and gives each to the callback, parsed. */
export function lineReader(onMessage: (message: unknown) => void): (data: Buffer | string) => void {
  let rest = '';
  return (data) => {
    const lines = (rest + data.toString()).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line !== '') onMessage(JSON.parse(line));
  };
}
