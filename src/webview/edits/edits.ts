/** What shows changes of files: loaded when there is the first one to show. */
import type { Asks } from '../view/asks';
import { Later } from '../view/later';
import type { EditParts, EditViews } from '../view/view';

/** Loads it once; without it a change is asked about by its name alone. */
export class Edits implements EditViews {
  /** Grows with every change, so that templates can depend on it. */
  version = 0;
  readonly #later: Later<EditParts>;

  /** `changed` draws what came; `clicked` where that is what the user has asked for there. */
  constructor(
    asks: Pick<Asks, 'ask' | 'ofChat'>,
    private readonly changed: (clicked: boolean) => void,
  ) {
    this.#later = new Later(
      async () => (await import('./editParts')).createEditParts(asks, () => this.#drawn(true)),
      () => this.#drawn(false),
    );
  }

  /** Asked for, and not there yet. */
  get isLoading(): boolean {
    return this.#later.isLoading;
  }

  get parts(): EditParts | null {
    return this.#later.part;
  }

  get failed(): boolean {
    return this.#later.failed;
  }

  #drawn(clicked: boolean): void {
    this.version += 1;
    this.changed(clicked);
  }
}
