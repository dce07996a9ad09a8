/** A web shop in TypeScript: one of the workspaces that the tasks are about. */
import { filler } from './filler';

const payments = `import { config } from '../config';
import { PaymentError } from './errors';
import { withRetry } from './retry';

export interface Charge {
  readonly id: string;
  readonly cents: number;
}

/** Charges a card. A second call with the same key is answered with the first one's charge. */
export async function charge(card: string, cents: number, key: string): Promise<Charge> {
  return await withRetry(async () => {
    const response = await fetch(\`\${config.paymentsUrl}/charges\`, {
      method: 'POST',
      headers: { 'idempotency-key': key },
      body: JSON.stringify({ card, cents }),
    });
    if (response.status === 409) throw new PaymentError('duplicate', false);
    if (response.status >= 500) throw new PaymentError('unavailable', true);
    return (await response.json()) as Charge;
  });
}
`;

const retry = `import { PaymentError } from './errors';

/** Tries so often at most, the first time included. */
const maxAttempts = 4;
const firstPauseMs = 250;

/** Runs an operation again while it fails in a way that may pass. */
export async function withRetry<T>(operation: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await operation();
    } catch (error) {
      const passes = error instanceof PaymentError && error.retryable;
      if (!passes || attempt === maxAttempts) throw error;
      await new Promise((resolve) => setTimeout(resolve, firstPauseMs * 2 ** (attempt - 1)));
    }
  }
}
`;

const session = `import { createHmac, timingSafeEqual } from 'node:crypto';
import { config } from '../config';

/** A day, in seconds. */
export const sessionSeconds = 86_400;

export interface Session {
  readonly user: string;
  readonly expires: number;
}

/** The cookie of a session: its text and a signature. */
export function signSession(session: Session): string {
  const text = Buffer.from(JSON.stringify(session)).toString('base64url');
  return \`\${text}.\${signature(text)}\`;
}

/** null for a cookie that was changed or is too old. */
export function readSession(cookie: string, now: number): Session | null {
  const [text = '', signed = ''] = cookie.split('.');
  const expected = Buffer.from(signature(text));
  const given = Buffer.from(signed);
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return null;
  const session = JSON.parse(Buffer.from(text, 'base64url').toString()) as Session;
  return session.expires > now ? session : null;
}

function signature(text: string): string {
  return createHmac('sha256', config.sessionSecret).update(text).digest('base64url');
}
`;

const orders = `import type { Router } from '../http/router';
import { charge } from '../payments/client';
import { transaction } from '../db/pool';
import { readSession } from '../auth/session';
import { reserve, release } from '../stock/reserve';

/** POST /orders: reserves, charges, stores. */
export function orderRoutes(router: Router): void {
  router.post('/orders', async (request) => {
    const session = readSession(request.cookie, Date.now());
    if (session === null) return { status: 401 };
    const held = await reserve(request.body.items);
    try {
      const paid = await charge(request.body.card, held.cents, request.body.key);
      await transaction((db) => db.insert('orders', { user: session.user, charge: paid.id, items: held.items }));
      return { status: 201, body: { charge: paid.id } };
    } catch (error) {
      await release(held);
      throw error;
    }
  });
}
`;

const reserve = `import { transaction } from '../db/pool';
import { OutOfStock } from './errors';

export interface Held {
  readonly items: readonly string[];
  readonly cents: number;
}

/** Takes items off the stock for fifteen minutes. */
export async function reserve(items: readonly string[]): Promise<Held> {
  return await transaction(async (db) => {
    const rows = await db.lock('stock', items);
    const missing = rows.find((row) => row.count < 1);
    if (missing !== undefined) throw new OutOfStock(missing.sku);
    for (const row of rows) await db.update('stock', row.sku, { count: row.count - 1 });
    return { items, cents: rows.reduce((sum, row) => sum + row.cents, 0) };
  });
}

export async function release(held: Held): Promise<void> {
  await transaction(async (db) => {
    for (const row of await db.lock('stock', held.items)) await db.update('stock', row.sku, { count: row.count + 1 });
  });
}
`;

