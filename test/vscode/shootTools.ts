/** Pictures of tools at work: the list of those of others, what is asked before one runs, its line, and the sources. */
import { setTimeout as delay } from 'node:timers/promises';
import { reply } from '../fakeClaude/script';
import { type ChatHost, eventually, openChatHost } from '../integration/chatHost';
import { strings } from '../texts';
import { built } from './paths';
import { type Camera, files, settings, size } from './pictures';

const ruby = {
  url: 'https://www.ruby-lang.org/en/news/2026/10/07/ruby-4-0-6-released/',
  title: 'Ruby 4.0.6 Released',
  text: 'Ruby 4.0.6 has been released. It is the newest stable version.',
  age: 'October 7, 2026',
};
const pages = [
  ruby,
  {
    url: 'https://www.ruby-lang.org/en/downloads/',
    title: 'Download Ruby: how to get it for your system, with a package manager or an installer',
    text: 'The current stable version is 4.0.6.',
  },
  { url: 'https://endoflife.date/ruby', title: 'Ruby', text: 'Supported versions.', age: '3 weeks ago' },
  {
    url: 'https://en.wikipedia.org/wiki/Ruby_(programming_language)',
    title: 'Ruby (programming language)',
    text: 'A.',
  },
  { url: 'https://bundler.io/', title: 'Bundler', text: 'The best way to manage gems.' },
];

function cited({ url, title, text }: (typeof pages)[number]): object {
  return { type: 'web_search_result_location', url, title, encrypted_index: 'x', cited_text: text };
}

/** What `shootTools` takes pictures of. */
export const toolStates: readonly string[] = [
  'toolPicker',
  'webConsent',
  'approvalRead',
  'approvalDeny',
  'approvalTool',
  'toolFailures',
  'toolLines',
  'sources',
];

/** `cameraOf`: takes the pictures of the host that this opens. */
export async function shootTools(cameraOf: (host: ChatHost) => Camera): Promise<void> {
  const server = { type: 'stdio', command: process.execPath, args: [built('../integration/mcpServer.js')] };
  const host = await openChatHost({
    files: {
      ...files,
      '.gitignore': 'dist/\n',
      '.env': 'SESSION_SECRET=hunter2\n',
      'dist/app.js': 'export const app = 1;\n',
      'dist/authentication/multiFactorEnrolmentReminderScheduler.js': 'export {};\n',
      '.vscode/mcp.json': JSON.stringify({ servers: { notebook: server } }),
    },
    settings,
    ...size,
  });
  try {
    await new Tools(host, cameraOf(host)).shoot();
  } finally {
    await host.close();
  }
}

class Tools {
  constructor(
    private readonly host: ChatHost,
    private readonly camera: Camera,
  ) {}

  async shoot(): Promise<void> {
    await this.picker();
    await this.cards();
    await this.lines();
    await this.web();
  }

  private get list() {
    return this.host.session.page.locator('.quick-input-widget');
  }

  private async picker(): Promise<void> {
    const { host, camera } = this;
    await host.run('workbench.mcp.startServer', 'mcp.config.ws0.notebook', { waitForLiveTools: true });
    await eventually(async () => {
      const held = await host.session.evaluate(
        (vscode) => vscode.lm.tools.filter(({ tags }) => tags.includes('mcp')).length,
      );
      if (held < 4) throw new Error(`${held} tools`);
    });
    host.fake.enqueue(reply.text('A small shop.'));
    await host.send('What is this?');
    await host.idle();
    void host.run('prelude.chooseTools');
    await this.list.locator('.monaco-list-row').first().waitFor();
    for (const title of ['add_note', 'Web search']) await this.list.getByText(title, { exact: true }).click();
    await camera.shoot('toolPicker', undefined, [400]);
    await host.session.page.keyboard.press('Enter');
    await this.list.waitFor({ state: 'hidden' });
    const sent = host.send('Which files are built?');
    await this.list.getByText(strings.webConsent('Web search', '$10.00')).waitFor();
    await camera.shoot('webConsent', undefined, [400]);
    host.fake.enqueue(reply.text('Those in dist.'));
    // It takes no answer in its first half second.
    await delay(600);
    await this.list.getByText(strings.webSpan('workspace'), { exact: true }).click();
    await sent;
    await host.idle();
  }

  /** The next turn calls this; then its cards are there. */
  private async ask(script: typeof reply, words: string, cards: number): Promise<void> {
    const { host } = this;
    host.fake.enqueue(script, reply.text('Done.'));
    await host.send(words);
    await (await host.frame())
      .locator('.approval')
      .nth(cards - 1)
      .waitFor();
  }

  private async stop(): Promise<void> {
    await this.host.run('prelude.stop');
    await this.host.idle();
    // What was to be said next.
    this.host.fake.forget();
  }

  private async cards(): Promise<void> {
    const { host, camera } = this;
    await this.ask(
      reply
        .text('I need the session secret’s name and the built files.')
        .toolUse('read_file', { path: '.env' })
        .toolUse('read_file', {
          files: [{ path: 'dist/app.js' }, { path: 'dist/authentication/multiFactorEnrolmentReminderScheduler.js' }],
        }),
      'Where is the secret read?',
      2,
    );
    await camera.shoot('approvalRead');
    const panel = await host.frame();
    await panel.locator('.approval [data-do="deny"]').last().click();
    await panel.locator('.denialReason').fill('Look into src instead');
    await camera.shoot('approvalDeny');
    await this.stop();
    await this.ask(
      reply.toolUse('mcp_notebook_add_note', {
        text: 'The retry in login.ts swallows errors: ask Ada before the release.',
      }),
      'Note that',
      1,
    );
    await camera.shoot('approvalTool');
    await (await host.frame()).locator('.approval [data-allow="conversation"]').click();
    await host.see('Done.');
    await host.idle();
  }

  /** One line of each kind, and those that failed. */
  private async lines(): Promise<void> {
    const { host, camera } = this;
    await host.run('workbench.mcp.stopServer', 'mcp.config.ws0.notebook');
    await host.run('workbench.mcp.resetCachedTools');
    host.fake.enqueue(
      reply
        .toolUse('read_file', { path: 'src/login.ts' })
        .toolUse('search_text', { query: 'retry(' })
        .toolUse('find_files', { pattern: '**/*.rb' })
        .toolUse('list_directory', { path: 'src' })
        .toolUse('get_changes', {})
        .toolUse('read_file', { path: 'src/signin.ts' })
        .toolUse('mcp_notebook_add_note', { text: 'Ask Ada.' }),
      reply.text('The note could not be made.'),
    );
    await host.send('Look at all of it');
    await host.see('The note could not be made.');
    await host.idle();
    await camera.shoot('toolFailures');
    const panel = await host.frame();
    const group = panel.locator('.work').last().locator('> .fold > .foldLine').first();
    await group.click();
    await camera.shoot('toolLines');
    await group.click();
  }

  private async web(): Promise<void> {
    const { host, camera } = this;
    host.fake.enqueue(
      reply
        .search('newest Ruby version', ...pages)
        .text('The newest stable version is ')
        .citation(cited(ruby))
        .text('**Ruby 4.0.6**')
        .newBlock()
        .text(', and a package manager has it. ')
        .newBlock()
        .citation(cited(pages[1] ?? ruby))
        .text('Bundler comes with it')
        .newBlock()
        .text('.'),
    );
    await host.send('Which Ruby is the newest?');
    await host.see('The newest stable version is');
    await host.idle();
    await camera.shoot('sources');
  }
}
