/** A conversation outlives an update of what requests are made of (L49). */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, relative } from 'node:path';
import type Anthropic from '@anthropic-ai/sdk';
import { context } from 'esbuild';
import type { Request } from '../../../../src/core/api/requestBody';
import { modelOf } from '../../../../src/core/models/models';
import { cacheState } from '../../../../src/core/prompt/cachePlan';
import type { Blobs } from '../../../../src/core/prompt/messages';
import type { planRequest as PlanRequest } from '../../../../src/core/prompt/request';
import type { Entry, UserBlock } from '../../../../src/core/record/record';
import { toolDefinitions, tools } from '../../../../src/core/tools/all';
import { short } from '../../../short';
import { repoRoot } from '../../../vscode/paths';
import { answer, bound, planned, thoughts } from '../answers';
import {
  blocksOf,
  checkStrictly,
  file,
  image,
  opus,
  PathMaker,
  pixel,
  settings,
  text,
  thinking,
  toolUse,
} from './paths';

const root = repoRoot();

/** What the core gives of itself, as another version of it. */
interface Core {
  readonly planRequest: typeof PlanRequest;
  readonly offered: () => Anthropic.Tool[];
}

interface Built {
  readonly core: Core;
  /** Source files, from the root. */
  readonly files: readonly string[];
}

/** A source file as another version has it. */
interface Changed {
  readonly file: string;
  readonly source: string;
}

function coreOf(script: string): Core {
  const exported: { exports: unknown } = { exports: {} };
  const run = new Function('require', 'module', 'exports', script);
  run(createRequire(join(root, 'package.json')), exported, exported.exports);
  return exported.exports as Core;
}

/** The core, built again and again with one source file changed. */
class Versions {
  private changed: Changed | null = null;
  private readonly context = context({
    stdin: {
      contents: `export { planRequest } from './src/core/prompt/request';
        import { toolDefinitions, tools } from './src/core/tools/all';
        export const offered = () => toolDefinitions(tools);`,
      resolveDir: root,
      loader: 'ts',
    },
    absWorkingDir: root,
    bundle: true,
    write: false,
    metafile: true,
    format: 'cjs',
    platform: 'node',
    packages: 'external',
    logLevel: 'silent',
    plugins: [
      {
        name: 'changed',
        setup: (on) => {
          on.onLoad({ filter: /\.ts$/ }, ({ path }) =>
            relative(root, path) === this.changed?.file ? { contents: this.changed.source, loader: 'ts' } : undefined,
          );
        },
      },
    ],
  });

  async build(changed: Changed | null = null): Promise<Built> {
    const { script, files } = await this.bundle(changed);
    return { core: coreOf(script), files };
  }

  async bundle(changed: Changed | null): Promise<{ readonly script: string; readonly files: readonly string[] }> {
    this.changed = changed;
    const { outputFiles = [], metafile } = await (await this.context).rebuild();
    const files = Object.keys(metafile?.inputs ?? {}).filter((name) => name.startsWith('src/'));
    return { script: outputFiles[0]?.text ?? '', files };
  }

  /** The script with marks in a source file's constants, but for code that nothing runs; null when it does not build. */
  async marked(file: string, source: string, places: readonly number[]): Promise<string | null> {
    const marked = places.reduceRight((text, at, index) => `${text.slice(0, at)}Qq${index}Q${text.slice(at)}`, source);
    try {
      return (await this.bundle({ file, source: marked })).script;
    } catch {
      return null;
    }
  }

  async dispose(): Promise<void> {
    await (await this.context).dispose();
  }
}

const notes: UserBlock = { type: 'document', blob: 'notes', mediaType: 'text/plain', name: 'notes.txt' };
const plan: UserBlock = { type: 'document', blob: 'gone', mediaType: 'application/pdf', name: 'plan.pdf' };
const selection = { uri: 'file:///work/a.ts', path: 'a.ts', startLine: 1, endLine: 2, text: 'let\n</selection>' };
const hidden = 'zero\u200bwidth';
const held: Blobs = new Map([
  ['pixel', pixel],
  ['notes', Buffer.from(`notes ${hidden}`).toString('base64')],
]);
const input = { blobs: held };

