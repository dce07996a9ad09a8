/**
 * Keys and tokens by how they look, in text that comes in pieces. Only what is a secret beyond doubt counts: a private
 * key with its body, and whole tokens that carry a mark of their issuer and look random. Not counted are names of such
 * marks in code, placeholders, what is public (certificates, AWS key ids, Google's browser keys), and JSON Web Tokens,
 * of which documentation and tests are full.
 */

/** Characters behind the place of a mark that are looked at. */
const reach = 4_096;
/** Characters before it. */
const reachBack = 4_096;
/** Characters of a private key's header, before the words PRIVATE KEY. */
const maxHeader = 80;
/** Characters between a header and the body that belongs to it, where other things than line ends stand between. */
const maxGap = 1_500;

/** A regular expression for where to look closer; each alternative is bounded, so that looking is linear. */
export const anchorSource = [
  'PRIVATE(?: |\\+|%20)KEY',
  'AGE-SECRET-KEY-|age-secret-key-',
  'PuTTY-User-Key-File-',
  'LS0tLS1CRUdJTi',
  'OpenVPN (?:Static|tls-crypt)',
  'untrusted comment: ',
  'PrivateKey',
  '"d"',
  'sk-(?:ant|proj|svcacct|admin)-|T3BlbkFJ',
  'gh[pousr]_|github_pat_|glpat-|npm_|hf_|dop_v1_|SG\\.',
  'xox[abeprs]-|xapp-|hooks\\.slack\\.com/services/',
  '[sr]k_live_',
  '[sS](?:ecret|ECRET)_?[aA](?:ccess|CCESS)_?[kK](?:ey|EY)',
  '(?:AKIA|ASIA)[0-9A-Z]{16}',
].join('|');

const anchor = new RegExp(anchorSource, 'g');

