/** Asks before a tool of the web is offered to the model: what it costs, and for how long. */
import * as vscode from 'vscode';
import type { Approval, Span } from '../../shared/approval';
import { strings } from '../base/strings';

interface Row extends vscode.QuickPickItem {
  readonly span: Span | null;
}

/** ms in which nothing is answered: the Enter that sent the message may come twice. */
const settleMs = 500;

/** The span of a yes; null for a no, and once the signal is aborted. The question holds up nothing but its turn. */
export function askForWeb(
  { spans }: Approval,
  tool: string,
  usd: number | null,
  signal: AbortSignal,
): Promise<Span | null> {
  const price = new Intl.NumberFormat(vscode.env.language, {
    style: 'currency',
    currency: 'USD',
    currencyDisplay: 'narrowSymbol',
  });
  const picker = vscode.window.createQuickPick<Row>();
  picker.title = strings.webConsent(tool, usd === null || usd === 0 ? null : price.format(usd * 1000));
  picker.placeholder = strings.webConsentDetail();
  picker.ignoreFocusOut = true;
  picker.items = [
    ...spans.map((span) => ({ label: strings.webSpan(span), description: strings.webSpanNote(span), span })),
    { label: strings.webDeny(), description: strings.webDenyNote(), span: null },
  ];
  const close = (): void => picker.hide();
  signal.addEventListener('abort', close, { once: true });
  return new Promise((resolve) => {
    const shownAt = Date.now();
    picker.onDidAccept(() => {
      if (Date.now() - shownAt < settleMs) return;
      resolve(picker.activeItems[0]?.span ?? null);
      close();
    });
    picker.onDidHide(() => {
      signal.removeEventListener('abort', close);
      resolve(null);
      picker.dispose();
    });
    picker.show();
    if (signal.aborted) close();
  });
}
