/**
 * Words of how requests are billed, which stand in what a click opens and not on the panel itself. A token that gives
 * access is another thing.
 */
export const billingWords =
  /(?<!\b(?:access|login) )\b(?:tokens?|cach(?:e|es|ed|ing)|warm(?:ed|s|ing|-ups?)?|cold|stale|snapshots?|rewrit(?:e|es|ten|ing)|rewrote)\b/i;
