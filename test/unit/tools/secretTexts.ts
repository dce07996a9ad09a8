/** Keys of each kind, made up for the tests, and what looks like one at first. Split so that no scanner takes them for real. */

const body = 'MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj';
const random = 'aZ3kQ9vLm2Xw7RtY5uBn8CdEf1GhJ4pSqT6iOoWyAbKl0VxMzNrPcDgHjUe';
const pem = (kind: string, inside: string): string => `-----BEGIN ${kind}-----\n${inside}\n-----END ${kind}-----\n`;

export const privateKey = pem('PRIVATE KEY', body);

export const keys: Readonly<Record<string, string>> = {
  'a PKCS #8 key': privateKey,
  'an RSA key': pem('RSA PRIVATE KEY', body),
  'an EC key': pem('EC PRIVATE KEY', body),
  'an OpenSSH key': pem(
    'OPENSSH PRIVATE KEY',
    `b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gtZW`,
  ),
  'an encrypted PKCS #8 key': pem('ENCRYPTED PRIVATE KEY', body),
  'an encrypted PEM': pem(
    'RSA PRIVATE KEY',
    `Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,0123456789ABCDEF0123456789ABCDEF\n\n${body.slice(0, 30)}`,
  ),
  'an encrypted PEM in a string': pem(
    'RSA PRIVATE KEY',
    `Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,0123\n\n${body.slice(0, 30)}`,
  ).replaceAll('\n', '\\n'),
  'a PGP key': pem('PGP PRIVATE KEY BLOCK', `Version: GnuPG v2\nComment: of mine\n\nlQOYBF${body}`),
  'an SSH2 key': `---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----\nComment: "x"\n${body}\n`,
  'a key that is indented in YAML': `key: |\n${privateKey.replaceAll(/^/gm, '    ')}`,
  'a key in a comment': privateKey.replaceAll(/^/gm, '# '),
  'a key with Windows line ends': privateKey.replaceAll('\n', '\r\n'),
  'a service account': JSON.stringify({ type: 'service_account', private_key: privateKey }),
  'a key in a list of strings': JSON.stringify(privateKey.split('\n')),
  'a key that is put together': privateKey
    .split('\n')
    .map((line) => `'${line}\\n'`)
    .join(' +\n  '),
  'a key on one line': `KEY="${privateKey.replaceAll('\n', '')}"`,
  'a key in an address': encodeURIComponent(privateKey).replaceAll('%20', '+'),
  'a key in base64': `client-key-data: ${Buffer.from(pem('RSA PRIVATE KEY', body)).toString('base64')}`,
  'another key in base64': `tls.key: ${Buffer.from(pem('EC PRIVATE KEY', body)).toString('base64')}`,
  'an OpenSSH key in base64': `k: ${Buffer.from(pem('OPENSSH PRIVATE KEY', body)).toString('base64')}`,
  'an age key': `# public key: age1\nAGE-SECRET-KEY-1${'QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7LQPZRY9X8GF2TVDW0S3JN54KHCE'}`,
  'a PuTTY key': 'PuTTY-User-Key-File-3: ssh-ed25519\r\nEncryption: none\r\nComment: me\r\nPublic-Lines: 2\r\n',
  'a JSON Web Key': JSON.stringify({ kty: 'EC', crv: 'P-256', x: random.slice(0, 43), d: random.slice(2, 45) }),
  'a WireGuard key': `[Interface]\nPrivateKey = ${random.slice(0, 43)}=\n`,
  'an OpenVPN key': `-----BEGIN OpenVPN Static key V1-----\n${'0f3a9c5be17d2468'.repeat(2)}\n`,
  'a minisign key': 'untrusted comment: minisign encrypted secret key\nRWRTY0Iy',
  'an Anthropic key': `ANTHROPIC_API_KEY=sk-ant-${'api03'}-${random}${random}`,
  'an OpenAI key': `key: "sk-${random.slice(0, 20)}T3Blbk${'FJ'}${random.slice(20, 40)}"`,
  'an OpenAI project key': `OPENAI=sk-${'proj'}-${random}`,
  'a GitHub token': `token=${'ghp'}_${random.slice(0, 36)}`,
  'a fine-grained GitHub token': `${'github'}_pat_${random.slice(0, 22)}_${random.slice(0, 59)}`,
  'a GitLab token': `${'glpat'}-${random.slice(0, 20)}`,
  'an npm token': `//registry.npmjs.org/:_authToken=${'npm'}_${random.slice(0, 36)}`,
  'a Slack token': `${'xoxb'}-829104837162-829104837162-${random.slice(0, 24)}`,
  'a Slack hook': `https://hooks.slack.com/${'services'}/T03A9B7C1/B05X2Y8Z4/${random.slice(0, 24)}`,
  'a Stripe key': `${'sk'}_live_${random.slice(0, 24)}`,
  'an AWS key': `[default]\naws_access_key_id = AKIA2X7QWERTZUIOPASD\naws_secret_access_key = ${random.slice(0, 40)}\n`,
  'an AWS key in a table': `Access key ID,Secret access key\nAKIA2X7QWERTZUIOPASD,${random.slice(0, 40)}\n`,
};

export const notKeys: Readonly<Record<string, string>> = {
  'code that looks for a header': `if (text.includes('-----BEGIN PRIVATE KEY-----')) return isThePrivateKeyOfTheUserHere();`,
  'an expression for a header': String.raw`/-----BEGIN (?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?-----(?:\s|\\[rn])+[A-Za-z0-9+/]{20}/`,
  'a key that was cut out': `-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----\nsha512-${body}`,
  'a template of a key': '-----BEGIN PRIVATE KEY-----\n$' + '{body}\n-----END PRIVATE KEY-----',
  'a certificate': pem('CERTIFICATE', body),
  'a public key': pem('PUBLIC KEY', body),
  'a PGP message': pem('PGP MESSAGE', body),
  'the mark of age': "if (line.startsWith('AGE-SECRET-KEY-1')) throw new Error();",
  'the mark of PuTTY': "const ppk = 'PuTTY-User-Key-File-';",
  'a placeholder of a token': `ghp_${'x'.repeat(36)} sk-ant-api03-your-key-here ${'glpat'}-aaaaaaaaaaaaaaaaaaaa`,
  'an example of a token': `token: ${'ghp'}_1234567890abcdefghijklmnopqrstuvwxyz`,
  'the example of Amazon': 'aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\nAKIAIOSFODNN7EXAMPLE',
  'a JSON Web Token': 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U',
  'a public JSON Web Key': JSON.stringify({ kty: 'EC', x: random.slice(0, 43), y: random.slice(2, 45) }),
  'a path of SVG': `<path d="${'M0 0L10 10'.repeat(20)}"/>`,
  'OpenAI in base64': Buffer.from(`OpenAI ${'is the name of a company '.repeat(4)}`).toString('base64'),
  'words with a hyphen': `${'task-ant-api03-'.repeat(20)}risk-proj-${random}`,
};
