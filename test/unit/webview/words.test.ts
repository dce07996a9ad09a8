import assert from 'node:assert/strict';
import type { Outcome } from '../../../src/shared/chat';
import { type FailureCode, failureRow } from '../../../src/shared/failure';
import { besideFailure, failureText, outcomeNotice } from '../../../src/webview/l10n/failures';
import {
  clockTime,
  dollars,
  duration,
  modelName,
  percent,
  spokenDollars,
  spokenDuration,
  tokenCount,
} from '../../../src/webview/l10n/format';
import { setLanguage, t } from '../../../src/webview/l10n/language';
import { contextSummary, contextText, placeText, snapshotText, strings } from '../../../src/webview/l10n/strings';
import { workText } from '../../../src/webview/l10n/transcriptStrings';
import { linkTarget } from '../../../src/webview/markdown/links';
import { labelled } from '../../../src/webview/view/placesInWords';
import { allTexts } from '../../l10n/texts';

describe('Words and numbers of the panel', () => {
  afterEach(() => setLanguage({}, 'en'));

  it('puts values into translated texts, in their order', () => {
    setLanguage({ 'Ask {0} + answer ≈ {1}': 'Antwort ≈ {1}, Frage {0}' }, 'de');
    assert.equal(t('Ask {0} + answer ≈ {1}', '$1', '$2'), 'Antwort ≈ $2, Frage $1');
    assert.equal(t('not translated {0} {1}', 1), 'not translated 1 {1}');
  });

  it('names the cell of a notebook in the user’s language, and nothing else of a label (L58)', () => {
    setLanguage({ 'cell {0}': 'Zelle {0}', '{0} selected': '{0} ausgewählt' }, 'de');
    assert.equal(placeText('work.ipynb · cell 3:2-4 +1'), 'work.ipynb · Zelle 3:2-4 +1');
    assert.equal(placeText(' · cell 12'), ' · Zelle 12');
    assert.equal(placeText('my · cell 3 notes.ts:4'), 'my · cell 3 notes.ts:4');
    const line = { change: 'selection', path: 'work.ipynb · cell 3', linesAdded: 0, linesRemoved: 0 } as const;
    assert.equal(contextText(line).text, 'work.ipynb · Zelle 3 ausgewählt');
    const selection = { kind: 'selection', label: 'work.ipynb · cell 3:2', place: ' · cell 3:2' } as const;
    assert.deepEqual(labelled(selection), { ...selection, label: 'work.ipynb · Zelle 3:2', place: ' · Zelle 3:2' });
    const file = { kind: 'document', label: 'a · cell 3' } as const;
    assert.deepEqual(labelled(file), file);
  });

  it('shows dollars in two significant digits and never an unknown price as zero', () => {
    const shown = [null, 0, 0.00004, 0.00093, 0.0093, 0.0431, 0.1, 1.3, 12.345].map(dollars);
    assert.deepEqual(shown, ['—', '$0.00', '< $0.0001', '$0.00093', '$0.0093', '$0.043', '$0.10', '$1.30', '$12.35']);
    assert.deepEqual([null, 0.0003, 0.01, 0.043, 0.996, 1.3].map(spokenDollars), [
      'an unknown price',
      'less than a cent',
      '1 cent',
      '4 cents',
      '1.00 dollars',
      '1.30 dollars',
    ]);
  });

  it('shortens tokens, durations, times and models', () => {
    assert.equal(tokenCount(null), '—', 'L39');
    assert.deepEqual([0, 999, 1000, 9840, 184_000, 1_000_000].map(tokenCount), [
      '0',
      '999',
      '1k',
      '9.8k',
      '184k',
      '1M',
    ]);
    assert.deepEqual([400, 6100, 60_000, 125_000].map(duration), ['', '6 s', '1 min', '2 min 5 s']);
    assert.match(clockTime(0), /^\d\d:\d\d/);
    assert.deepEqual(['claude-opus-4-8', 'claude-haiku-4-5-20251001', 'claude-sonnet-5', 'other'].map(modelName), [
      'Opus 4.8',
      'Haiku 4.5',
      'Sonnet 5',
      'other',
    ]);
    assert.deepEqual([percent(0, 10), percent(1, 1000), percent(1, 0), percent(20, 10)], [0, 1, 0, 100]);
  });

  it('says what a turn did, each kind in a phrase of its own that stands in any order', () => {
    const nothing = { thoughtMs: 0, tools: new Map(), cancelled: 0, excluded: 0, context: [] };
    const tools = new Map([
      ['read_file', 3],
      ['search_text', 1],
    ]);
    assert.equal(workText({ ...nothing, thoughtMs: 6100, tools }), 'Thought 6 s, read 3 files, searched once');
    const others = new Map([
      ['list_directory', 1],
      ['find_files', 2],
      ['x', 1],
    ]);
    assert.equal(workText({ ...nothing, tools: others }), 'Listed 1 folder, looked for files 2 times, used x once');
    const none = { linesAdded: 0, linesRemoved: 0 };
    const rebase = { reason: 'cold', savedTokens: 1, usd: -0.01 } as const;
    const context = [
      { change: 'rebased', path: '', ...none, rebase },
      { change: 'opened', path: 'a.ts', ...none },
      { change: 'selection', path: 'a.ts:3', ...none },
    ] as const;
    assert.equal(
      workText({ ...nothing, thoughtMs: null, cancelled: 2, excluded: 1, context }),
      'Thought, 2 calls cancelled, 1 result excluded, open files refreshed, 1 file included, selection included',
    );
    assert.equal(workText({ ...nothing, context: [{ change: 'selection', path: '', ...none }] }), 'Nothing selected');
    setLanguage(
      { 'thought {0}': '{0} nachgedacht', 'read {0} files': '{0} Dateien gelesen', '{0} s': '{0} Sek.' },
      'de',
    );
    assert.match(workText({ ...nothing, thoughtMs: 6100, tools }), /^6 Sek\. nachgedacht, 3 Dateien gelesen/);
  });

  it('names context changes', () => {
    assert.deepEqual(contextText({ change: 'modified', path: 'src/login.ts', linesAdded: 3, linesRemoved: 1 }), {
      text: 'login.ts changed',
      added: '+3',
      removed: '−1',
    });
    const line = { path: 'a', linesAdded: 0, linesRemoved: 0 };
    const changes = ['added', 'added', 'modified', 'selection'] as const;
    assert.equal(
      contextSummary(changes.map((change) => ({ ...line, change }))),
      '1 file added, 1 file changed, a selected',
    );
    const undone = { change: 'undone', ...line } as const;
    const applied = { change: 'applied', ...line, path: 'b' } as const;
    assert.equal(contextSummary([undone, applied]), 'Undone in 1 file, applied to 1 file');
    const added = { change: 'added', ...line } as const;
    assert.equal(
      workText({ thoughtMs: null, tools: new Map(), cancelled: 0, excluded: 0, context: [added, added, undone] }),
      'Thought, 1 file added, undone in 1 file',
    );
  });

  it('says what a question was sent with, and what is selected since', () => {
    const none = { linesAdded: 0, linesRemoved: 0 };
    const opened = (path: string) => ({ change: 'opened', path, ...none }) as const;
    const selection = { change: 'selection', path: 'login.ts:3-8', ...none } as const;
    assert.equal(
      snapshotText([opened('src/login.ts'), opened('retry.ts'), selection]),
      'Sent with login.ts, retry.ts, and the selection login.ts:3-8',
    );
    assert.equal(snapshotText([opened('a.ts')]), 'Sent with a.ts');
    assert.equal(snapshotText(['a', 'b', 'c', 'd'].map(opened)), 'Sent with 4 files');
    assert.equal(contextText(selection).text, 'login.ts:3-8 selected');
    assert.equal(contextText({ ...selection, path: '' }).text, 'Nothing selected');
    assert.equal(contextSummary([opened('a'), { ...selection, path: '' }]), '1 file included');
  });

  it('has no number for less than a second', () => {
    assert.equal(strings.thoughtFor(duration(999)), 'Thought for a moment');
    assert.equal(strings.thoughtFor(duration(1000)), 'Thought for 1 s');
    assert.equal(spokenDuration(300), 'less than a second');
    assert.equal(spokenDuration(12_000), '12 seconds');
  });

  it('lets links lead to the web, to mail and into the workspace, and nowhere else', () => {
    assert.deepEqual(linkTarget('https://example.com/a b'), { kind: 'web', url: 'https://example.com/a%20b' });
    assert.deepEqual(linkTarget('mailto:a@b.c'), { kind: 'web', url: 'mailto:a@b.c' });
    for (const bad of [
      'javascript:alert(1)',
      'JavaScript:1',
      ' javascript:x',
      'data:text/html,x',
      'vbscript:1',
      'command:x',
      'vscode://a/b',
      'file://host/etc/passwd',
      'file:etc/passwd',
      '//host/x',
      '\\\\host\\x',
      '#here',
      '?q',
      '',
      'http://',
      'java\tscript:x',
    ]) {
      assert.equal(linkTarget(bad)?.kind === 'web' ? 'web' : linkTarget(bad), null, bad);
    }
    // A path from the root, however it is written: the host opens it where it is in the workspace (unit/host/panel/openPlaces).
    assert.deepEqual(linkTarget('file:///etc/passwd'), linkTarget('/etc/passwd'));
  });

  it('has words for every failure and outcome', () => {
    const failure = { status: null, type: null, requestId: null, message: '', partial: false };
    const all: Readonly<Record<FailureCode, true>> = {
      noKey: true,
      badKey: true,
      noCredit: true,
      notPermitted: true,
      unknownModel: true,
      promptTooLong: true,
      requestTooLarge: true,
      fieldRefused: true,
      maxTokens: true,
      mediaRefused: true,
      badRequest: true,
      rateLimited: true,
      spendLimit: true,
      overloaded: true,
      serverError: true,
      noConnection: true,
      connectionLost: true,
      stalled: true,
      badAddress: true,
      wrongAddress: true,
      redirected: true,
      unknownError: true,
      answerTooLarge: true,
      storeFailed: true,
      storeRescued: true,
      storeLost: true,
      overtaken: true,
      internal: true,
    };
    const codes = Object.keys(all) as readonly FailureCode[];
    assert.equal(new Set(codes.map((code) => failureText({ ...failure, code }, 'M'))).size, codes.length);
    const interrupted = outcomeNotice({ kind: 'interrupted' }, 'M', false);
    assert.deepEqual([interrupted?.primary, /kept/.test(interrupted?.text ?? '')], ['retry', false]);
    assert.equal(outcomeNotice({ kind: 'done' }, 'M'), null);
    const outcomes: readonly Outcome[] = [
      { kind: 'stopped' },
      { kind: 'empty' },
      { kind: 'failed', failure: { ...failure, code: 'overloaded', partial: true } },
    ];
    assert.deepEqual(
      outcomes.map((outcome) => outcomeNotice(outcome, 'M')?.primary),
      ['continue', 'continue', 'continue'],
    );
  });

  it('says first what is still fine, whatever failed and whatever of the turn had arrived', () => {
    const failed = (code: FailureCode, partial: boolean): Outcome => ({
      kind: 'failed',
      failure: { code, status: null, type: null, requestId: null, message: '', partial },
    });
    const text = failureRow('overloaded').text;
    // An earlier step of the turn came, and a later request failed.
    assert.equal(outcomeNotice(failed('overloaded', false), 'M', true)?.text, besideFailure.kept(text));
    assert.equal(outcomeNotice(failed('overloaded', true), 'M', true)?.text, besideFailure.kept(text));
    assert.equal(outcomeNotice(failed('overloaded', false), 'M', false)?.text, besideFailure.messageKept(text));
    for (const code of ['storeFailed', 'storeRescued', 'storeLost', 'overtaken'] as const) {
      assert.match(failureRow(code).text, /^(?:Nothing was sent|The answer is)\b[^.]*\. ./, code);
    }
    const fine = /^Couldn’t [^.]*[.,] .*\b(?:kept|stored|saved|changed|sent|lost|deleted|screen)\b/;
    const late = allTexts().flatMap(({ texts }) => texts.filter((one) => fine.test(one)));
    assert.deepEqual(late, []);
  });
});
