/** Where the chat view has its place: the secondary side bar, but for who has used it in the activity bar. */
import * as vscode from 'vscode';
import type { Store } from '../../core/record/store';
import { chatViewId } from '../base/commandIds';
import { messages } from '../base/messages';
import { strings } from '../base/strings';

/** The containers, as package.json names them. That of the activity bar is empty, and not to be seen, until the view is moved there. */
const secondarySideBar = 'workbench.view.extension.prelude';
const activityBar = 'workbench.view.extension.preludeActivityBar';
/** What was decided about the place: in the store, and in VS Code's own memory, where it keeps what was moved. */
const homeKey = 'home';

/** Where it was in earlier versions, how it gets there. `isInSight`: the view is. Does nothing a second time. */
export type MoveHome = (isInSight: () => boolean) => Promise<void>;

/**
 * The view had its home in the activity bar once. Who has chatted there finds it there: VS Code itself remembers only what
 * was moved. Of a folder, a failed start or a store that was replaced this reads nothing: only conversations tell of use.
 * Decides once for each VS Code and for each store. Resolves to what moves the view, once it is shown; null where it stays.
 */
export async function keepHome(
  store: Pick<Store, 'getValue' | 'setValue' | 'list'>,
  memory: Pick<vscode.Memento, 'get' | 'update'>,
): Promise<MoveHome | null> {
  const decided = async (): Promise<string | null> =>
    (await store.getValue(homeKey)) ?? memory.get<string>(homeKey) ?? null;
  const decide = async (home: string): Promise<void> => {
    await store.setValue(homeKey, home);
    await memory.update(homeKey, home);
  };
  const before = await decided();
  const isUsed = before === null && (await store.list({ workspaces: null, limit: 1 })).rows.length > 0;
  if (!isUsed) {
    await decide(before ?? 'secondarySidebar');
    return null;
  }
  return async (isInSight) => {
    // Another window was shown first.
    if ((await decided()) !== null) return;
    const isThere = await isInSecondarySideBar(isInSight);
    await decide(isThere ? 'activitybar' : 'moved');
    if (!isThere) return;
    await moveTo(activityBar);
    const move = strings.moveToSecondarySideBar();
    const chosen = await messages.info(strings.keptInActivityBar(), move);
    if (chosen === move) await moveTo(secondarySideBar);
  };
}

/** VS Code tells nobody where a view is: this one goes and comes with that side bar, or the user has moved it elsewhere. */
async function isInSecondarySideBar(isInSight: () => boolean): Promise<boolean> {
  const toggle = (): Thenable<unknown> => vscode.commands.executeCommand('workbench.action.toggleAuxiliaryBar');
  if (!isInSight()) return false;
  await toggle();
  const isGone = !isInSight();
  await toggle();
  return isGone;
}

async function moveTo(destinationId: string): Promise<void> {
  await vscode.commands.executeCommand('vscode.moveViews', { viewIds: [chatViewId], destinationId });
}