const pool = `import { config } from '../config';
import { Client } from './driver';

/** Connections at most: the database itself allows 100 over all servers. */
const maxConnections = 20;
const idle: Client[] = [];
let open = 0;

/** Runs work in a transaction: all of it is stored, or nothing. */
export async function transaction<T>(work: (db: Client) => Promise<T>): Promise<T> {
  const client = idle.pop() ?? (await connect());
  try {
    await client.run('BEGIN ISOLATION LEVEL REPEATABLE READ');
    const result = await work(client);
    await client.run('COMMIT');
    return result;
  } catch (error) {
    await client.run('ROLLBACK');
    throw error;
  } finally {
    idle.push(client);
  }
}

async function connect(): Promise<Client> {
  if (open >= maxConnections) throw new Error('No database connection is free');
  open += 1;
  return await Client.open(config.databaseUrl);
}
`;

const config = `/** What the environment says, read once. */
export const config = {
  port: Number(process.env['PORT'] ?? 8080),
  databaseUrl: process.env['DATABASE_URL'] ?? 'postgres://localhost/shop',
  paymentsUrl: process.env['PAYMENTS_URL'] ?? 'https://payments.example.com',
  sessionSecret: process.env['SESSION_SECRET'] ?? '',
  featureNewCheckout: process.env['FEATURE_NEW_CHECKOUT'] === '1',
} as const;
`;

const routes = ['users', 'carts', 'returns', 'reports', 'search', 'coupons', 'addresses'];

/** Paths and texts. */
export const shop: Readonly<Record<string, string>> = {
  'README.md': '# Shop\n\nStart with `npm run dev`. Orders are charged before they are stored.\n',
  '.gitignore': 'node_modules/\ndist/\n',
  'package.json': '{ "name": "shop", "scripts": { "dev": "node src/server.ts" } }\n',
  'src/config.ts': config,
  'src/server.ts': `import { config } from './config';\nimport { orderRoutes } from './routes/orders';\n\n${filler('ts', 1, 20)}`,
  'src/payments/client.ts': `${payments}\n${filler('ts', 2, 25)}`,
  'src/payments/retry.ts': `${retry}\n${filler('ts', 3, 8)}`,
  'src/payments/errors.ts':
    'export class PaymentError extends Error {\n  constructor(readonly reason: string, readonly retryable: boolean) {\n    super(reason);\n  }\n}\n',
  'src/auth/session.ts': `${filler('ts', 4, 30)}\n${session}`,
  'src/db/pool.ts': `${filler('ts', 5, 12)}\n${pool}`,
  'src/stock/reserve.ts': `${reserve}\n${filler('ts', 6, 15)}`,
  'src/routes/orders.ts': orders,
  'src/app/[locale]/checkout/page.tsx':
    "import { config } from '../../../config';\n\nexport default function Checkout() {\n  return config.featureNewCheckout ? <NewCheckout /> : <OldCheckout />;\n}\n",
  ...Object.fromEntries(routes.map((name, n) => [`src/routes/${name}.ts`, filler('ts', 20 + n, 40)])),
  ...Object.fromEntries(routes.map((name, n) => [`dist/routes/${name}.js`, filler('ts', 20 + n, 40)])),
  'dist/payments/retry.js': retry,
  'node_modules/retry/index.js': `exports.maxAttempts = 10;\n${filler('ts', 40, 60)}`,
  'test/retry.test.ts':
    "import { withRetry } from '../src/payments/retry';\n\nit('gives up after four attempts', async () => {\n  let calls = 0;\n  await assert.rejects(withRetry(async () => { calls += 1; throw new PaymentError('unavailable', true); }));\n  assert.equal(calls, 4);\n});\n",
};
