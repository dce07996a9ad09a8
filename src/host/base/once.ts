/** Something that is made when it is first asked for, and made once. */
export class Once<T> {
  #made: Promise<T> | null = null;

  constructor(private readonly make: () => Promise<T>) {}

  /** Those that ask at the same time share one attempt. A failure is forgotten: the next one asks again. */
  get(): Promise<T> {
    if (this.#made !== null) return this.#made;
    const made = this.tried();
    this.#made = made;
    made.catch(() => {
      if (this.#made === made) this.#made = null;
    });
    return made;
  }

  /** It is made anew when it is next asked for. */
  forget(): void {
    this.#made = null;
  }

  private async tried(): Promise<T> {
    return this.make();
  }
}
