/** What the tools that the API runs itself say to the user: what is being done, what was done, and what came of it. */
import type { LocalizableMessage } from '../../../shared/chat';
import { phrase } from '../../../shared/phrase';
import { type Doing, doing } from '../words/doing';

/** English templates, translated where they are shown. */
export const serverToolStrings = {
  searchWeb: (query: string): Doing =>
    query === ''
      ? doing('Search the web', 'Searching the web', 'Searched the web')
      : doing('Search the web for {0}', 'Searching the web for {0}', 'Searched the web for {0}', query),
  fetch: (place: string): Doing =>
    place === ''
      ? doing('Fetch a page', 'Fetching a page', 'Fetched a page')
      : doing('Fetch {0}', 'Fetching {0}', 'Fetched {0}', place),
  runCode: (): Doing =>
    doing('Run code on Anthropic’s side', 'Running code on Anthropic’s side', 'Ran code on Anthropic’s side'),
  editFile: (path: string): Doing =>
    doing('Use {0} on Anthropic’s side', 'Using {0} on Anthropic’s side', 'Used {0} on Anthropic’s side', path),
  searchTools: (): Doing => doing('Search for tools', 'Searching for tools', 'Searched for tools'),
  other: (tool: string): Doing => doing('Run {0}', 'Running {0}', 'Ran {0}', tool),
  /** A result without its call, or a block of a kind that is not known. */
  received: (kind: string) => phrase('Received {0}', kind),

  noResults: () => phrase('No results'),
  results: (count: number) => (count === 1 ? phrase('1 result') : phrase('{0} results', count)),
  exitCode: (code: number) => phrase('Exit code {0}', code),
  done: () => phrase('Done'),
  failed: (code: string) => phrase('Failed: {0}', code),
} as const;

/** The error codes of the web's tools in words (API-FACTS §8.4). */
export const serverToolErrors: Readonly<Record<string, () => LocalizableMessage>> = {
  invalid_tool_input: () => phrase('The request wasn’t valid'),
  unavailable: () => phrase('Not available right now'),
  max_uses_exceeded: () => phrase('The limit for one answer was reached'),
  too_many_requests: () => phrase('Too many requests'),
  query_too_long: () => phrase('The query is too long'),
  request_too_large: () => phrase('The request is too large'),
  url_too_long: () => phrase('The address is too long'),
  url_not_allowed: () => phrase('The address isn’t allowed'),
  url_not_in_prior_context: () => phrase('The address wasn’t mentioned before'),
  url_not_accessible: () => phrase('Couldn’t reach the page'),
  unsupported_content_type: () => phrase('The page isn’t text or PDF'),
  content_too_large: () => phrase('The page is too large'),
};
