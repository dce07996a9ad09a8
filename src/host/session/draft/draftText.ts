/**
 * The text of a conversation’s draft: what is typed, what came back behind it, and what was sent and is not in the record
 * yet. To the store all of it is the draft (LESSONS L2).
 */
export class DraftText {
  private text = '';
  /** Sent, and not in the record yet. */
  private onTheirWay: readonly string[] = [];
  /** Those that were put behind the others and that the view may not have shown yet. */
  private givenBack = '';
  /** Those that no view can have shown. */
  private unseen = '';
  /** Until the record has answered whether it takes words in. */
  private answered: Promise<void> = Promise.resolve();
  private answer = (): void => undefined;

  /** Takes over what is stored. */
  take(stored: string): void {
    this.text = stored;
  }

  /** As the composer has them. */
  get typed(): string {
    return this.text;
  }

  /** The same for a view that shows them from now on. */
  seen(): string {
    this.unseen = '';
    return this.text;
  }

  /** What came back and no view can have shown. */
  get notSeen(): string {
    return this.unseen;
  }

  /** What is kept in the store. */
  get toStore(): string {
    return joined(...this.onTheirWay, this.text);
  }

  /**
   * Resolves when the record is not about to take in words that are on their way: a draft that is stored in between
   * would hold them once more, or be replaced by the one that the record stores with them.
   */
  get settled(): Promise<void> {
    return this.answered;
  }

  /** The same when words that the record is asked to take in have arrived. */
  leaving(sent: string): string {
    this.asks();
    const at = this.onTheirWay.indexOf(sent);
    return joined(...this.onTheirWay.toSpliced(at, at === -1 ? 0 : 1), this.text);
  }

  /** The same when these have come back out of the record; `cameBack` says that they have, or have not. */
  comingBack(text: string): string {
    this.asks();
    return joined(...this.onTheirWay, this.with(text));
  }

  cameBack(): void {
    this.answer();
  }

  private asks(): void {
    this.answer();
    this.answered = new Promise((resolve) => {
      this.answer = resolve;
    });
  }

  private with(text: string): string {
    const typed = this.text.trimEnd();
    return typed === text.trimEnd() ? text : behind(typed, text);
  }

  /** Says what is typed now. False when that is known. */
  set(text: string): boolean {
    const words = text.includes(this.unseen) ? text : behind(text, this.unseen);
    this.givenBack = this.unseen;
    if (this.text === words) return false;
    this.text = words;
    return true;
  }

  /** Puts words behind what is typed, unless that is what they are. */
  putBehind(text: string, isShown: boolean): void {
    this.text = this.with(text);
    this.givenBack = joined(this.givenBack, text);
    if (!isShown) this.unseen = joined(this.unseen, text);
  }

  /** Takes out what is on its way into the record; what is typed from now on is another. */
  hold(sent: string): void {
    // The view has cleared what it showed.
    this.text = sent.includes(this.givenBack) ? '' : this.givenBack;
    this.givenBack = this.text;
    if (this.text === '') this.unseen = '';
    this.onTheirWay = [...this.onTheirWay, sent];
  }

  /** They have arrived, or go back. */
  release(sent: string): void {
    this.answer();
    const at = this.onTheirWay.indexOf(sent);
    this.onTheirWay = this.onTheirWay.filter((_, index) => index !== at);
  }
}

function behind(typed: string, text: string): string {
  return joined(typed.trimEnd(), text);
}

function joined(...parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join('\n\n');
}
