/** The names by which files with secrets are known. All are written as `plainName` leaves them: in lower case. */

/** Whole names. */
export const secretNames: ReadonlySet<string> = new Set([
  '.netrc',
  '_netrc',
  '.authinfo',
  '.npmrc',
  '.yarnrc',
  '.yarnrc.yml',
  '.pypirc',
  '.pgpass',
  'pgpass.conf',
  '.my.cnf',
  '.mylogin.cnf',
  '.htpasswd',
  '.passwd',
  '.passwd-s3fs',
  '.git-credentials',
  '.smbcredentials',
  '.dockercfg',
  '.dockerconfigjson',
  '.boto',
  '.s3cfg',
  '.databrickscfg',
  '.msmtprc',
  '.fetchmailrc',
  '.vault-token',
  '.terraformrc',
  'terraform.rc',
  'credentials',
  'credentials.tfrc.json',
  'credentials.db',
  'credentials.csv',
  'accesskeys.csv',
  'rootkey.csv',
  'application_default_credentials.json',
  'access_tokens.db',
  'auth.json',
  'kaggle.json',
  'local.settings.json',
  'rclone.conf',
  'sftp-config.json',
  'sftp.json',
  '.ftpconfig',
  'sitemanager.xml',
  'recentservers.xml',
  'datasources.local.xml',
  'secrets',
  '.secret',
  '.secrets',
  'master.key',
  'id_rsa',
  'id_dsa',
  'id_ecdsa',
  'id_ed25519',
  'id_ecdsa_sk',
  'id_ed25519_sk',
  // What was typed at a prompt, passwords and tokens included; `.*_history` is a pattern below.
  '.zhistory',
  '.histfile',
  'fish_history',
  'consolehost_history.txt',
]);

/** Files that hold keys whatever they are called: no word in their name frees them. */
export const keyNames: readonly RegExp[] = [
  /\.(pem|key|p8|p12|pfx|pkcs12|jks|keystore|bks|kdb|kdbx|ppk|asc|gpg|pgp|ovpn|agekey|psafe3|jwk)$/,
  /^id_(rsa|dsa|ecdsa|ed25519)([-_. ].*)?$/,
  /^ssh_host_.*_key$/,
  /^secring\./,
  /^wg\d+\.conf$/,
];

/** File names of secrets that a list of exact names cannot hold. */
export const secretPatterns: readonly RegExp[] = [
  // `.env`, `.env.local`, `.env-prod`, `.env2`; `.environment` is something else.
  /^\.env($|[^a-z])/,
  /^\.envrc$/,
  /\.env$/,
  /\.env[._-](local|dev|development|prod|production|stag(e|ing)|test(ing)?|qa|uat|ci|docker|live|private|secrets?)$/,
  /^\.dev\.vars($|\.)/,
  /\.(tfstate|tfvars|tfstate\.backup|tfvars\.json)$/,
  /^client_secret.*\.json$/,
  /^gha-creds-.*\.json$/,
  /firebase-adminsdk.*\.json$/,
  /service[-_]?account.*\.json$/,
  /(^|[-_.])credentials?\.(json|ya?ml|toml|xml|ini|csv|enc)$/,
  /[-_]accesskeys\.csv$/,
  /^secrets?([-_.][a-z0-9_-]+)*\.(json|ya?ml|toml|env|properties|ini|conf|cfg|csv|txt|xml|plist|enc)$/,
  /\.secrets?\.(json|ya?ml|toml|properties|ini)$/,
  /^\.?vault[-_]pass(word)?([-_]file)?(\.txt)?$/,
  /^\..*_history$/,
];

/** Folders in which every file counts as a secret. */
export const secretFolders: ReadonlySet<string> = new Set([
  '.ssh',
  '.aws',
  '.azure',
  '.gnupg',
  '.kube',
  '.docker',
  '.gcloud',
  '.oci',
  '.password-store',
  // Inside .git a remote's address may carry a token, and nothing there is source.
  '.git',
]);

/** Folders of secrets in which examples and, where `source` is true, program text lie as well. */
export const mixedFolders: ReadonlyMap<string, { readonly source: boolean }> = new Map([
  ['.envs', { source: false }],
  ['.secrets', { source: true }],
  ['secrets', { source: true }],
]);

/** Files that are secret where they lie: the ends of their paths. */
export const secretPlaces: readonly RegExp[] = [
  /\/\.config\/gcloud\//,
  /\/\.config\/(gh|glab-cli)\/[^/]*\.ya?ml$/,
  /\/\.config\/hub$/,
  /\/\.config\/doctl\/config\.ya?ml$/,
  /\/\.config\/stripe\/config\.toml$/,
  /\/sops\/age\/keys\.txt$/,
  /\/github-copilot\/(hosts|apps)\.json$/,
  /\/\.m2\/settings(-security)?\.xml$/,
  /\/\.gradle\/gradle\.properties$/,
  /\/\.circleci\/cli\.yml$/,
];

/** Program text and its documentation, by the ending. */
export const sourceName =
  /\.(d\.ts|[cm]?[jt]sx?|vue|svelte|astro|html?|s?css|less|py|pyi|ipynb|rb|erb|php|java|kts?|scala|groovy|gradle|go|rs|c|cc|cpp|cxx|h|hh|hpp|m|mm|swift|dart|cs|fsx?|vb|sql|lua|p[lm]|r|jl|exs?|erl|hrl|hs|mli?|clj[cs]?|edn|elm|nim|zig|sol|proto|graphql|gql|tf|hcl|nix|bzl|cmake|sh|bash|zsh|fish|ps[md]?1|bat|cmd|md|mdx|rst|adoc)$|^(readme|licen[cs]e|notice|changelog|dockerfile|makefile|build|\.gitignore|\.gitkeep|\.keep|\.gitattributes|\.editorconfig)$/;

/** Files with these words show how a secret file is laid out. */
export const exampleName =
  /(^|\.|-|_| )(example|sample|template|tmpl|tpl|dist|defaults?|schema)(\.(json|ya?ml|toml|xml|ini|csv|txt|env|properties|conf|cfg|tfvars|md|j2|tmpl))?$/;
