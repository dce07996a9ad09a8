/** The question about a tool of the web, with as much of VS Code as it needs. */
import assert from 'node:assert/strict';
import { Module } from 'node:module';
import type { Approval, Span } from '../../../../src/shared/approval';
import { filled, strings } from '../../../texts';

interface Row {
  readonly label: string;
  readonly description?: string;
}

/** VS Code's quick pick, moved by the test. */
class Picker {
  title = '';
  placeholder = '';
  items: readonly Row[] = [];
  activeItems: readonly Row[] = [];
  isShown = false;
  isDisposed = false;
  #accept: () => void = () => undefined;
  #hide: () => void = () => undefined;

  onDidAccept(call: () => void): void {
    this.#accept = call;
  }

  onDidHide(call: () => void): void {
    this.#hide = call;
  }

  show(): void {
    this.isShown = true;
  }

  hide(): void {
    if (!this.isShown) return;
    this.isShown = false;
    this.#hide();
  }

  dispose(): void {
    this.isDisposed = true;
  }

  accept(label: string): void {
    this.activeItems = this.items.filter((row) => row.label === label);
    this.#accept();
  }
}

type AskForWeb = typeof import('../../../../src/host/commands/webConsentPick').askForWeb;

describe('The question about a tool of the web', () => {
  let picker: Picker;
  let askForWeb: AskForWeb;
  let now: number;
  const time = Date.now;

  before(() => {
    const loader = Module as unknown as { _load(request: string, ...rest: readonly unknown[]): unknown };
    const load = loader._load;
    const vscode = {
      l10n: { t: (text: string, ...args: readonly unknown[]) => filled({ text, args }) },
      env: { language: 'en' },
      window: {
        createQuickPick: () => {
          picker = new Picker();
          return picker;
        },
      },
    };
    loader._load = (request, ...rest) => (request === 'vscode' ? vscode : load.call(loader, request, ...rest));
    // Whole hosts of other tests may have loaded it with theirs.
    const place = Object.keys(require.cache).find((file) => file.endsWith('webConsentPick.js')) ?? '';
    const known = require.cache[place];
    delete require.cache[place];
    try {
      ({ askForWeb } = require('../../../../src/host/commands/webConsentPick'));
    } finally {
      loader._load = load;
      if (known !== undefined) require.cache[place] = known;
    }
  });
  beforeEach(() => {
    now = time();
    Date.now = () => now;
  });
  afterEach(() => {
    Date.now = time;
  });

  const spans: readonly Span[] = ['once', 'conversation', 'workspace'];
  const ask = (usd: number | null, signal = new AbortController().signal): Promise<Span | null> =>
    askForWeb({ kind: 'web', tool: 'Web search', usd, spans } satisfies Approval, 'Web search', usd, signal);

  it('says the price and how long each answer holds, and has a no among them', async () => {
    const said = ask(0.01);
    assert.equal(picker.title, strings.webConsent('Web search', '$10.00'));
    assert.deepEqual(
      picker.items.map(({ label, description }) => [label, description]),
      [
        ...spans.map((span) => [strings.webSpan(span), strings.webSpanNote(span)]),
        [strings.webDeny(), strings.webDenyNote()],
      ],
    );
    now += 1_000;
    picker.accept(strings.webSpan('workspace'));
    assert.equal(await said, 'workspace');
    assert.ok(picker.isDisposed);
    const free = ask(0);
    assert.equal(picker.title, strings.webConsent('Web search', null));
    now += 1_000;
    picker.accept(strings.webDeny());
    assert.equal(await free, null);
  });

  it('takes no answer from the Enter that sent the message', async () => {
    const said = ask(0.01);
    picker.accept(strings.webSpan('once'));
    assert.ok(picker.isShown);
    now += 1_000;
    picker.accept(strings.webSpan('conversation'));
    assert.equal(await said, 'conversation');
  });

  it('is a no where it is left, and goes when the turn is stopped', async () => {
    const left = ask(0.01);
    picker.hide();
    assert.equal(await left, null);
    const stop = new AbortController();
    const stopped = ask(0.01, stop.signal);
    assert.ok(picker.isShown);
    stop.abort();
    assert.equal(picker.isShown, false);
    assert.equal(await stopped, null);
    assert.ok(picker.isDisposed);
    const late = ask(0.01, stop.signal);
    assert.equal(await late, null);
  });
});
