/**
 * Decides whether a call of a tool runs, asks the user first, or is refused: from what the call does and what the user
 * has allowed. No text that the model, a file, a page or a server wrote takes part in it. Pure (DESIGN "The tools").
 */
import type { Approval, Concern, Span } from '../../shared/approval';
import type { ProposedChange } from '../../shared/edits';
import type { Written } from './edits/editing';

/** A file or folder that a call would read and that is not read without asking. */
export interface Reached {
  /** Where it really lies, symlinks resolved: a yes is for this place and no other. With all in it, a folder ends with `/**`. */
  readonly uri: string;
  /** As it is named to the user. */
  readonly path: string;
  readonly why: readonly Concern[];
}

/** What a call does, by the facts alone. */
export type CallFacts =
  /** One of our own that reads; `reached` holds only what is not read without asking. */
  | { readonly kind: 'read'; readonly reached: readonly Reached[] }
  /** No files: it is not known what is written. `proposed` is what its card shows of the change. */
  | { readonly kind: 'write'; readonly files: readonly Written[]; readonly proposed: ProposedChange | null }
  /** Another's: `digest` is of all that it says of itself (`otherToolDigest`); what it says of reading only counts for nothing. */
  | { readonly kind: 'other'; readonly tool: string; readonly source: string; readonly digest: string }
  /** A server tool: asked about before it is offered, for the API runs it without a further word. */
  | { readonly kind: 'web'; readonly tool: string; readonly usd: number | null };

/** Where a call is made. */
export interface Situation {
  /** False in Restricted Mode. */
  readonly trusted: boolean;
  /** False in a window without a folder: there is no workspace that could be allowed in. */
  readonly hasFolder: boolean;
  /** The user looks at all changes at the turn's end, instead of at each before it is made. */
  readonly reviewAtEnd: boolean;
}

/** Something that was, or can be, allowed for longer than one call. */
export interface Permit {
  /** What `Consents` keep: one string for each thing that is allowed. */
  readonly key: string;
  /** For the list in which it can be taken back. */
  readonly about:
    | { readonly kind: 'read'; readonly path: string; readonly why: Concern }
    | { readonly kind: 'other'; readonly tool: string; readonly source: string }
    | { readonly kind: 'web'; readonly tool: string };
}

/** Whether a value, as it was stored, is what a permit is about. */
export function isPermitAbout(value: unknown): value is Permit['about'] {
  if (typeof value !== 'object' || value === null) return false;
  const { kind, path, why, tool, source } = value as Readonly<Record<string, unknown>>;
  const isText = (...texts: readonly unknown[]): boolean => texts.every((text) => typeof text === 'string');
  if (kind === 'read') return isText(path, why);
  return kind === 'other' ? isText(tool, source) : kind === 'web' && isText(tool);
}

/** What becomes of a call. */
export type Decision =
  /** `reads` is all that the door opens for it beyond what is read without asking. */
  | { readonly kind: 'runs'; readonly reads: readonly Reached[] }
  /** `permits` are what a yes for longer than once allows. */
  | { readonly kind: 'asks'; readonly approval: Approval; readonly permits: readonly Permit[] }
  /** `reason` is for the model. */
  | { readonly kind: 'refused'; readonly reason: string };

/** What the user has allowed for longer than one call. */
export interface Consents {
  /** The keys of the permits that hold in a conversation at this moment. Never rejects: what cannot be read is not allowed. */
  allowed(conversation: string): Promise<ReadonlySet<string>>;
  /** Keeps a yes. Rejects with a StoreError when it cannot be kept. */
  allow(conversation: string, permits: readonly Permit[], span: Exclude<Span, 'once'>): Promise<void>;
  /** Calls back when this window has allowed something or taken it back. Returns how to stop. */
  onDidChange(callback: () => void): () => void;
}

