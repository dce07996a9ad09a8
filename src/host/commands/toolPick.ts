/**
 * The list of tools of others, as VS Code's own quick pick with check boxes: each server is a row that stands for all of
 * its tools, and the price of what is checked stands in the title.
 */
import { setTimeout } from 'node:timers/promises';
import * as vscode from 'vscode';
import { messages } from '../base/messages';
import { strings } from '../base/strings';
import type { PricedTool } from '../pricing/toolPrices';
import type { ToolPicker } from '../session/turns/controllerDeps';
import { createOtherTools } from '../workspace/otherTools';
import { vscodeTools } from '../workspace/vscodeTools';
import { checked, type SourceRow, serverIds, sourceRows, total } from './toolRows';

interface Row extends vscode.QuickPickItem {
  /** A server or an extension, or one of its tools. */
  readonly of: SourceRow | PricedTool | null;
}

/** Asks which tools are to be offered from now on; undefined where nothing was decided. */
export const toolPick: ToolPicker = {
  choose: async (list, about) => {
    if (!vscode.workspace.isTrusted) {
      await offer(strings.toolsRestricted(), strings.manageTrust(), 'workbench.trust.manage');
      return undefined;
    }
    if (list.length === 0) {
      await offer(strings.noOtherTools(), strings.showServers(), showServers);
      return undefined;
    }
    return pick(list, about);
  },
  startServer: async (server) => {
    const isThere = (): boolean => hasServer(server);
    // To an id that it does not have VS Code does nothing.
    for (const id of serverIds(server, vscode.workspace.workspaceFolders?.length ?? 0)) {
      if (isThere()) return;
      await vscode.commands.executeCommand('workbench.mcp.startServer', id, { waitForLiveTools: true });
    }
    // Tools are told a moment after their server has them.
    await settled(isThere);
    if (!isThere()) await vscode.commands.executeCommand(showServers);
  },
};

/** ms for which a server's tools are waited for. */
const toolsMs = 2_000;

async function settled(isThere: () => boolean): Promise<void> {
  const end = Date.now() + toolsMs;
  while (!isThere() && Date.now() < end) await setTimeout(100);
}

function hasServer(server: string): boolean {
  return createOtherTools(vscodeTools, new Set())
    .live()
    .some(({ source }) => source.kind === 'mcp' && source.id === server);
}

/** VS Code's own list: servers are added and started there. */
const showServers = 'workbench.mcp.listServer';

async function offer(message: string, button: string, command: string): Promise<void> {
  if ((await messages.info(message, button)) === button) await vscode.commands.executeCommand(command);
}

function pick(
  list: readonly PricedTool[],
  { model, rewrite }: Parameters<ToolPicker['choose']>[1],
): Promise<ReadonlySet<string> | undefined> {
  const picker = vscode.window.createQuickPick<Row>();
  const groups = sourceRows(list);
  const rows = groups.flatMap((group): Row[] => [
    { label: '', kind: vscode.QuickPickItemKind.Separator, of: null },
    sourceItem(group),
    ...group.tools.map((tool) => toolItem(tool, model)),
  ]);
  picker.canSelectMany = true;
  picker.ignoreFocusOut = true;
  picker.matchOnDescription = true;
  picker.placeholder = rewrite === null ? strings.toolsPlaceholder() : strings.toolsRewrite(price(rewrite));
  const servers = { iconPath: new vscode.ThemeIcon('server'), tooltip: strings.showServers() };
  picker.buttons = [servers];
  picker.items = rows;
  let keys: ReadonlySet<string> = new Set(list.filter(({ chosen }) => chosen).map(({ key }) => key));
  const show = (): void => {
    picker.selectedItems = rows.filter(({ of }) => of !== null && isChecked(of, keys));
    picker.title = strings.toolsTitle(keys.size, price(total(list, keys)));
  };
  show();
  picker.onDidChangeSelection((items) => {
    const before = keys;
    keys = checked(groups, keys, new Set(items.flatMap(({ of }) => (of === null ? [] : [of]))));
    const selected = rows.filter(({ of }) => of !== null && isChecked(of, keys)).length;
    // What a server's row does to its tools is shown; nothing is said twice.
    if (keys !== before || selected !== items.length) show();
  });
  return new Promise((resolve) => {
    picker.onDidAccept(() => {
      resolve(keys);
      picker.hide();
    });
    picker.onDidTriggerButton(() => {
      picker.hide();
      void vscode.commands.executeCommand(showServers);
    });
    picker.onDidHide(() => {
      resolve(undefined);
      picker.dispose();
    });
    picker.show();
  });
}

function isChecked(of: SourceRow | PricedTool, keys: ReadonlySet<string>): boolean {
  if ('key' in of) return keys.has(of.key);
  const usable = of.tools.filter(({ tool }) => tool !== null);
  return usable.length > 0 && usable.every(({ key }) => keys.has(key));
}

function sourceItem(group: SourceRow): Row {
  const icon = { mcp: 'server', extension: 'extensions', api: 'globe' }[group.source.kind];
  const usable = group.tools.filter(({ tool }) => tool !== null);
  const all = price(total(group.tools, new Set(usable.map(({ key }) => key))));
  return {
    label: `$(${icon}) ${plain(group.source.name)}`,
    description: strings.toolsOfSource(usable.length, all),
    of: group,
  };
}

function toolItem(row: PricedTool, model: string): Row {
  const { title, description, problem, since, usdPerCall } = row;
  const perCall =
    usdPerCall === undefined || problem !== null
      ? null
      : strings.perThousand(usdPerCall === 0 ? null : dollars(usdPerCall * 1000));
  const why =
    problem === 'model' ? strings.notWithModel(model) : problem === null ? null : strings.toolProblem(problem);
  const note = why ?? (since === null ? null : strings.toolSince(since));
  const facts = [problem === null ? price(row) : null, perCall, note].filter((text) => text !== null);
  const line = firstLine(description);
  return {
    label: `\u2003${plain(title)}`,
    description: facts.reduce((all, fact) => (all === '' ? fact : strings.beside(all, fact)), ''),
    // An empty second row would be shown.
    ...(line === '' ? {} : { detail: `\u2003${plain(line)}` }),
    of: row,
  };
}

/** "1.2k · $0.0006": tokens, and US dollars for each request; "—" for a price that is not known. */
function price({ tokens, usd }: { readonly tokens: number; readonly usd: number | null }): string {
  const count = new Intl.NumberFormat(vscode.env.language, { notation: 'compact', maximumFractionDigits: 1 });
  return strings.beside(count.format(tokens), usd === null ? '—' : dollars(usd));
}

function dollars(usd: number): string {
  const digits = usd <= 0 ? 2 : Math.min(8, Math.max(2, -Math.floor(Math.log10(usd))));
  return new Intl.NumberFormat(vscode.env.language, {
    style: 'currency',
    currency: 'USD',
    currencyDisplay: 'narrowSymbol',
    maximumFractionDigits: digits,
    minimumFractionDigits: 2,
  }).format(usd);
}

function firstLine(text: string): string {
  return text.trim().split('\n', 1)[0] ?? '';
}

/** What others wrote draws no icons. */
function plain(text: string): string {
  return text.replaceAll('$(', '\\$(');
}
