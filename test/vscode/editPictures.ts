/** Pictures of edits in a real VS Code: their cards, a refusal, a place that always asks, the turn's end, and its review. */
import { reply } from '../fakeClaude/script';
import type { ChatHost } from '../integration/chatHost';
import { EditDesk, replace } from '../integration/editDesk';

/** What takes the picture of a state. */
export type Shoot = (state: string, before?: () => Promise<void>, sizes?: readonly number[]) => Promise<void>;

/** The states, by the names that `npm run screenshots` takes. */
export const editStates = [
  'editCard',
  'editReason',
  'editSeveral',
  'editMany',
  'editProtected',
  'editRefused',
  'editEnd',
  'editReview',
] as const;

const login = 'src/login.ts';
const retry = 'src/retry.ts';
const table = Array.from({ length: 120 }, (_, at) => `  row(${at}, 'value ${at}'),`);

/** Goes from card to card, and takes each. */
export async function shootEdits(host: ChatHost, shoot: Shoot): Promise<void> {
  const desk = new EditDesk(host);
  const { fake, session } = host;
  // What an earlier picture typed would be reviewed too.
  await host.run('workbench.action.files.saveAll');
  await host.run('prelude.newChat');
  const panel = await host.frame();
  await panel.locator('.answer').first().waitFor({ state: 'detached' });
  await host.open(retry);
  await host.run('prelude.focusChat');

  fake.enqueue(
    reply
      .text('Only a network failure is worth a second try. I change `retry` and its one caller.')
      .toolUse('edit_file', {
        path: retry,
        edits: [
          {
            old_text: 'times: number): Promise<T | null> {',
            new_text: 'times: number, again: (error: unknown) => boolean): Promise<T | null> {',
          },
          { old_text: '    } catch {\n', new_text: '    } catch (error) {\n      if (!again(error)) throw error;\n' },
        ],
      }),
    reply.text('Then I leave it.'),
  );
  await host.send('Retry only when the network failed');
  const card = await desk.card();
  await shoot('editCard');
  await card.locator('[data-do="deny"]').click();
  await card.locator('.denialReason').fill('Keep the signature, please');
  await shoot('editReason');
  await card.locator('.denialReason').press('Enter');
  await desk.done('Then I leave it.');

  desk.write('src/rows.ts', `export const rows = [\n${table.join('\n')}\n];\n`);
  const many = Array.from({ length: 15 }, (_, at) => ({
    old_text: `row(${at * 8}, '`,
    new_text: `row(${at * 8}, 'a long `,
  }));
  fake.enqueue(
    reply.text('Every eighth row.').toolUse('edit_file', { path: 'src/rows.ts', edits: many }),
    reply.text('Not now, then.'),
  );
  await host.send('Mark every eighth row');
  await desk.card();
  await shoot('editMany');
  await desk.reject();
  await desk.done('Not now, then.');

  fake.enqueue(
    reply
      .text('A task for it, and a note for whoever comes next.')
      .toolUse('create_file', { path: '.vscode/tasks.json', content: '{\n  "version": "2.0.0",\n  "tasks": []\n}\n' }),
    reply.text('Without a task, then.'),
  );
  await host.send('Add a task that runs the tests');
  await desk.card();
  await shoot('editProtected');
  await desk.reject();
  await desk.done('Without a task, then.');

  const several = [
    replace(login, '  if (token === null) return false;\n', "  if (token === null) throw new Error('No session');\n"),
    replace(retry, '100 * 2 ** attempt', 'pause * 2 ** attempt'),
    [
      'create_file',
      { path: 'src/pause.ts', content: '/** Before the second try, ms. */\nexport const pause = 100;\n' },
    ],
    ['rename_file', { path: 'src/session.ts', new_path: 'src/sessions.ts' }],
    ['delete_file', { path: 'README.md' }],
  ] as const;
  const step = several.reduce(
    (all, [name, input], at) => all.toolUse(name, input, `toolu_picture_${at}`),
    reply.text('The pause gets a name, and what is not there is said.'),
  );
  fake.enqueue(step, reply.text('Done: five files. `retry` waits as before.'));
  await host.send('Name the pause, and tidy up');
  await panel.locator(`[data-edits="${several.length}"]`).waitFor();
  await shoot('editSeveral');
  await panel.locator('.editCard [data-do="applyAtEnd"]').click();
  await desk.done('Done: five files.');
  const end = await desk.end();
  await end.locator('.foldLine').first().click();
  await end.locator('.hunk').first().waitFor();
  await shoot('editEnd', () => end.evaluate((place) => place.scrollIntoView({ block: 'end' })));
  await end.locator('[data-do="reviewChanges"]').click();
  await session.page.locator('.multiDiffEditor .modified-in-monaco-diff-editor').first().waitFor();
  await session.page.waitForTimeout(1_000);
  await shoot('editReview', undefined, [400]);
  await host.run('workbench.action.closeActiveEditor');
  desk.write(login, `${desk.read(login).replace('throw new Error', 'throw new TypeError')}`);
  await end.locator('[data-do="undoAll"]').click();
  await end.locator('.editProblem').first().waitFor();
  await shoot('editRefused', () => end.evaluate((place) => place.scrollIntoView({ block: 'end' })));
}
