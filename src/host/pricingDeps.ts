/** What the next request is made and priced with. */

import type { Api } from '../core/access';
import type { AddressBook } from '../core/addressBook';
import type { Models } from '../core/modelList';
import type { Clock, Log } from '../core/ports';
import type { ChatSettings } from '../core/settings';
import type { Store } from '../core/store';
import type { Pauses } from './pauses';
import type { TokenBook } from './tokenBook';

export interface PricingDeps {
  readonly store: Store;
  readonly api: Api;
  readonly addresses: AddressBook;
  readonly clock: Clock;
  readonly log: Log;
  readonly settings: () => ChatSettings;
  readonly models: Models;
  /** What was learnt of tokens and answers. */
  readonly tokens: TokenBook;
  readonly pauses: Pauses;
  readonly fetch: typeof globalThis.fetch;
}
