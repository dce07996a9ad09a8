/** The fake API in a thread of its own, so that what it does holds up nobody who is measured. */
import { parentPort } from 'node:worker_threads';
import { reply } from '../../fakeClaude/script';
import { startFakeClaude } from '../../fakeClaude/server';

/** Output tokens a second. */
const pace = 300;

async function serveAnswers(port: NonNullable<typeof parentPort>): Promise<void> {
  const fake = await startFakeClaude();
  port.on('message', (text: string | null) => {
    if (text === null) void fake.close().then(() => port.close());
    else fake.enqueue(reply.toolUse('read_file', { path: 'a.ts' }), reply.text(text).pace(pace));
  });
  port.postMessage(fake.url);
}

if (parentPort !== null) void serveAnswers(parentPort);
