/** How soon the extension host posts what a view shows first of a stored conversation: 1,000 turns beside 10. */
import type { ChatController } from '../../../src/host/session/controller';
import { type Chat, closeChat, FakeEditors, openChat, temporaryFolder } from '../../unit/core/kit';
import { type Figure, figure, median } from '../bench';
import { longPath } from './longPath';

const rounds = 9;
const identity = { key: 'work', name: 'work', folders: ['file:///work'] };
/** Entries that are stored at once. */
const batch = 100;

async function store({ store: record }: Chat, id: string, turns: number): Promise<void> {
  const meta = { id, workspace: identity.key, title: 'Long', createdAt: 1, updatedAt: 1, head: null };
  await record.createConversation(identity, meta);
  const own = (entry: string): string => `${id}-${entry}`;
  const path = longPath(turns).map((entry) => {
    return { ...entry, id: own(entry.id), parent: entry.parent === null ? null : own(entry.parent) };
  });
  for (let at = 0; at < path.length; at += batch) await record.append(id, path.slice(at, at + batch), null);
}

/** ms from when it is asked for to the first snapshot. */
async function opened({ conversations }: Chat, id: string): Promise<number> {
  const start = performance.now();
  let first = Number.NaN;
  const shown = (): void => {
    if (Number.isNaN(first)) first = performance.now() - start;
  };
  const end = conversations.onDidReadNewest(shown);
  const controller: ChatController = await conversations.open(id);
  const detach = controller.attach(shown);
  detach();
  end();
  return first;
}

/** Each in a host that has not opened it before. */
export async function openHost(): Promise<readonly Figure[]> {
  const folder = await temporaryFolder();
  const start = (): Promise<Chat> =>
    openChat({ url: 'http://127.0.0.1:9', folder: folder.path, editors: new FakeEditors() });
  const sizes = { few: 10, many: 1000 } as const;
  try {
    const filling = await start();
    for (const [id, turns] of Object.entries(sizes)) await store(filling, id, turns);
    await closeChat(filling);
    const times = { few: [] as number[], many: [] as number[] };
    for (let round = 0; round < rounds; round += 1) {
      for (const id of ['few', 'many'] as const) {
        const chat = await start();
        times[id].push(await opened(chat, id));
        await closeChat(chat);
      }
    }
    const quotient = median(times.many) / median(times.few);
    return [figure('the host’s first snapshot of 1,000 stored turns ÷ of 10', quotient, '×', 1.5)];
  } finally {
    folder.remove();
  }
}
