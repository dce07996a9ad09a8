/** What the API's own tools cost beside their tokens (API-FACTS §7.3, §8.4): a fetch costs its tokens alone. */

/** US dollars of one search of the web. */
export const usdPerSearch = 0.01;
