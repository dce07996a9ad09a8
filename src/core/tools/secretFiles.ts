/**
 * Which files hold secrets, by their names. They are never read or attached without the user's own act (LESSONS L32).
 * Names are compared as the laxest file system would: without case, without the dots and spaces that Windows drops.
 */

const names = new Set([
  '.netrc',
  '_netrc',
  '.npmrc',
  '.yarnrc',
  '.yarnrc.yml',
  '.pypirc',
  '.pgpass',
  '.my.cnf',
  '.mylogin.cnf',
  '.htpasswd',
  '.git-credentials',
  '.dockercfg',
  '.boto',
  '.s3cfg',
  '.vault-token',
  '.terraformrc',
  'terraform.rc',
  'credentials',
  'credentials.json',
  'credentials.yml',
  'credentials.yaml',
  'credentials.toml',
  'credentials.tfrc.json',
  'credentials.db',
  'client_secret.json',
  'application_default_credentials.json',
  'access_tokens.db',
  'kubeconfig',
  'secrets.json',
  'secrets.yml',
  'secrets.yaml',
  'secrets.toml',
  'master.key',
  'id_rsa',
  'id_dsa',
  'id_ecdsa',
  'id_ed25519',
  'id_ecdsa_sk',
  'id_ed25519_sk',
]);

const extensions =
  /\.(pem|key|p8|p12|pfx|pkcs12|jks|keystore|bks|kdb|kdbx|ppk|asc|gpg|pgp|ovpn|tfstate|tfstate\.backup|tfvars)$/;

const patterns: readonly RegExp[] = [
  /^\.env($|[._-])/,
  /\.env$/,
  /^\.envrc$/,
  /^\.dev\.vars($|\.)/,
  /^client_secret.*\.json$/,
  /service[-_]?account.*\.json$/,
  /(^|[-_.])credentials?\.(json|ya?ml|toml|xml|ini|enc)$/,
  /^id_(rsa|dsa|ecdsa|ed25519)([-_.].*)?$/,
  /^secrets?\.(json|ya?ml|toml|env|properties|ini)$/,
];

/** Folders in which every file counts as a secret. */
const folders = new Set(['.ssh', '.aws', '.azure', '.gnupg', '.kube', '.docker', '.gcloud', '.password-store']);

/** Files with these endings show how a secret file is laid out; public halves of keys are public. */
const harmless = /(\.|-|_)(example|sample|template|tmpl|dist|defaults?|schema)(\.[a-z]+)?$|\.pub$/;

/** Stream names (`.env::$DATA`), and dots and spaces at the end: on Windows they all lead to the same file. */
function plainName(segment: string): string {
  return segment
    .toLowerCase()
    .replace(/:.*$/s, '')
    .replace(/[. ]+$/, '');
}

/** True when a file of this path holds secrets, to judge by its name and the folders it lies in. */
export function isSecretPath(path: string): boolean {
  const segments = path
    .split(/[\\/]/)
    .map(plainName)
    .filter((segment) => segment !== '');
  const name = segments.pop();
  if (name === undefined) return false;
  // Inside .git a remote's address may carry a token, and nothing there is source.
  if (segments.some((segment) => folders.has(segment) || segment === '.git')) return !name.endsWith('.pub');
  // ~/.config/gcloud
  if (segments.at(-2) === '.config' && segments.at(-1) === 'gcloud') return true;
  if (harmless.test(name)) return false;
  return names.has(name) || extensions.test(name) || patterns.some((pattern) => pattern.test(name));
}

/**
 * True for text that is a secret whatever its file is called: a private key with its body, on lines of its own or
 * inside a string (as in a cloud's service account). Code that only names the header is none.
 */
export function isSecretText(text: string): boolean {
  return /-----BEGIN (?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?-----(?:\s|\\[rn])+[A-Za-z0-9+/]{20}/.test(text);
}
