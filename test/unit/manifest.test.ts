import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { chatViewId, commandIds } from '../../src/host/base/commandIds';

const root = join(__dirname, '..', '..', '..');
const read = (file: string): string => readFileSync(join(root, file), 'utf8');

interface Keybinding {
  readonly command: string;
  readonly key: string;
  readonly mac?: string;
  readonly when?: string;
}

interface Setting {
  readonly scope?: string;
  readonly type: string | readonly string[];
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
  readonly order: number;
  readonly enum?: readonly string[];
  readonly enumDescriptions?: readonly string[];
}

interface SettingGroup {
  readonly title: string;
  readonly order: number;
  readonly properties: Readonly<Record<string, Setting>>;
}

/** A command, or a submenu. */
interface MenuItem {
  readonly command?: string;
  readonly submenu?: string;
  readonly group?: string;
  readonly when?: string;
}

interface Manifest {
  readonly main: string;
  readonly version: string;
  readonly icon: string;
  readonly activationEvents: readonly string[];
  readonly extensionKind: readonly string[];
  readonly capabilities: {
    readonly untrustedWorkspaces: { readonly supported: unknown; readonly restrictedConfigurations: readonly string[] };
  };
  readonly contributes: {
    readonly viewsContainers: { readonly secondarySidebar: readonly { readonly id: string; readonly icon: string }[] };
    readonly views: Readonly<Record<string, readonly { readonly id: string; readonly type: string }[]>>;
    readonly commands: readonly {
      readonly command: string;
      readonly title: string;
      readonly shortTitle?: string;
      readonly category: string;
    }[];
    readonly menus: Readonly<Record<string, readonly MenuItem[]>>;
    readonly submenus: readonly { readonly id: string; readonly label: string }[];
    readonly keybindings: readonly Keybinding[];
    readonly walkthroughs: readonly {
      readonly steps: readonly {
        readonly id: string;
        readonly description: string;
        readonly media: { readonly markdown: string };
      }[];
    }[];
    readonly configuration: readonly SettingGroup[];
  };
}

const manifest = JSON.parse(read('package.json')) as Manifest;
const { commands, menus, submenus, keybindings, views, viewsContainers, configuration } = manifest.contributes;
/** All settings, in the order in which VS Code shows them. */
const properties: Readonly<Record<string, Setting>> = Object.assign(
  {},
  ...configuration.map((group) => group.properties),
);
const words = JSON.parse(read('package.nls.json')) as Readonly<Record<string, string>>;