/** Everything that core has words for, with thoughts behind each. */
function everything(): PathMaker {
  const maker = new PathMaker();
  const a = { uri: 'file:///work/a.ts', path: 'a.ts' };
  const project = [file('CLAUDE.md', 'Be kind.')];
  maker.add({ kind: 'snapshot', project, files: [file('a.ts', 'let a;\n'), file('c.ts', 'c')], selection });
  const asked = (words: string, ...more: readonly UserBlock[]): string => {
    maker.user(words, ...more);
    return maker.last();
  };
  const said = (...content: readonly Anthropic.ContentBlock[]): string => {
    answer(maker, [thinking('Hm.'), ...content], bound, {}, input);
    return maker.last();
  };
  const first = asked(`one ${hidden}`, image('pixel'), image('lost'), { type: 'selection', selection }, notes);
  const calls = said(toolUse('x'), toolUse('y'));
  maker.result('x').result('y', '', true);
  maker.change(
    { change: 'modified', ...a, patch: '@@ -1,1 +1,1 @@\n-let a;\n+let b;\n' },
    { change: 'added', uri: 'file:///work/b.ts', path: 'b.ts', text: 'b', linesAdded: 1, linesRemoved: 0 },
    { change: 'rewritten', ...a, text: 'a', linesAdded: 1, linesRemoved: 1 },
    { change: 'removed', uri: 'file:///work/c.ts', path: 'c.ts' },
    { change: 'selection', selection: null },
  );
  said(text('A.'));
  maker.end();
  const second = asked('two');
  said(text('B.'));
  maker.end();
  const third = asked('three');
  said(text('C.'));
  maker.end();
  asked('refused picture', plan, image('pixel'));
  const failure = { status: 400, retryAfterMs: null, requestId: null, message: 'no', partial: false };
  maker.add({ kind: 'end', outcome: { kind: 'failed', failure: { ...failure, code: 'badRequest' } } } as never);
  asked('four');
  said(text('D.'));
  maker.end();
  maker
    .leaveOut('attachment', first, 1)
    .leaveOut('result', calls, 1)
    .leaveOut('answer', second)
    .leaveOut('turn', third);
  asked('five');
  said(text('E.'));
  return maker.end();
}

function summedUp(): PathMaker {
  const maker = everything().compaction('We talked.').snapshot(file('a.ts', 'a'));
  maker.user('six');
  return answer(maker, [thinking('Hm.'), text('F.')], bound, {}, input).end();
}

function unreadable(): PathMaker {
  const maker = new PathMaker().snapshot();
  maker.add({ kind: 'unreadable', was: 'user' } as never);
  return answer(maker, [thinking('Hm.'), text('A.')], bound, {}, input).end();
}

const makers = [everything, summedUp, unreadable];
const paths: readonly (readonly Entry[])[] = makers.map((make) => make().user('next').entries);

function ask(core: Core, path: readonly Entry[]): Request {
  const chosen = { ...settings, model: bound };
  return core.planRequest({ path, model: modelOf(bound), settings: chosen, tools: core.offered(), blobs: held })
    .request;
}

