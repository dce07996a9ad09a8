/** Where a question of a command goes when something happens while it is priced. */
import assert from 'node:assert/strict';
import { type AskedSession, askAtOnce } from '../../../../src/host/commands/askAtOnce';

const content = [{ type: 'text', text: 'Why?' }] as const;
const quiet = { warn: () => undefined, error: () => undefined, info: () => undefined, debug: () => undefined };

describe('askAtOnce', () => {
  let asked: string[];
  let inSight: AskedSession;
  const chat = (conversation: string, usd: number, isBlank = false, during = (): void => undefined): AskedSession => ({
    conversation,
    isBlank,
    commandQuestions: {
      usd: async () => {
        during();
        return { open: usd, fresh: 0.01 };
      },
      keep: async (_content, more) => {
        asked.push(`${conversation} ${JSON.stringify(more)}`);
        return 'q1';
      },
      ask: async () => undefined,
    },
  });
  const place = async (): Promise<void> => {
    await askAtOnce(
      {
        target: { forQuestion: async (target) => (target === 'new' ? chat('new', 0.01, true) : inSight) },
        reveal: async () => undefined,
      },
      { which: 'auto', content, file: 'file:///a.ts' },
      { keyState: async () => ({ kind: 'saved' }) as never, setKey: async () => undefined, log: quiet as never },
    );
  };
  beforeEach(() => {
    asked = [];
  });

  it('asks where the user is by then, and prices it there', async () => {
    inSight = chat('left', 0.01, false, () => {
      inSight = chat('opened', 0.02);
    });
    await place();
    assert.deepEqual(asked, ['opened {}']);
  });

  it('asks in a new chat where the open one has begun to run, as if it had been chosen', async () => {
    inSight = chat('busy', 0.01, false, () => {
      inSight = chat('new', 0.01, true);
    });
    await place();
    assert.deepEqual(asked, ['new {"onlyFiles":["file:///a.ts"]}']);
  });

  it('names the dearer chat that is still in sight', async () => {
    inSight = chat('dear', 0.94);
    await place();
    assert.deepEqual(asked, ['new {"instead":{"conversation":"dear","usd":0.94},"onlyFiles":["file:///a.ts"]}']);
  });
});
