/** Thinking signatures: opaque to the client, an HMAC over what they sign to the server (API-FACTS §5, §10.5). */
import { createHmac, randomBytes } from 'node:crypto';
import { digest } from './tokens';
import type { Block } from './wire';

/** Fixed, so that a conversation goes on after the server was started again. */
const secret = 'a secret of the local stand-in';

export interface Signed {
  readonly model: string;
  /** Digest of the prompt before the thought (see prefixDigests). */
  readonly prefix: string;
  /** The thought before it in the prompt (`thoughtName`), '' for none; missing where that is not known. */
  readonly previous?: string;
}

/** What a thought is called by those that follow it. */
export function thoughtName(block: Block): string {
  return digest(block.signature ?? block.data ?? '');
}

/** Signs a thought as it is shown. `raw` is the whole thought, of which only the length shows in the signature. */
export function signThinking(shown: string, raw: string, signed: Signed): string {
  const hidden = randomBytes(24 + Math.min(Math.ceil(raw.length / 2), 2_048)).toString('base64url');
  return seal(
    [signed.model, signed.prefix, hidden, ...(signed.previous === undefined ? [] : [signed.previous])],
    shown,
  );
}

/** The `data` of a redacted thought. */
export function sealRedacted(raw: string, signed: Signed): string {
  return signThinking('', raw, signed);
}

function seal(fields: readonly string[], shown: string): string {
  const payload = ['E1', ...fields].join('|');
  return Buffer.from(`${payload}|${mac(payload, shown)}`).toString('base64');
}

function mac(payload: string, shown: string): string {
  return createHmac('sha256', secret).update(payload).update('\0').update(shown).digest('base64url');
}

export type SignatureCheck =
  | { readonly kind: 'valid'; readonly signed: Signed }
  | { readonly kind: 'altered'; readonly signed: Signed }
  | { readonly kind: 'unknown' };

/** Checks a thinking or redacted_thinking block that came back. `unknown`: not a signature this server can have made. */
export function checkThinking(block: Block): SignatureCheck {
  const text = Buffer.from(block.signature ?? block.data ?? '', 'base64').toString('utf8');
  const fields = text.split('|');
  const [version, model, prefix] = fields;
  const isOurs = (fields.length === 5 || fields.length === 6) && version === 'E1';
  if (!isOurs || model === undefined || prefix === undefined) return { kind: 'unknown' };
  const previous = fields.length === 6 ? fields[4] : undefined;
  const signed: Signed = { model, prefix, ...(previous === undefined ? {} : { previous }) };
  const expected = mac(fields.slice(0, -1).join('|'), block.thinking ?? '');
  return { kind: expected === fields.at(-1) ? 'valid' : 'altered', signed };
}

/** Whether another model made this thought: models of the 4.x class ignore such blocks (§5). */
export function isForeignThinking(block: Block, model: string): boolean {
  const check = checkThinking(block);
  return check.kind !== 'unknown' && check.signed.model !== model;
}
