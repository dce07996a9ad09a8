/** Where the chat has its place: the secondary side bar, and for whom it was in the activity bar there. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chatViewId } from '../../../../src/host/base/commandIds';
import { type FakeClaude, startFakeClaude } from '../../../fakeClaude/server';
import { strings } from '../../../texts';
import { until } from '../../core/kit';
import { openWholeHost, showSideBar } from '../wholeHost';

describe('The place of the chat', () => {
  let fake: FakeClaude;
  let folder: string;
  let whole: Awaited<ReturnType<typeof openWholeHost>> | undefined;

  beforeEach(async () => {
    fake = await startFakeClaude();
    folder = mkdtempSync(join(tmpdir(), 'prelude-home-'));
  });
  afterEach(async () => {
    await whole?.host.dispose();
    whole?.restore();
    await fake.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const moves = (): unknown[] =>
    (whole?.given ?? []).filter(([command]) => command === 'vscode.moveViews').map(([, options]) => options);
  const to = (container: string): object => ({
    viewIds: [chatViewId],
    destinationId: `workbench.view.extension.${container}`,
  });

  it('is where VS Code has it, for who begins', async () => {
    whole = await openWholeHost(fake.url, folder);
    showSideBar(whole.host);
    assert.deepEqual(moves(), []);
  });

  it('is the activity bar still for who has used an earlier version, once it is shown, until it is moved by a click', async () => {
    mkdirSync(join(folder, 'storage'));
    whole = await openWholeHost(fake.url, folder);
    const asked: string[] = [];
    whole.window['showInformationMessage'] = async (message: string, ...buttons: string[]) => {
      asked.push(message);
      return buttons[0];
    };
    assert.deepEqual(moves(), [], 'nothing moves before it is shown');
    showSideBar(whole.host);
    await until('both moves', () => moves().length === 2);
    assert.deepEqual(moves(), [to('preludeActivityBar'), to('prelude')]);
    assert.deepEqual(asked, [strings.keptInActivityBar()]);
    showSideBar(whole.host);
    assert.equal(moves().length, 2, 'only once');
  });
});
