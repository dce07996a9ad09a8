/** Conversations for tests and pictures of the panel. */
import { toolStrings } from '../../src/core/tools/words/strings';
import {
  type AnswerItem,
  type ChatState,
  type CompactionItem,
  emptyChat,
  type Part,
  type TextPart,
  type ToolPart,
  type UserItem,
} from '../../src/shared/chat';
import type { TurnFailure } from '../../src/shared/failure';
import type { Chip } from '../../src/shared/protocol';
import { noUsage } from '../../src/shared/tokenUsage';
import { conversation } from './panelPage';

/** 22 November 2026, 10:42 in UTC. */
export const startedAt = Date.UTC(2026, 10, 22, 10, 42);

export function user(id: string, text: string): UserItem {
  return { type: 'user', id, at: startedAt, text, attachments: [] };
}

export function text(key: string, markdown: string, open = false): TextPart {
  return { type: 'text', key, text: markdown, open };
}

export function tool(key: string, part: Partial<ToolPart>): ToolPart {
  return {
    type: 'tool',
    key,
    id: `toolu_${key}`,
    name: 'read_file',
    status: 'done',
    label: { text: 'Read {0}', args: ['src/login.ts:1-80'] },
    summary: { text: '{0} lines', args: [80] },
    input: '{"path":"src/login.ts","start":1,"end":80}',
    output: 'export async function login() {\n  return retryLogin(3);\n}',
    ...part,
  };
}

export function answer(id: string, parts: readonly Part[], more: Partial<AnswerItem> = {}): AnswerItem {
  return {
    type: 'answer',
    id,
    at: startedAt,
    model: 'claude-opus-4-8',
    parts,
    usage: noUsage,
    requests: 1,
    cacheMisses: [],
    usd: 0.043,
    outcome: { kind: 'done' },
    endedAt: startedAt + 12_000,
    ...more,
  };
}

/** One that came about. */
export function compaction(more: Partial<CompactionItem> = {}): CompactionItem {
  return {
    type: 'compaction',
    id: 'c1',
    at: startedAt,
    model: 'claude-opus-4-8',
    automatic: false,
    summary: 'We found that **login** retries.\n\n- one\n- two',
    tokensBefore: 182_000,
    tokensAfter: 6_100,
    usage: noUsage,
    usd: 0.12,
    outcome: { kind: 'done' },
    ...more,
  };
}

export function chat(items: ChatState['items'], more: Partial<ChatState> = {}): ChatState {
  return { ...emptyChat(conversation), title: 'Login race', items, usd: 0.42, ...more };
}

export function failure(more: Partial<TurnFailure> = {}): TurnFailure {
  return {
    code: 'overloaded',
    status: 529,
    type: 'overloaded_error',
    requestId: 'req_011CSHoEeqs5C35K2UUqR7Fy',
    message: 'Overloaded',
    partial: false,
    ...more,
  };
}

export const chips: readonly Chip[] = [
  {
    kind: 'selection',
    id: 'selection',
    label: 'login.ts:41-78',
    place: ':41-78',
    source: { uri: 'file:///workspace/src/login.ts', path: 'src/login.ts', line: 41, cell: null },
    tokens: 480,
    usd: 0.003,
    included: true,
  },
  {
    kind: 'openFiles',
    id: 'openFiles',
    tokens: 6600,
    usd: 0.0062,
    on: true,
    files: ['login.ts', 'session.ts', 'retry.ts', 'http.ts', 'README.md'].map((label, index) => ({
      id: `file:///workspace/src/${label}`,
      label,
      path: `src/${label}`,
      tokens: 900 + index * 500,
      usd: 0.00045 + index * 0.00025 + (index === 1 ? 0.0029 : 0),
      included: index !== 4,
      sent: index !== 2,
      changed: index === 1,
    })),
  },
];

export const longAnswer = `The retry is in \`login.ts:42\`: both callers wait for the **same promise**, and the second one starts it again.

1. \`retryLogin\` clears \`pending\` before the first attempt has settled.
2. A caller that comes in between finds nothing and logs in once more.

\`\`\`ts
export async function login(user: string): Promise<Session> {
  pending ??= retryLogin(user, 3).finally(() => { pending = null; });
  return pending; // one promise for all callers
}
\`\`\`

| File | Line | What |
| :--- | ---: | --- |
| login.ts | 42 | clears \`pending\` too early |
| session.ts | 118 | reads it without waiting |

- [x] found the race
- [ ] a test that shows it

See [the guide](https://example.com/guide) and [session.ts](src/session.ts:118).`;

/** Code with tokens of every kind that has a colour. */
export const colouredCode = [
  [
    'ts',
    '/** Doc. */\n@Injectable()\nclass A extends B<C> {\n  x = /a+/g.test(`t`) ? true : null;\n}\nfoo.bar(2); // end',
  ],
  ['html', '<!-- c -->\n<a class="b" href="#">text &amp; more</a>'],
  ['css', '@media print { a#b.c:hover[d="e"] { color: #fff; margin: 2px; } }'],
  ['json', '{ "name": [1, true, "x"] }'],
  ['python', '@app.get("/")\ndef f(self, a: int = 3) -> str:\n    return f"{a}" + str(None)'],
  ['diff', '--- a\n+++ b\n@@ -1 +1 @@\n-old\n+new'],
  ['bash', 'export A="$B"; if [ -f x ]; then echo $(cat x); fi # c'],
  ['markdown', '# Title\n- *a* **b** `c` [d](e)\n> q'],
  ['yaml', 'a: &x 1\nb: "t"\n- !!str c'],
]
  .map(([language, code]) => `\`\`\`${language}\n${code}\n\`\`\`\n`)
  .join('\n');

export const shortTools: readonly Part[] = [
  {
    type: 'thinking',
    key: 'th',
    text: 'The user asks why login retries twice. I should look at login.ts first.',
    open: false,
    durationMs: 6100,
  },
  tool('t1', {}),
  tool('t2', {
    label: { text: 'Read {0}', args: ['src/session.ts'] },
    summary: { text: '{0} lines', args: [212] },
    input: '{"path":"src/session.ts"}',
  }),
  tool('t3', {
    name: 'search_text',
    label: toolStrings.search('retryLogin').done,
    summary: toolStrings.matches(12, 4),
  }),
];
