/**
 * Tokens estimated on this machine, so that nothing has to be asked of the API before Send. The tokenizer is not
 * public; models from Opus 4.7 on use about 2.8–3 characters a token, older ones 3.5–4 (API-FACTS §7.3). An estimate
 * that is a little high is the honest side to err on.
 */
const charactersPerToken = 3;

/** Roughly one token for each character outside the Latin scripts' range. */
const wideFrom = 0x2e80;

/** Tokens of a text, at least 0. Linear in its length. */
export function estimateTokens(text: string): number {
  let wide = 0;
  for (let i = 0; i < text.length; i += 1) {
    if (text.charCodeAt(i) >= wideFrom) wide += 1;
  }
  return Math.ceil((text.length - wide) / charactersPerToken + wide);
}
