/**
 * For what is only shown (an estimate, a title, an offer): its value, or `otherwise` when it fails or takes longer than
 * `ms`. Never rejects, so that nothing waits for it or ends with it. `failed` is told why.
 */
export async function beside<T>(
  work: () => T | Promise<T>,
  otherwise: T,
  failed: (error: unknown) => void,
  ms = besideMs,
): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  try {
    const late = new Promise<T>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`it took longer than ${ms} ms`)), ms);
    });
    return await Promise.race([work(), late]);
  } catch (error) {
    failed(error);
    return otherwise;
  } finally {
    clearTimeout(timer);
  }
}

/** How long what is only shown is waited for, ms. */
const besideMs = 2000;