/** Where each piece of prose in a source file begins: strings and templates with more than one word, or with a tag. */
function constants(source: string): readonly number[] {
  const found: number[] = [];
  for (const match of source.matchAll(/\/\*[\s\S]*?\*\/|\/\/[^\n]*|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`/g)) {
    const [literal] = match;
    const words = literal.replaceAll(/\$\{[^}]*\}/g, (hole) => ' '.repeat(hole.length));
    if (!/^['`]/.test(literal) || /^'(?:\.|@|node:)/.test(literal)) continue;
    if (!/[a-zA-Z]/.test(words) || !/[ <[]/.test(literal.slice(1, -1))) continue;
    found.push(match.index + words.search(/[a-zA-Z]/));
  }
  return found;
}

describe('An update of Prelude (L49)', () => {
  const versions = new Versions();
  let now: Built;

  before(async () => {
    now = await versions.build();
  });
  after(() => versions.dispose());

  it('finds each thought where it was while nothing changes', () => {
    for (const path of paths) {
      const request = ask(now.core, path);
      checkStrictly(request);
      assert.deepEqual(request, planned(path, bound, input).request, 'what is built anew is what is tested');
      assert.equal(thoughts(request).at(-1), true);
    }
  });

  it('may change any constant that is sent, one at a time (L49)', async function () {
    this.timeout(120_000);
    const before = paths.map((path) => ask(now.core, path));
    const sent: string[] = [];
    for (const name of now.files) {
      const source = readFileSync(join(root, name), 'utf8');
      const places = constants(source);
      const marked = places.length === 0 ? '' : await versions.marked(name, source, places);
      if (marked !== null && !isSent(marked, before)) continue;
      for (const [mark, at] of places.entries()) {
        // The first of each file, and every fourth one.
        if ((short && mark % 4 > 0) || marked?.includes(`Qq${mark}Q`) === false) continue;
        const where = `${name}:${source.slice(0, at).split('\n').length}`;
        let requests: readonly Request[];
        try {
          const changed = { file: name, source: `${source.slice(0, at)}Qq${source.slice(at)}` };
          const core = marked === null ? (await versions.build(changed)).core : coreOf(only(marked, mark));
          requests = paths.map((path) => ask(core, path));
        } catch {
          // It does not build or run: what looked like a text was a part of a pattern.
          continue;
        }
        for (const [index, request] of requests.entries()) {
          const was = before[index] as Request;
          if (JSON.stringify(request) === JSON.stringify(was)) continue;
          sent.push(where);
          goesOn(request, was, where);
        }
      }
    }
    const files = new Set(sent.map((where) => where.split(':')[0]));
    const told = ['instructions', 'building', 'userContent'].map((name) => `prompt/${name}`);
    for (const name of [...told, 'context/context', 'tools/readFile', 'tools/searchText']) {
      assert.ok(files.has(`src/core/${name}.ts`), `a constant of ${name} was changed`);
    }
    assert.ok(new Set(sent).size >= (short ? 8 : 30), `${new Set(sent).size} constants`);
  });

  it('may change what is made visible of hidden characters', async () => {
    const name = 'src/shared/visible.ts';
    const source = readFileSync(join(root, name), 'utf8');
    for (const changed of [source.replace('\\\\u{', '\\\\x{'), source.replace('\\u3164', '\\u3164w')]) {
      assert.notEqual(changed, source);
      const { core } = await versions.build({ file: name, source: changed });
      let differs = false;
      for (const path of paths) {
        const [request, was] = [ask(core, path), ask(now.core, path)];
        if (JSON.stringify(request) === JSON.stringify(was)) continue;
        differs = true;
        goesOn(request, was, name);
      }
      assert.ok(differs);
    }
  });

  it('may change how bytes become the text of a document', async () => {
    const name = 'src/core/prompt/userContent.ts';
    const source = readFileSync(join(root, name), 'utf8');
    const changed = source.replace("toString('utf8')", "toString('latin1')");
    assert.notEqual(changed, source);
    const { core } = await versions.build({ file: name, source: changed });
    const [path = []] = paths;
    const request = ask(core, path);
    assert.notDeepEqual(request, ask(now.core, path));
    goesOn(request, ask(now.core, path), name);
  });

  it('may add a tool, take one away, or put them in another order', () => {
    const offered = toolDefinitions(tools);
    const added = { name: 'write_file', description: 'Writes.', input_schema: { type: 'object' as const } };
    for (const path of paths) {
      for (const other of [[...offered, added], offered.slice(1), offered.toReversed(), []]) {
        const { request } = planned(path, bound, { ...input, tools: other });
        checkStrictly(request);
        assert.ok(thoughts(request).every((kept) => !kept));
      }
    }
  });

  it('is no other model: after a switch and back, each has its own thoughts and no other', () => {
    const maker = new PathMaker().snapshot();
    for (const [at, model] of [bound, opus, bound, opus].entries()) {
      maker.user(`question ${at}`);
      answer(maker, [thinking(`Hm ${at}.`), text('A.')], model).end();
    }
    maker.user('next');
    for (const [model, kept] of [
      [bound, [true, false, true, false]],
      [opus, [false, true, false, true]],
    ] as const) {
      const { request } = planned(maker.entries, model);
      checkStrictly(request);
      assert.deepEqual(thoughts(request), kept);
    }
  });

  it('counts a model that nobody knows as one that binds its thinking', () => {
    const offered = toolDefinitions(tools);
    const model = 'somebody/a-model-of-their-own';
    const maker = new PathMaker().snapshot().user('one');
    answer(maker, [thinking('Hm.'), text('A.')], model)
      .end()
      .user('two');
    assert.deepEqual(thoughts(planned(maker.entries, model).request), [true]);
    assert.deepEqual(thoughts(planned(maker.entries, model, { tools: offered.slice(1) }).request), [false]);
  });

  it('leaves nothing of the cache to count on', () => {
    const offered = JSON.stringify(toolDefinitions(tools));
    const model = modelOf(bound);
    const usage = { input: 10, cacheRead: 0, cacheWrite5m: 40_000, cacheWrite1h: 0, output: 10 };
    const maker = new PathMaker().snapshot().user('one');
    answer(maker, [text('A.')], bound, { usage, effort: 'high', ttl: '5m' }).end();
    const now = maker.entries.at(-1)?.at ?? 0;
    const state = (json: string): number => cacheState(maker.entries, model, 'high', now, json).cachedTokens;
    assert.equal(state(offered), 40_010);
    assert.equal(state('[]'), 0);
  });

  it('keeps what is thought from then on', () => {
    const offered = [...toolDefinitions(tools), { name: 'new', input_schema: { type: 'object' as const } }];
    const more = { ...input, tools: offered };
    for (const make of makers) {
      const maker = make().user('six');
      for (const words of ['seven', 'eight', 'nine']) {
        answer(maker, [thinking('Hm.'), text('G.')], bound, {}, more)
          .end()
          .user(words);
        checkStrictly(planned(maker.entries, bound, more).request);
      }
      assert.deepEqual(thoughts(planned(maker.entries, bound, more).request).slice(-3), [true, true, true]);
    }
  });
});

/** The script with one of its marks, as a change of that constant alone. */
function only(script: string, mark: number): string {
  return script.replaceAll(/Qq(\d+)Q/g, (_, found: string) => (Number(found) === mark ? 'Qq' : ''));
}

/** False when no request has any of the marks: then no constant is changed by itself. */
function isSent(marked: string, before: readonly Request[]): boolean {
  if (!marked.includes('Qq')) return false;
  try {
    const core = coreOf(marked.replaceAll(/Qq\d+Q/g, 'Qq'));
    return paths.some((path, index) => JSON.stringify(ask(core, path)) !== JSON.stringify(before[index]));
  } catch {
    return true;
  }
}

/** Valid where thinking is bound, and nothing is left out that stands before the first change. */
function goesOn(request: Request, was: Request, where: string): void {
  try {
    checkStrictly(request);
  } catch (error) {
    throw new Error(`${where}: ${error instanceof Error ? error.message : ''}`, { cause: error });
  }
  const [now, before] = [blocksOf(request), blocksOf(was)];
  const first = before.findIndex((block, index) => block !== now[index]);
  // The first that differs is a constant itself, or a thought right behind one that the prefix already lost.
  assert.ok(first !== -1 && !before[first]?.startsWith('assistant {"type":"thinking"'), where);
}
