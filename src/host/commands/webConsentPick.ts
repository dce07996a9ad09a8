/** Asks before a tool of the web is offered to the model: what it costs, and for how long. */
import * as vscode from 'vscode';
import type { Approval, Span } from '../../shared/approval';
import { strings } from '../base/strings';

/** The span of a yes; null for a no. */
export async function askForWeb({ spans }: Approval, tool: string, usd: number | null): Promise<Span | null> {
  const price = new Intl.NumberFormat(vscode.env.language, {
    style: 'currency',
    currency: 'USD',
    currencyDisplay: 'narrowSymbol',
  });
  const question = strings.webConsent(tool, usd === null || usd === 0 ? null : price.format(usd * 1000));
  const words: Readonly<Record<Span, string>> = {
    once: strings.webOnce(),
    conversation: strings.webConversation(),
    workspace: strings.webWorkspace(),
  };
  const options = { modal: true, detail: strings.webConsentDetail() };
  const said = await vscode.window.showInformationMessage(question, options, ...spans.map((span) => words[span]));
  return spans.find((span) => words[span] === said) ?? null;
}
