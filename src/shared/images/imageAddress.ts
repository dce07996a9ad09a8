/** The address when a text is nothing but that of an image which the API could fetch (https only); null otherwise. */
export function imageAddress(text: string): string | null {
  const given = text.trim();
  if (given.length > 2048 || /\s/.test(given)) return null;
  return /^https:\/\/[^/?#@]+\/[^?#]*\.(?:png|jpe?g|gif|webp)(?:[?#].*)?$/i.test(given) ? given : null;
}
