/** The folder of an export of all: on a real disk, over a stand-in for VS Code. */
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, rm, rmdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createStub, installStub } from '../../vscodeStub';

interface Uri {
  readonly fsPath: string;
}

describe('The folder of an export of all conversations', () => {
  let folder: string;
  let restore: () => void;
  let places: typeof import('../../../../src/host/history/exportFiles')['exportPlaces'];
  /** What `stat` fails with once. */
  let failsOnce: Error | null;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'prelude-export-'));
    const { module } = createStub({ folder, storage: folder, settings: {}, secrets: new Map() });
    const stub = module as {
      readonly Uri: { file(path: string): Uri };
      readonly window: object;
      readonly workspace: { readonly fs: { stat(uri: Uri): Promise<unknown> } };
    };
    const { stat } = stub.workspace.fs;
    Object.assign(stub.workspace.fs, {
      stat: async (uri: Uri) => {
        const error = failsOnce;
        failsOnce = null;
        if (error !== null) throw error;
        return await stat(uri);
      },
      createDirectory: (uri: Uri) => mkdir(uri.fsPath, { recursive: true }),
      delete: (uri: Uri, options?: { readonly recursive?: boolean }) =>
        options?.recursive === true
          ? rm(uri.fsPath, { recursive: true })
          : rm(uri.fsPath).catch(() => rmdir(uri.fsPath)),
    });
    Object.assign(stub.window, {
      showOpenDialog: async () => [stub.Uri.file(folder)],
      withProgress: (_: object, work: (progress: object, token: object) => Promise<void>) =>
        work({}, { onCancellationRequested: () => undefined }),
    });
    restore = installStub(module);
    ({ exportPlaces: places } = await import('../../../../src/host/history/exportFiles'));
  });
  after(async () => {
    restore();
    await rm(folder, { recursive: true });
  });
  beforeEach(async () => {
    failsOnce = null;
    for (const name of await readdir(folder)) await rm(join(folder, name), { recursive: true });
  });

  /** Fails behind its second file. */
  async function* files(meanwhile: () => Promise<unknown> = async () => undefined) {
    yield { name: 'a.md', pieces: piece() };
    yield { name: 'b.md', pieces: piece() };
    await meanwhile();
    throw new Error('the disk is full');
  }
  async function* piece() {
    yield 'Words.';
  }
  const unread = { titles: [], more: false };
  const all = () => readdir(folder, { recursive: true });

  it('is gone with all that was written when that fails, and what somebody else put there is not', async () => {
    await assert.rejects(places.saveAll(files(), unread), /the disk is full/);
    assert.deepEqual(await all(), []);
    const put = async (): Promise<void> => {
      const [made = ''] = await readdir(folder);
      await writeFile(join(folder, made, 'mine.md'), 'mine');
      await rm(join(folder, made, 'a.md'));
    };
    await assert.rejects(places.saveAll(files(put), unread), /the disk is full/);
    assert.deepEqual(
      (await all()).filter((name) => name.endsWith('.md')).map((name) => name.slice(-7)),
      ['mine.md'],
    );
  });

  it('is never one of which it cannot be told whether it is there', async () => {
    await places.saveAll(
      (async function* () {
        yield { name: 'earlier.md', pieces: piece() };
      })(),
      unread,
    );
    const before = await all();
    failsOnce = new Error('the network is away');
    await assert.rejects(places.saveAll(files(), unread), /the network is away/);
    assert.deepEqual(await all(), before);
    await assert.rejects(places.saveAll(files(), unread), /the disk is full/);
    assert.deepEqual(await all(), before, 'and another one takes nothing of it');
  });
});