/** Tokens, from the anchor on; what is in the group has to look random. */
const tokens: readonly RegExp[] = [
  /AGE-SECRET-KEY-(?:PQ-)?1[0-9A-Z]{20}/y,
  /age-secret-key-(?:pq-)?1[0-9a-z]{20}/y,
  /PuTTY-User-Key-File-\d{1,2}:[ \t]{0,4}[\w@.-]{3,60}(?:\s|\\[rn]){1,8}Encryption:/y,
  // A PEM that is in base64 as a whole, as Kubernetes has them.
  /LS0tLS1CRUdJTi[\w+/]{0,40}(?:UFJJVkFURSBLRVkt|BSSVZBVEUgS0VZLS|QUklWQVRFIEtFWS0t)[\w+/]{0,12}[A-Za-z0-9+/]{30}/y,
  /OpenVPN (?:Static key|tls-crypt-v2 (?:client|server) key)[ \w]{0,12}-----(?:\s|\\[rn]){1,8}[A-Za-z0-9+/]{32}/y,
  /untrusted comment: (?:minisign encrypted|rsign encrypted|signify) secret key/y,
  /PrivateKey[ \t]{0,8}=[ \t]{0,8}([A-Za-z0-9+/]{43})=/y,
  /sk-ant-(?:api|admin|oat|ort|sid)\d\d-([\w-]{60})/y,
  /sk-(?:proj|svcacct|admin)-([\w-]{40})/y,
  /(?<=sk-[\w-]{20,100})T3BlbkFJ([\w-]{20})/y,
  /gh[pousr]_([A-Za-z0-9]{36})/y,
  /github_pat_([A-Za-z0-9]{22}_[A-Za-z0-9]{59})/y,
  /glpat-([\w-]{20})/y,
  /npm_([A-Za-z0-9]{36})/y,
  /hf_([A-Za-z0-9]{34})/y,
  /dop_v1_([a-f0-9]{64})/y,
  /SG\.([\w-]{22}\.[\w-]{43})/y,
  /xox[abeprs]-(?:\d-)?(\d{8,16}-(?:\d{8,16}-){0,2}[A-Za-z0-9]{20})/y,
  /xapp-\d-[A-Z0-9]{8,14}-(\d{8,16}-[a-f0-9]{32})/y,
  /hooks\.slack\.com\/services\/(T[A-Z0-9]{7,12}\/B[A-Z0-9]{7,12}\/[A-Za-z0-9]{24})/y,
  /[sr]k_live_([A-Za-z0-9]{24})/y,
  /secret_?access_?key["']?[ \t]{0,8}[=:][ \t]{0,8}["']?([A-Za-z0-9+/]{40})(?![A-Za-z0-9+/=])/iy,
  /(?:AKIA|ASIA)[0-9A-Z]{16}["']?[ \t]{0,4}[,:;\t][ \t]{0,4}["']?([A-Za-z0-9+/]{40})(?![A-Za-z0-9+/=])/y,
];

/** Finds a key however the text is cut into pieces. Time is linear in the length, memory bounded. */
export class KeyScan {
  #rest = '';

  /** True when a key is in what was added so far and the end of it in this piece. */
  add(piece: string): boolean {
    // Bytes of UTF-16, and texts that were read in the wrong encoding, are ASCII with NULs in between.
    const text = this.#rest + (piece.includes('\0') ? piece.replaceAll('\0', '') : piece);
    anchor.lastIndex = 0;
    for (let found = anchor.exec(text); found !== null; found = anchor.exec(text)) {
      // The patterns move `lastIndex` of their own only.
      if (isKeyAt(text, found.index)) return true;
    }
    this.#rest = text.slice(-(reach + reachBack));
    return false;
  }
}

function isKeyAt(text: string, at: number): boolean {
  if (text.startsWith('PRIVATE', at)) return isPrivateKey(text, at);
  if (text.startsWith('"d"', at)) return isJsonWebKey(text, at);
  // In the middle of a word it is no mark: `risk-ant…`, base64.
  if (at > 0 && /^[a-z]/.test(text.slice(at, at + 1)) && /[A-Za-z0-9]/.test(text.charAt(at - 1))) {
    if (!/^secret/i.test(text.slice(at, at + 6))) return false;
  }
  return tokens.some((token) => {
    token.lastIndex = at;
    const found = token.exec(text);
    return found !== null && (found[1] === undefined || looksRandom(found[1]));
  });
}

/** `at` is where its header says PRIVATE KEY. */
function isPrivateKey(text: string, at: number): boolean {
  const header = text.slice(Math.max(0, at - maxHeader), at);
  if (!/-{4,5} ?BEGIN(?: |\+|%20)(?:[A-Z0-9]{1,12}(?: |\+|%20)){0,4}$/.test(header)) return false;
  const close = /^PRIVATE(?: |\+|%20)KEY(?:(?: |\+|%20)BLOCK)? ?-{4,5}/.exec(text.slice(at, at + maxHeader));
  if (close === null) return false;
  const from = at + close[0].length;
  // Not beyond the next line of dashes: what follows that belongs to something else.
  const body = text.slice(from, from + reach).split('----', 1)[0] ?? '';
  return (
    directBody.test(body) || [...body.slice(0, maxGap).matchAll(/[A-Za-z0-9+/]{40,}/g)].some(([run]) => isMixed(run))
  );
}

/** After the header line ends, comment marks and the headers of encrypted keys, then the key. */
const directBody =
  /^(?:\s|\\{1,4}[rnt]|%0[ADad]|[#>*;|]|\/\/|[A-Za-z][A-Za-z-]{1,30}:[^\r\n\\]{0,200}(?=[\r\n\\])){1,400}[A-Za-z0-9+/]{20}/;

/** The private part of a JSON Web Key. */
function isJsonWebKey(text: string, at: number): boolean {
  if (!/^"d"\s{0,4}:\s{0,4}"[\w-]{40}/.test(text.slice(at, at + 64))) return false;
  return text.slice(Math.max(0, at - reachBack), at + reach).includes('"kty"');
}

function isMixed(text: string): boolean {
  return /[A-Z]/.test(text) && /[a-z]/.test(text) && /\d/.test(text);
}

const invented = /(.)\1{4}|example|dummy|fake|placeholder|redacted|your|abcdef|123456|secret|token|xxxx/i;

/** Placeholders and examples of documentation do not: they repeat, count, or say what they are. */
function looksRandom(text: string): boolean {
  return new Set(text).size >= 10 && !invented.test(text);
}
