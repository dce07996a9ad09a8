/**
 * What the user said of the environment's key, on this machine. It is said of one key on its way to one host: another
 * host is another question, however it came into the environment or the settings.
 */
import type * as vscode from 'vscode';
import type { EnvironmentConsent } from './secrets';

/** Where VS Code keeps it. At first it was one answer, `true` or `false`, for whichever host. */
const name = 'prelude.environmentKey';
/** Host → answer. */
const hostsName = 'prelude.environmentKeyHosts';
/** An agreement without a host was given where nothing else was set, or for what is not known any more. */
const firstHost = 'api.anthropic.com';

/** Answers by host, kept in the extension's global state on this machine. */
export function storedConsent(memento: Pick<vscode.Memento, 'get' | 'update'>): EnvironmentConsent {
  const answers = (): ReadonlyMap<string, boolean> => {
    const stored = memento.get<unknown>(hostsName);
    if (typeof stored !== 'object' || stored === null) return new Map();
    return new Map(Object.entries(stored).filter((entry): entry is [string, boolean] => typeof entry[1] === 'boolean'));
  };
  return {
    get(host) {
      const answer = answers().get(host);
      if (answer !== undefined) return answer;
      const before = memento.get<unknown>(name);
      if (before === false) return false;
      return before === true && host === firstHost ? true : null;
    },
    async set(use, host) {
      const now = new Map(answers());
      // Who wants it used no more wants that everywhere.
      if (!use) for (const [other, agreed] of now) if (agreed) now.delete(other);
      await memento.update(hostsName, Object.fromEntries(now.set(host, use)));
      await memento.update(name, undefined);
    },
  };
}