/** All source of the extension host, as one text. */
const sources = readdirSync(join(root, 'src'), { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && !entry.parentPath.includes('webview'))
  .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'))
  .join('\n');

describe('The manifest', () => {
  it('wakes the extension by its own view and commands only (L22)', () => {
    // VS Code adds onView and onCommand for what is contributed.
    for (const event of manifest.activationEvents)
      assert.match(event, /^(?:onView|onCommand|onWebviewPanel):prelude\./);
    assert.deepEqual(manifest.extensionKind, ['workspace']);
  });

  it('has the commands that the code registers, and no others', () => {
    assert.deepEqual(
      commands.map(({ command }) => command),
      [...commandIds],
    );
    for (const { category } of commands) assert.equal(category, 'Prelude');
  });

  it('uses its own commands in menus and keybindings', () => {
    const ids: readonly string[] = commandIds;
    const used = [...Object.values(menus).flat(), ...keybindings].flatMap(({ command }) => command ?? []);
    assert.ok(used.length > 0);
    assert.deepEqual(
      used.filter((command) => !ids.includes(command)),
      [],
    );
  });

  it('takes no key from VS Code: keys work in its own view, or are chords in a text editor, and none is Ctrl+Alt with a letter (L26)', () => {
    for (const { key, mac, when } of keybindings) {
      const own = /^prelude\.(?:viewFocused|tabFocused|reviewShown)$/.test(when ?? '');
      // Not everywhere: in a terminal or a list the first key of a chord has other work. A chat tab may be the active editor
      // while the keys go elsewhere.
      if (!own) {
        assert.equal(when, 'editorTextFocus');
        assert.match(key, /^ctrl\+k (?:ctrl\+)?[a-z]$/);
        assert.equal(mac, key.replaceAll('ctrl', 'cmd'));
      }
      for (const keys of [key, mac ?? '']) {
        // Ctrl+Alt with a letter is AltGr on many keyboards: it types a character.
        assert.doesNotMatch(keys, /ctrl\+alt\+[a-z](?:\s|$)|alt\+ctrl\+[a-z](?:\s|$)/i);
      }
    }
  });

  it('offers its commands where Copilot offers its own: on code, on files, on tabs, on notebooks and their cells', () => {
    const inMenu = (menu: string) =>
      (menus[menu] ?? []).map(({ command, submenu, group }) =>
        [group?.split('@')[0], (command ?? submenu)?.replace('prelude.', '')].join(' '),
      );
    assert.deepEqual(inMenu('editor/context'), ['1_chat explainSelection', '1_chat editor']);
    assert.deepEqual(inMenu('prelude.editor'), [
      '1_selection explainSelectionInNewChat',
      '1_selection fixSelection',
      '2_add addSelection',
      '2_add addFile',
      '3_chat focusChat',
    ]);
    assert.deepEqual(inMenu('explorer/context'), ['5_prelude addFile']);
    assert.deepEqual(inMenu('editor/title/context'), ['1_prelude addFile']);
    assert.deepEqual(inMenu('notebook/toolbar'), ['5_prelude addFile']);
    assert.deepEqual(inMenu('notebook/cell/title'), ['5_prelude addCell']);
    assert.deepEqual(inMenu('terminal/context'), ['5_prelude addTerminalOutput']);
    assert.deepEqual(inMenu('scm/title'), ['navigation writeCommitMessage']);
    assert.ok(inMenu('webview/context').includes('9_copy copyChat'));
    const hidden = (menus['commandPalette'] ?? []).filter(({ when }) => when === 'false');
    assert.deepEqual(
      hidden.map(({ command }) => command),
      [
        'prelude.findNext',
        'prelude.findPrevious',
        'prelude.focusEditor',
        'prelude.addCell',
        'prelude.leaveOut',
        'prelude.leaveTurnOut',
        'prelude.takeBack',
        'prelude.regenerate',
        'prelude.regenerateWith',
        'prelude.fork',
        'prelude.insertCode',
        'prelude.applyCode',
        'prelude.newFileFromCode',
        'prelude.insertInTerminal',
        'prelude.compactInView',
        'prelude.chooseLeftOutInView',
        'prelude.inspectRequestInView',
      ],
    );
  });

  it('has at the top of the editor’s menu what explains a selection, and below “Prelude” nothing that needs one without it', () => {
    const [explain, more] = menus['editor/context'] ?? [];
    assert.match(explain?.when ?? '', /\beditorHasSelection\b/);
    assert.deepEqual(submenus, [{ id: more?.submenu, label: '%submenu.editor.label%' }]);
    assert.doesNotMatch(more?.when ?? '', /editorHasSelection/);
    for (const { command, when = '' } of menus['prelude.editor'] ?? []) {
      assert.equal(/selection/i.test(command ?? ''), /\beditorHasSelection\b/.test(when), command);
    }
  });

  it('says nothing twice in what one place offers, in two menus or in one', () => {
    const places = [
      ['editor/context', 'prelude.editor'],
      ['view/title', 'webview/context'],
      ['editor/title', 'webview/context'],
      ['explorer/context'],
      ['editor/title/context'],
      ['notebook/toolbar'],
      ['notebook/cell/title'],
      ['terminal/context'],
      ['scm/title'],
    ];
    const titles = new Map(commands.map(({ command, title }) => [command, words[title.replaceAll('%', '')]]));
    // As a menu has it: the whole one stands in the list of keyboard shortcuts.
    const shown = new Map(
      commands.map(({ command, title, shortTitle = title }) => [command, words[shortTitle.replaceAll('%', '')]]),
    );
    for (const place of places) {
      const said = place.flatMap((menu) => (menus[menu] ?? []).flatMap(({ command }) => command ?? []));
      assert.deepEqual(said, [...new Set(said)], place.join());
      assert.equal(new Set(said.map((command) => shown.get(command))).size, said.length, place.join());
    }
    assert.deepEqual(
      Object.keys(menus).filter((menu) => menu !== 'commandPalette' && !places.flat().includes(menu)),
      [],
    );
    assert.equal(new Set(titles.values()).size, commands.length);
  });

  it('has at most seven entries behind the view’s ⋯', () => {
    const more = (menus['view/title'] ?? []).filter(({ group = '' }) => !group.startsWith('navigation'));
    assert.ok(more.length > 0 && more.length <= 7, String(more.length));
  });

  it('puts the chat into a container of its own', () => {
    const [container] = viewsContainers.secondarySidebar;
    assert.equal(container?.id, 'prelude');
    assert.deepEqual(
      views['prelude']?.map(({ id, type }) => [id, type]),
      [[chatViewId, 'webview']],
    );
    assert.ok(existsSync(join(root, container.icon)), container.icon);
  });

  it('keeps every setting below prelude., and reads each of them', () => {
    const names = Object.keys(properties);
    assert.ok(names.length > 0);
    for (const name of names) {
      assert.match(name, /^prelude\./);
      assert.ok(sources.includes(`'${name.slice('prelude.'.length)}'`), `${name} is read`);
    }
    for (const { enum: values, enumDescriptions } of Object.values(properties)) {
      assert.equal(enumDescriptions?.length, values?.length);
    }
  });

  it('shows its settings in four groups, and gives examples where a value is free', () => {
    assert.equal(configuration.length, 4);
    for (const [at, group] of configuration.entries()) {
      assert.equal(group.order, at + 1);
      const orders = Object.values(group.properties).map(({ order }) => order);
      assert.deepEqual(
        orders,
        [...new Set(orders)].toSorted((one, other) => one - other),
      );
    }
    for (const [name, { type, enum: values, examples }] of Object.entries(properties)) {
      const free = values === undefined && type !== 'boolean';
      assert.equal((examples?.length ?? 0) > 0, free, name);
    }
  });

  it('limits what a turn and a day cost until told otherwise', () => {
    assert.deepEqual(
      [properties['prelude.spend.perTurn']?.default, properties['prelude.spend.perDay']?.default],
      [2, 20],
    );
  });

  it('lets no folder decide where data goes, or what is sent without trust (L35)', () => {
    for (const name of ['prelude.baseUrl', 'prelude.headers']) {
      assert.equal(properties[name]?.scope, 'machine', name);
    }
    const { supported, restrictedConfigurations } = manifest.capabilities.untrustedWorkspaces;
    assert.equal(supported, 'limited');
    for (const name of restrictedConfigurations) assert.ok(name in properties, name);
    for (const name of ['prelude.baseUrl', 'prelude.headers', 'prelude.context.automatic']) {
      assert.ok(restrictedConfigurations.includes(name), name);
    }
  });

  it('lets no setting of a folder hold in Restricted Mode (L61)', () => {
    const { restrictedConfigurations } = manifest.capabilities.untrustedWorkspaces;
    assert.deepEqual([...restrictedConfigurations].toSorted(), Object.keys(properties).toSorted());
  });

  it('has words for everything that it shows, and no words too many', () => {
    const used = [...JSON.stringify(manifest).matchAll(/"%([\w.]+)%"/g)].map((match) => match[1] ?? '');
    assert.deepEqual([...new Set(used)].toSorted(), Object.keys(words).toSorted());
    for (const { title } of commands) assert.match(title, /^%.+%$/);
    for (const [key, text] of Object.entries(words)) assert.ok(text.trim().length > 2, key);
  });

  it('leads a newcomer from the key to the cost, and opens the chat with the first button', () => {
    const [walkthrough] = manifest.contributes.walkthroughs;
    assert.deepEqual(
      walkthrough?.steps.map(({ id }) => id),
      ['key', 'question', 'explain', 'screenshot', 'cost'],
    );
    const ids: readonly string[] = commandIds;
    for (const [at, { description, media }] of walkthrough.steps.entries()) {
      const text = words[description.replaceAll('%', '')] ?? '';
      const buttons = [...text.matchAll(/^\[[^\]]+\]\(command:([\w.]+)\)$/gm)].map(([, command = '']) => command);
      assert.ok(buttons.length > 0, description);
      for (const command of buttons) assert.ok(ids.includes(command), command);
      if (at === 0) assert.equal(buttons[0], 'prelude.focusChat');
      assert.ok(existsSync(join(root, media.markdown)), media.markdown);
    }
  });

  it('has an icon that the Marketplace takes: a PNG of 256 by 256', () => {
    assert.equal(manifest.icon, 'media/icon.png');
    const png = readFileSync(join(root, manifest.icon));
    assert.equal(png.toString('latin1', 1, 4), 'PNG');
    assert.deepEqual([png.readUInt32BE(16), png.readUInt32BE(20)], [256, 256]);
  });

  it('has its version in the changelog', () => {
    assert.match(read('CHANGELOG.md'), new RegExp(`^## ${manifest.version.replaceAll('.', '\\.')}\\b`, 'm'));
  });

  it('ships by name: everything is left out first', () => {
    const lines = read('.vscodeignore')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'));
    assert.equal(lines[0], '**');
    const shipped = lines.filter((line) => line.startsWith('!')).map((line) => line.slice(1));
    const known =
      /^(?:package\.json|package\.nls\*\.json|README\.md|CHANGELOG\.md|SECURITY\.md|LICENSE|dist\/\*\.js|dist\/webview\/\*\*|media\/\*\.(?:svg|png)|media\/walkthrough\/\*\.md)$/;
    assert.deepEqual(
      shipped.filter((line) => !known.test(line)),
      [],
    );
    assert.equal(manifest.main, './dist/extension.js');
  });
});

