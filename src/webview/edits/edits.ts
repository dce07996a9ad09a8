/** What shows changes of files: loaded when there is the first one to show. */
import type { Asks } from '../view/asks';
import type { EditParts, EditViews } from '../view/view';

/** Loads it once; without it a change is asked about by its name alone. */
export class Edits implements EditViews {
  /** Grows with every change, so that templates can depend on it. */
  version = 0;
  failed = false;
  #parts: EditParts | null = null;
  #isAsked = false;

  /** `changed` draws what came; `clicked` where that is what the user has asked for there. */
  constructor(
    private readonly asks: Pick<Asks, 'ofChat'>,
    private readonly changed: (clicked: boolean) => void,
  ) {}

  get parts(): EditParts | null {
    if (!this.#isAsked) {
      this.#isAsked = true;
      import('./editParts').then(
        ({ createEditParts }) => {
          this.#parts = createEditParts(this.asks, () => this.#drawn(true));
          this.#drawn(false);
        },
        () => {
          this.failed = true;
          this.#drawn(false);
        },
      );
    }
    return this.#parts;
  }

  #drawn(clicked: boolean): void {
    this.version += 1;
    this.changed(clicked);
  }
}
