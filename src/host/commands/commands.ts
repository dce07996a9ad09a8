/** What each command of package.json does. */

import * as vscode from 'vscode';
import type { ApiFetch } from '../../core/api/client';
import type { Log } from '../../core/base/ports';
import { settle } from '../base/answers';
import type { CommandTable } from '../base/commandIds';
import { strings } from '../base/strings';
import type { ChatTabs } from '../panel/chatTabs';
import type { ChatView } from '../panel/chatView';
import type { ChatSession, FindStep, TurnTarget, ViewActions } from '../panel/viewLink';
import type { ReviewPlace } from '../session/turns/controllerDeps';
import type { ExplainTarget } from '../settings/scopedSettings';
import type { Secrets } from '../settings/secrets';
import { pickWay, type Ways } from './answerWay';
import { createCodeCommands } from './codeCommands';
import { type CommandSession, type CommandTarget, createEditorCommands } from './editorCommands';
import { meantTab } from './meantChat';
import { said } from './said';
import { askForKey, type SetKeyParts, setGivenKey } from './setKey';
import { pickTurn } from './turnPick';
import { createWindowCommands } from './windowCommands';

/** The side bar, and the conversations in memory. */
interface SideBarSessions extends CommandTarget {
  startNew(): Promise<CommandSession>;
  readonly currentId: string | null;
  /** Shows a stored conversation. Rejects when there is none with this id. */
  open(id: string): Promise<unknown>;
  /** Whichever speaks for a conversation now; null when there is none. */
  find(id: string): Promise<ChatSession | null>;
}

interface CommandParts {
  readonly extensionId: string;
  readonly channel: vscode.LogOutputChannel;
  readonly secrets: Secrets;
  readonly sessions: SideBarSessions;
  readonly explainTarget: () => ExplainTarget;
  /** The id of what the last command in a terminal has left. */
  readonly lastOutput: () => string | null;
  readonly log: Log;
  readonly view: () => ChatView;
  readonly tabs: () => ChatTabs;
  readonly showUsage: () => void;
  /** Where in a chat the change stands that the active editor shows. */
  readonly reviewed: () => ReviewPlace | null;
  readonly fetch: ApiFetch;
  readonly openBilling: () => Promise<void>;
  readonly showAddressLimits: () => Promise<void>;
  readonly actions: ViewActions;
  readonly managePermissions: () => Promise<void>;
  /** All conversations of the workspace. */
  readonly exportAll: () => Promise<void>;
  readonly models: () => Ways;
}

/** The table of all commands; extension.ts registers each by its id. */
export function createCommands(parts: CommandParts): CommandTable {
  const { secrets, sessions } = parts;
  const openSettings = async (): Promise<void> => {
    await vscode.commands.executeCommand('workbench.action.openSettings', `@ext:${parts.extensionId}`);
  };
  const keyParts: SetKeyParts = { secrets, fetch: parts.fetch, openBilling: parts.openBilling, openSettings };
  const meant = (context?: unknown): ChatTabs['active'] =>
    meantTab(context, { view: parts.view(), tabs: parts.tabs() });
  const find = async (step: FindStep): Promise<void> => {
    const tab = meant();
    if (tab === null) await parts.view().find(step);
    else tab.find(step);
  };
  const goToTurn = async (to: TurnTarget, tab = meant()): Promise<void> => {
    if (tab === null) await parts.view().goToTurn(to);
    else tab.goToTurn(to);
  };
  const exported = (work: () => unknown): Promise<unknown> => said(settle('exportConversation', work, parts.log));
  return {
    'prelude.newChat': async () => {
      await sessions.startNew();
      await parts.view().focus();
    },

    'prelude.focusChat': () => parts.view().focus(),

    'prelude.focusEditor': async () => {
      await vscode.commands.executeCommand('workbench.action.focusActiveEditorGroup');
    },

    ...createEditorCommands({
      shown: (context) => (meant(context) ?? sessions).current(),
      keyState: () => secrets.state(),
      setKey: () => askForKey(keyParts),
      tabInSight: () => parts.tabs().inSight,
      sideBar: sessions,
      reveal: () => parts.view().reveal(),
      lastOutput: parts.lastOutput,
      target: parts.explainTarget,
      log: parts.log,
    }),

    ...createWindowCommands({
      shown: (context) => (meant(context) ?? sessions).current(),
      find: (conversation) => sessions.find(conversation),
      pickWay: () => pickWay(parts.models()),
      open: async (conversation, context) => {
        if (meant(context) !== null) return await parts.tabs().open(conversation);
        await sessions.open(conversation);
        await parts.view().focus();
      },
      reveal: async (context) => (meant(context) === null ? parts.view().reveal() : undefined),
      log: parts.log,
    }),

    ...createCodeCommands({
      ...parts,
      find: (conversation) => sessions.find(conversation),
      showCard: async (key, context) => {
        const tab = meant(context);
        if (tab === null) await parts.view().showCard(key);
        else tab.showCard(key);
      },
    }),

    'prelude.exportChat': async (context) => {
      const { conversation } = await (meant(context) ?? sessions).current();
      await exported(() => parts.actions.exportConversation({ type: 'exportConversation', id: conversation }));
    },
    'prelude.exportAllChats': () => exported(parts.exportAll),

    'prelude.conversations': () => parts.view().toggleList(),

    'prelude.renameChat': async () => {
      const tab = meant();
      if (tab === null) await parts.view().rename();
      else tab.rename();
    },

    // The argument is for scripts; by itself it is what the side bar shows.
    'prelude.openInEditor': async (given) => {
      await parts.tabs().open(typeof given === 'string' ? given : (await sessions.current()).conversation);
    },

    'prelude.newChatInTab': async () => parts.tabs().active?.startNew(),

    'prelude.conversationsInTab': async () => parts.tabs().active?.toggleList(),

    'prelude.showAddressLimits': () => parts.showAddressLimits(),

    'prelude.review': async () => {
      const tab = meant();
      if (tab === null) await parts.view().review();
      else tab.review();
    },

    'prelude.previousTurn': () => goToTurn('previous'),
    'prelude.nextTurn': () => goToTurn('next'),
    'prelude.goToTurn': async () => {
      // Another may be used while the list is open.
      const tab = meant();
      const shown = await (tab ?? sessions).current();
      const picked = await pickTurn(shown.questions);
      if (picked !== null) await goToTurn(`user/${picked}`, tab);
    },

    'prelude.findInChat': () => find('open'),
    'prelude.findNext': () => find('next'),
    'prelude.findPrevious': () => find('previous'),

    'prelude.backToReview': async () => {
      const place = parts.reviewed();
      if (place !== null && parts.tabs().review(place)) return;
      if (place !== null && place.conversation !== sessions.currentId) await sessions.open(place.conversation);
      await parts.view().review(place?.answer);
    },

    'prelude.managePermissions': () => parts.managePermissions(),

    'prelude.showUsage': async () => parts.showUsage(),

    // The argument is for tests and scripts; a person types into a box that hides what is typed.
    'prelude.setApiKey': (given) => (typeof given === 'string' ? setGivenKey(given, keyParts) : askForKey(keyParts)),

    'prelude.clearApiKey': async () => {
      await secrets.clear();
      vscode.window.setStatusBarMessage(strings.keyRemoved(), 5000);
    },

    'prelude.openSettings': openSettings,

    'prelude.openLog': async () => parts.channel.show(),
  };
}
