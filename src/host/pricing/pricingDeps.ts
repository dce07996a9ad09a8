/** What the next request is made and priced with. */

import type { Api } from '../../core/api/access';
import type { AddressBook } from '../../core/api/addressBook';
import type { ApiFetch } from '../../core/api/client';
import type { Models } from '../../core/api/modelList';
import type { Clock, Log } from '../../core/base/ports';
import type { ChatSettings } from '../../core/base/settings';
import type { Store } from '../../core/record/store';
import type { Pauses } from './pauses';
import type { TokenCalibrationStore } from './tokenCalibrationStore';

/** The parts of the host that requests and prices are made with. */
export interface PricingDeps {
  readonly store: Store;
  readonly api: Api;
  readonly addresses: AddressBook;
  readonly clock: Clock;
  readonly log: Log;
  readonly settings: () => ChatSettings;
  readonly models: Models;
  /** What was learnt of tokens and answers. */
  readonly tokens: TokenCalibrationStore;
  readonly pauses: Pauses;
  readonly fetch: ApiFetch;
}