/** The one place that decides. `allowed` are keys of permits (`Consents.allowed`). */
export function decide(call: CallFacts, allowed: ReadonlySet<string>, situation: Situation): Decision {
  if (call.kind !== 'read' && !situation.trusted) return { kind: 'refused', reason: restricted };
  const permits = permitsOf(call);
  switch (call.kind) {
    case 'read': {
      const asked = call.reached.filter((place) => place.why.some((why) => !mayRead(place, why, allowed)));
      if (asked.length === 0) return { kind: 'runs', reads: call.reached };
      const open = asked.flatMap(readPermits).filter(({ key }) => !allowed.has(key));
      const files = asked.map(({ path, why }) => ({ path, why }));
      return { kind: 'asks', approval: { kind: 'read', files, spans: spansOf(call, situation) }, permits: open };
    }
    case 'write': {
      const asked = call.files.filter((file) => file.why.length > 0 || !situation.reviewAtEnd);
      if (asked.length === 0 && call.files.length > 0) return { kind: 'runs', reads: [] };
      const files = asked.map(({ path, why }) => ({ path, why }));
      const approval: Approval = { kind: 'write', files, proposed: call.proposed, spans: spansOf(call, situation) };
      return { kind: 'asks', approval, permits };
    }
    case 'other':
    case 'web': {
      if (permits.every(({ key }) => allowed.has(key))) return { kind: 'runs', reads: [] };
      const { tool } = call;
      const spans = spansOf(call, situation);
      const approval: Approval =
        call.kind === 'other'
          ? { kind: 'other', tool, source: call.source, spans }
          : { kind: 'web', tool, usd: call.usd, spans };
      return { kind: 'asks', approval, permits };
    }
  }
}

/** A digest (SHA-256) of all that a tool of somebody else says of itself: any change makes another tool of it. */
export async function otherToolDigest(tool: {
  /** The extension or server, as VS Code identifies it. */
  readonly source: string;
  readonly name: string;
  readonly description: string;
  /** As it came. */
  readonly schema: unknown;
}): Promise<string> {
  const { source, name, description, schema } = tool;
  const bytes = new TextEncoder().encode(JSON.stringify([source, name, description, schema ?? null]));
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

const restricted =
  'This was not run: the workspace is not trusted, so only tools that read files can be used. Tell the user.';

/** A write is allowed once: what is allowed for a conversation is to review all of them at the turn's end. */
function spansOf(call: CallFacts, { hasFolder }: Situation): readonly Span[] {
  if (call.kind === 'write') return ['once'];
  return hasFolder ? ['once', 'conversation', 'workspace'] : ['once', 'conversation'];
}

function permitsOf(call: CallFacts): readonly Permit[] {
  switch (call.kind) {
    case 'read':
      return call.reached.flatMap(readPermits);
    case 'write':
      return [];
    case 'other':
      return [{ key: `other ${call.digest}`, about: { kind: 'other', tool: call.tool, source: call.source } }];
    case 'web':
      return [{ key: `web ${call.tool}`, about: { kind: 'web', tool: call.tool } }];
  }
}

/** One for each reason: who allowed an ignored file has not allowed one with a key in it. */
function readPermits({ uri, path, why }: Reached): readonly Permit[] {
  return why.map((one) => ({ key: `read ${one} ${uri}`, about: { kind: 'read', path, why: one } }));
}

/** A yes for all that is in a folder holds for what lies there, but never for a secret. */
function mayRead({ uri }: Reached, why: Concern, allowed: ReadonlySet<string>): boolean {
  if (allowed.has(`read ${why} ${uri}`)) return true;
  if ((why !== 'outside' && why !== 'ignored') || uri.includes('/../')) return false;
  const place = uri.replace(/\/\*\*$/, '');
  const reason = `read ${why}`;
  for (let end = place.length; end > 0; end = place.lastIndexOf('/', end - 1)) {
    if (allowed.has(`${reason} ${place.slice(0, end)}/**`)) return true;
  }
  return false;
}
