/** Why a conversation is not shown. It is said in its place; nothing else depends on it. */
export class UnopenedError extends Error {
  constructor(
    /** null when it is not even known which one was to be shown: the store does not answer. */
    readonly conversation: string | null,
    /** '' when it is not known. */
    readonly title: string,
    cause: unknown,
  ) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.name = 'UnopenedError';
  }
}
