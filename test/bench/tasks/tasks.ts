/** Twenty small tasks, and how a model that reads only what tools give back would go about each. */

/** A call of a tool. */
export interface Call {
  readonly tool: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** What the model does next, out of what it has seen so far; null when what it needs is not there. */
type Step = (seen: readonly string[]) => Call | null;

/** A question about a workspace. */
export interface Task {
  readonly workspace: 'shop' | 'pipeline' | 'relay';
  readonly kind: 'find where' | 'explain why' | 'what breaks if' | 'what changed';
  readonly question: string;
  readonly steps: readonly Step[];
  /** What an answer has to rest on: each stands in one of the results. */
  readonly facts: readonly RegExp[];
}

/** A place that a result of search_text names. */
interface Place {
  readonly path: string;
  readonly line: number;
}

function places(result: string): readonly Place[] {
  const found: Place[] = [];
  let path = '';
  let before = '';
  for (const line of result.split('\n')) {
    const number = /^(\d+): /.exec(line)?.[1];
    if (number !== undefined && path !== '') found.push({ path, line: Number(number) });
    else if (before === '' && line !== '' && !line.startsWith('[')) path = line;
    before = line;
  }
  return found;
}

const search =
  (query: string, more: object = {}): Step =>
  () => ({ tool: 'search_text', input: { query, ...more } });

const find =
  (pattern: string): Step =>
  () => ({ tool: 'find_files', input: { pattern } });

const read =
  (path: string): Step =>
  () => ({ tool: 'read_file', input: { path } });

const changes =
  (input: object = {}): Step =>
  () => ({ tool: 'get_changes', input: { ...input } });

/** Reads so many lines around a place that the last result names, the first whose path fits. */
const around =
  (path: RegExp, before = 5, after = 25): Step =>
  (seen) => {
    const place = places(seen.at(-1) ?? '').find((one) => path.test(one.path));
    if (place === undefined) return null;
    const start = Math.max(1, place.line - before);
    return { tool: 'read_file', input: { path: place.path, start_line: start, end_line: place.line + after } };
  };

/** Reads the file that the last result names, the first that fits. */
const open =
  (path: RegExp): Step =>
  (seen) => {
    const named = (seen.at(-1) ?? '').split('\n').find((line) => path.test(line));
    return named === undefined ? null : { tool: 'read_file', input: { path: named.trim() } };
  };

export const tasks: readonly Task[] = [
  {
    workspace: 'shop',
    kind: 'find where',
    question: 'Where is the number of payment attempts set?',
    steps: [search('attempts', { include: 'src/**' }), around(/retry\.ts$/)],
    facts: [/src\/payments\/retry\.ts/, /maxAttempts = 4/],
  },
  {
    workspace: 'shop',
    kind: 'find where',
    question: 'Where is the checkout page of a language?',
    steps: [find('**/checkout/*'), open(/\[locale\]/)],
    facts: [/src\/app\/\[locale\]\/checkout\/page\.tsx/, /featureNewCheckout \? <NewCheckout/],
  },
  {
    workspace: 'shop',
    kind: 'find where',
    question: 'Where is the session cookie verified?',
    steps: [search('timingSafeEqual('), around(/session\.ts$/, 8, 8)],
    facts: [/src\/auth\/session\.ts/, /export function readSession/],
  },
  {
    workspace: 'shop',
    kind: 'explain why',
    question: 'Why does a customer get one charge when the request is sent twice?',
    steps: [search('idempotency'), around(/client\.ts$/, 10, 10)],
    facts: [/'idempotency-key': key/, /answered with the first one’s|answered with the first one's charge/],
  },
  {
    workspace: 'shop',
    kind: 'explain why',
    question: 'Why do requests fail with "No database connection is free" under load?',
    steps: [search('No database connection is free'), around(/pool\.ts$/, 35, 5)],
    facts: [/maxConnections = 20/, /open >= maxConnections/],
  },
  {
    workspace: 'shop',
    kind: 'what breaks if',
    question: 'What breaks if maxAttempts becomes 2?',
    steps: [search('four attempts|maxAttempts', { is_regex: true }), open(/^test\/retry\.test\.ts$/)],
    facts: [/assert\.equal\(calls, 4\)/, /attempt === maxAttempts/],
  },
  {
    workspace: 'shop',
    kind: 'what breaks if',
    question: 'What breaks if reserve throws after the stock was locked?',
    steps: [search('reserve(', { include: 'src/**' }), read('src/routes/orders.ts'), read('src/stock/reserve.ts')],
    facts: [/const held = await reserve/, /await release\(held\)/, /throw new OutOfStock/],
  },
  {
    workspace: 'shop',
    kind: 'what changed',
    question: 'What changed in the working tree?',
    steps: [changes()],
    facts: [/src\/config\.ts/, /-.*8080/, /\+.*3000/],
  },
  {
    workspace: 'pipeline',
    kind: 'find where',
    question: 'Where is a store’s currency decided?',
    steps: [search('currency'), around(/rates\.py$/, 8, 6)],
    facts: [/STORE_CURRENCIES\.get\(store, "EUR"\)/],
  },
  {
    workspace: 'pipeline',
    kind: 'find where',
    question: 'Which notebook looks at odd weeks, and what did it find?',
    steps: [find('*.ipynb'), open(/\.ipynb$/)],
    facts: [/odd weeks\.ipynb/, /17 odd weeks, all in ZRH/],
  },
  {
    workspace: 'pipeline',
    kind: 'explain why',
    question: 'Why does a run stop with "more than 50 bad rows"?',
    steps: [search('bad rows'), around(/ingest\.py$/, 16, 4)],
    facts: [/MAX_BAD_ROWS/, /bad > MAX_BAD_ROWS/],
  },
  {
    workspace: 'pipeline',
    kind: 'explain why',
    question: 'Why is Excel’s CSV read without the mark at its start?',
    steps: [search('utf-8'), around(/ingest\.py$/, 2, 6)],
    facts: [/encoding: str = "utf-8-sig"/],
  },
  {
    workspace: 'pipeline',
    kind: 'what breaks if',
    question: 'What breaks if HOLDOUT_WEEKS is larger than the number of weeks?',
    steps: [search('HOLDOUT_WEEKS'), around(/train\.py$/, 2, 12)],
    facts: [/late = set\(weeks\[-HOLDOUT_WEEKS:\]\)/, /not in late/],
  },
  {
    workspace: 'pipeline',
    kind: 'what breaks if',
    question: 'What breaks if an unknown store raises an error?',
    steps: [search('to_eur'), open(/^tests\/test_rates\.py$/)],
    facts: [/test_unknown_store_counts_as_euros/, /to_eur\(row\["revenue"\]/],
  },
  {
    workspace: 'pipeline',
    kind: 'what changed',
    question: 'What did the last commit do to the rates?',
    steps: [changes({ of: 'HEAD' })],
    facts: [/pipeline\/rates\.py/, /\+.*"PAR": "EUR"/],
  },
  {
    workspace: 'relay',
    kind: 'find where',
    question: 'Where is the limit for each client, the one in force?',
    steps: [search('PerMinute'), around(/^internal\/limiter/, 2, 22)],
    facts: [/PerMinute = 600/, /l\.counts\[client\] <= PerMinute/],
  },
  {
    workspace: 'relay',
    kind: 'find where',
    question: 'Where is the address that it listens on?',
    steps: [search('ListenAndServe'), around(/main\.go$/, 10, 3)],
    facts: [/RELAY_ADDRESS/, /":9090"/],
  },
  {
    workspace: 'relay',
    kind: 'explain why',
    question: 'Why can a message that failed be lost?',
    steps: [search('MaxTries'), around(/worker\.go$/, 2, 40)],
    facts: [/_ = w\.Queue\.Push\(m\)/, /loses the message here/],
  },
  {
    workspace: 'relay',
    kind: 'what breaks if',
    question: 'What answers does a client see when the queue is full?',
    steps: [search('ErrFull'), around(/handler\.go$/, 3, 8)],
    facts: [/Retry-After", "5"/, /StatusServiceUnavailable/],
  },
  {
    workspace: 'relay',
    kind: 'what breaks if',
    question: 'What else depends on the capacity of the queue?',
    steps: [search('Capacity'), open(/^internal\/queue\/queue_test\.go$/)],
    facts: [/Capacity = 1024/, /for range Capacity/],
  },
];