/** A setting's default as a reader wants it. */
function shownDefault(name: string, value: unknown): string {
  if (typeof value === 'number') return name.startsWith('prelude.spend.') ? `$${value}` : String(value);
  if (typeof value === 'string') return value === '' ? 'none' : `\`${value}\``;
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  return value === null ? 'by model' : 'none';
}

describe('The README', () => {
  it('lists the settings that there are, with their defaults, in their order', () => {
    const rows = [...read('README.md').matchAll(/^\| `(prelude\.[\w.]+)` \| (.+?) \| .{10,} \|$/gm)];
    assert.deepEqual(
      rows.map(([, name, value]) => [name, value]),
      Object.entries(properties).map(([name, { default: value }]) => [name, shownDefault(name, value)]),
    );
  });

  const walkPage = 'media/screenshots/README.md';
  const there = readdirSync(join(root, 'media', 'screenshots'))
    .map((name) => `media/screenshots/${name}`)
    .filter((path) => path !== walkPage);

  it('is short, and shows one picture, which the Marketplace can show', () => {
    const text = read('README.md');
    assert.ok(text.split('\n').length <= 120);
    const pictures = [...text.matchAll(/!\[[^\]]+\]\(([^)]+)\)|<img\b/g)].map(([, path]) => path);
    assert.deepEqual(pictures, ['media/screenshots/dark-400-answer.png']);
  });

  it('gives the two commands that are all one needs', () => {
    for (const command of ['npm ci && npm start', 'npm ci && npm test'])
      assert.ok(read('README.md').split('\n').includes(command), command);
  });

  it('leads to a page with every picture there is: of the walk each stop in dark and light', () => {
    assert.ok(read('README.md').includes(`](${walkPage})`));
    const shown = [...read(walkPage).matchAll(/[\w-]+\.(?:png|webp)\b/g)].map(([name]) => `media/screenshots/${name}`);
    assert.deepEqual([...new Set([...shown, 'media/screenshots/dark-400-answer.png'])].toSorted(), there.toSorted());
    const stops = there
      .filter((path) => path.includes('walk-'))
      .map((path) => path.replace(/-(?:dark|light)\.webp$/, ''));
    assert.ok(new Set(stops).size >= 10);
    assert.equal(stops.length, 2 * new Set(stops).size);
  });

  it('has pictures of 1.5 MB together at most', () => {
    const bytes = there.reduce((sum, path) => sum + statSync(join(root, path)).size, 0);
    assert.ok(bytes < 1_500_000, String(bytes));
  });
});
