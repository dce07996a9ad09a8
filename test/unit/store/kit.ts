/** What the store's tests share: bundles of the worker and of helper processes, temp folders, entries. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';
import type { Log } from '../../../src/core/base/ports';
import type { Store } from '../../../src/core/record/store';
import { openStore } from '../../../src/host/store/client';
import type { StoreNotice } from '../../../src/host/store/file/protocol';
import { faultVariable } from './fixtures';
import { inThread } from './threads';

export interface Bundles {
  readonly folder: string;
  /** The worker that ships. */
  readonly worker: string;
  /** The same worker with a fault that the environment names: faultyWorker.ts. */
  readonly faultyWorker: string;
  /** A process that uses the store: child.ts. */
  readonly child: string;
}

let bundles: Promise<Bundles> | undefined;

/** Bundled once a run, into a folder that goes with the process. */
export function bundle(): Promise<Bundles> {
  bundles ??= makeBundles();
  return bundles;
}

async function makeBundles(): Promise<Bundles> {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major < 22 || (major === 22 && minor < 13)) {
    throw new Error(`the store's tests need Node 22.13 or later for node:sqlite; this is ${process.versions.node}`);
  }
  const folder = mkdtempSync(join(tmpdir(), 'prelude-store-bundles-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const root = projectRoot();
  await build({
    absWorkingDir: root,
    entryPoints: {
      worker: 'src/host/store/worker.ts',
      faultyWorker: 'test/unit/store/faultyWorker.ts',
      child: 'test/unit/store/child.ts',
    },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    outdir: folder,
    logLevel: 'warning',
  });
  return {
    folder,
    worker: join(folder, 'worker.js'),
    faultyWorker: join(folder, 'faultyWorker.js'),
    child: join(folder, 'child.js'),
  };
}

function projectRoot(): string {
  let folder = process.cwd();
  while (!existsSync(join(folder, 'src/host/store/worker.ts'))) {
    if (dirname(folder) === folder) throw new Error('run the tests inside the project');
    folder = dirname(folder);
  }
  return folder;
}

/** Temp folders and open stores of one test; `dispose` closes and removes them. */
export class Bench {
  readonly notices: StoreNotice[] = [];
  readonly logged: string[] = [];
  readonly #folders: string[] = [];
  readonly #stores: Store[] = [];
  readonly #children: ChildProcess[] = [];

  folder(): string {
    const folder = mkdtempSync(join(tmpdir(), 'prelude-store-'));
    this.#folders.push(folder);
    return folder;
  }

  get log(): Log {
    const note = (message: string): void => {
      this.logged.push(message);
    };
    return { info: note, warn: note, error: note };
  }

  async open(folder: string, workerPath?: string): Promise<Store> {
    const { worker } = await bundle();
    const store = await openStore({
      folder,
      workerPath: workerPath ?? worker,
      log: this.log,
      // A worker with a fault reads what it is when its thread starts, and may end it.
      ...(workerPath === undefined ? { startWorker: inThread(worker) } : {}),
      onNotice: (notice) => this.notices.push(notice),
    });
    this.#stores.push(store);
    return store;
  }

  /** A store whose worker has a fault; the worker reads the environment when it starts. */
  async openFaulty(folder: string, fault: string): Promise<Store> {
    const { faultyWorker } = await bundle();
    process.env[faultVariable] = fault;
    return this.open(folder, faultyWorker);
  }

  async child(...args: readonly string[]): Promise<ChildProcess> {
    const { child, worker } = await bundle();
    const started = spawn(process.execPath, [child, worker, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
    this.#children.push(started);
    return started;
  }

  async dispose(): Promise<void> {
    process.env[faultVariable] = '';
    for (const child of this.#children) child.kill('SIGKILL');
    await Promise.all(this.#stores.map((store) => store.close()));
    for (const folder of this.#folders) rmSync(folder, { recursive: true, force: true });
  }
}

/** All bytes of the store's folder. */
export function bytesIn(folder: string): Buffer {
  return Buffer.concat(readdirSync(folder).map((name) => readFileSync(join(folder, name))));
}
