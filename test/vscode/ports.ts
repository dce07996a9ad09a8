import { createServer } from 'node:net';

/** A loopback port that is free now: the wished one if possible. Nothing holds it until its user listens on it. */
export async function freePort(wish = 0): Promise<number> {
  const taken = await new Promise<number | undefined>((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(undefined));
    probe.listen(wish, '127.0.0.1', () => {
      const address = probe.address();
      const port = typeof address === 'object' && address ? address.port : undefined;
      probe.close(() => resolve(port));
    });
  });
  if (taken !== undefined) return taken;
  if (wish === 0) throw new Error('No free port on 127.0.0.1 could be had.');
  return freePort();
}
