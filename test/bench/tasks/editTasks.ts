/** Nine small things to do in the workspaces, and how a model that reads only what tools give back would go about each. */
import {
  addBehind,
  aroundProblem,
  diagnostics,
  drop,
  find,
  mend,
  open,
  renameFile,
  renameIn,
  search,
  type Task,
} from './steps';

const noAttempt = `
it('does not try again what will not pass', async () => {
  let calls = 0;
  await assert.rejects(withRetry(async () => { calls += 1; throw new PaymentError('duplicate', false); }));
  assert.equal(calls, 1);
});`;

const knownStore = `

def test_revenue_of_zurich_is_in_francs():
    assert to_eur(Decimal("10.00"), "ZRH", {"CHF": Decimal("1.05")}) == Decimal("10.50")`;

const emptyQueue = `
func TestPopOfAnEmptyQueue(t *testing.T) {
	q := &Queue{wake: make(chan struct{}, 1)}
	if _, ok := q.Pop(); ok {
		t.Fatal("there was one")
	}
}`;

const behind =
  (added: string) =>
  (before: string): string =>
    `${before.trimEnd()}\n${added}\n`;

const swapped =
  (from: string, to: string) =>
  (before: string): string =>
    before.replaceAll(from, to);

/** Things to do. */
export const editTasks: readonly Task[] = [
  {
    workspace: 'shop',
    kind: 'fix the problem',
    question: 'Fix the error that TypeScript reports.',
    broken: { 'src/routes/orders.ts': swapped('held.cents', 'held.cent') },
    steps: [
      diagnostics,
      mend((line, message) => {
        const [, wrong = '', right = ''] = /'(\w+)' does not exist.*Did you mean '(\w+)'/.exec(message) ?? [];
        return line.replace(new RegExp(`\\b${wrong}\\b`), right);
      }),
    ],
    facts: [/no new problems/],
    changed: { 'src/routes/orders.ts': (before) => before },
  },
  {
    workspace: 'pipeline',
    kind: 'fix the problem',
    question: 'Remove the imports that are not used.',
    steps: [
      diagnostics,
      mend((line, message) => {
        const [, name = ''] = /"(\w+)" is not accessed/.exec(message) ?? [];
        return line.endsWith(` import ${name}`) || line === `import ${name}` ? '' : line.replace(`${name}, `, '');
      }),
    ],
    facts: [/no new problems/],
    changed: {
      'pipeline/ingest.py': swapped('COLUMNS, parse_row', 'parse_row'),
      'pipeline/__main__.py': swapped('from .train import split\n', ''),
      'pipeline/train.py': (before) => before.replace(/^(?:import|from) .*\n/gm, ''),
    },
  },
  {
    workspace: 'relay',
    kind: 'fix the problem',
    question: 'Make it compile again.',
    broken: { 'internal/web/handler.go': swapped('\t"net/http"\n', '\t"net/http"\n\t"time"\n') },
    steps: [diagnostics, aroundProblem, drop('internal/web/handler.go', /"time"/)],
    facts: [/no new problems/],
    changed: { 'internal/web/handler.go': (before) => before },
  },
  {
    workspace: 'shop',
    kind: 'rename',
    question: 'Rename withRetry to retrying.',
    steps: [search('withRetry'), renameIn('withRetry', 'retrying')],
    facts: [/Edited test\/retry\.test\.ts/],
    changed: Object.fromEntries(
      ['src/payments/client.ts', 'src/payments/retry.ts', 'test/retry.test.ts'].map((path) => [
        path,
        swapped('withRetry', 'retrying'),
      ]),
    ),
  },
  {
    workspace: 'pipeline',
    kind: 'rename',
    question: 'Rename the module rates to currencies.',
    steps: [
      search('rates import'),
      renameIn('rates import', 'currencies import'),
      renameFile('pipeline/rates.py', 'pipeline/currencies.py'),
    ],
    facts: [/Renamed pipeline\/rates\.py/],
    changed: {
      'pipeline/clean.py': swapped('.rates import', '.currencies import'),
      'pipeline/__main__.py': swapped('.rates import', '.currencies import'),
      'tests/test_rates.py': swapped('.rates import', '.currencies import'),
      'pipeline/rates.py': () => null,
      'pipeline/currencies.py': (_, textOf) => textOf('pipeline/rates.py'),
    },
  },
  {
    workspace: 'relay',
    kind: 'rename',
    question: 'Rename MaxTries to MaxAttempts.',
    steps: [search('MaxTries'), renameIn('MaxTries', 'MaxAttempts')],
    facts: [/Edited internal\/deliver\/worker\.go: \+3/],
    changed: { 'internal/deliver/worker.go': swapped('MaxTries', 'MaxAttempts') },
  },
  {
    workspace: 'shop',
    kind: 'add a case',
    question: 'Test that what will not pass is not tried again.',
    steps: [find('**/retry.test.ts'), open(/retry\.test\.ts$/), addBehind('test/retry.test.ts', /^\}\);$/, noAttempt)],
    facts: [/PaymentError\('unavailable', true\)/],
    changed: { 'test/retry.test.ts': behind(noAttempt) },
  },
  {
    workspace: 'pipeline',
    kind: 'add a case',
    question: 'Test a store whose currency is not the euro.',
    steps: [
      search('to_eur'),
      open(/^tests\/test_rates\.py$/),
      addBehind('tests/test_rates.py', /assert to_eur/, knownStore),
    ],
    facts: [/def to_eur\(amount: Decimal, store: str, rates\)/],
    changed: { 'tests/test_rates.py': behind(knownStore) },
  },
  {
    workspace: 'relay',
    kind: 'add a case',
    question: 'Test that nothing comes out of an empty queue.',
    steps: [find('*_test.go'), open(/queue_test\.go$/), addBehind('internal/queue/queue_test.go', /^\}$/, emptyQueue)],
    facts: [/wake: make\(chan struct/],
    changed: { 'internal/queue/queue_test.go': behind(emptyQueue) },
  },
];
