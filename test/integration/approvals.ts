/** Cards that wait for the user, in a real panel. */
import type { ChatHost } from './chatHost';

/** Denies each card that comes, until the last answer says this. */
export async function denyUntil(host: ChatHost, text: string): Promise<void> {
  const panel = await host.frame();
  const said = panel.locator('.answer.last .markdown', { hasText: text });
  const first = panel.locator('.approval').first();
  for (;;) {
    await said.or(first).first().waitFor();
    if ((await first.count()) === 0) return;
    const card = panel.locator(`[data-approval="${await first.getAttribute('data-approval')}"]`);
    await card.locator('[data-do="deny"]').click();
    await card.locator('[data-do="denyNow"]').click();
    await card.waitFor({ state: 'detached' });
  }
}
