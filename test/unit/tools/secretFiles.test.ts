import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { isSecretPath, isSecretText } from '../../../src/core/tools/secrets/secretFiles';
import { KeyScan } from '../../../src/core/tools/secrets/secretMarks';
import { cpuClock } from '../cpuClock';
import { keys, notKeys } from './secretTexts';

describe('Names of files with secrets (L59)', () => {
  const secret = [
    '.env~',
    '.env copy',
    '.env copy 2',
    '.env - Copy',
    '.env - Copy (2)',
    '.env (1)',
    '.env.bak',
    '.env.1',
    '.env.2024-01-31',
    '.env.20240131T120000',
    '.env.old',
    '.env.save',
    '.env.orig',
    '.env.swp',
    '..env.swp',
    '#.env#',
    '.#.env',
    '.env.~1~',
    '.env.dpkg-old',
    '.env.rpmsave',
    'Copy of .env',
    'backup.env',
    'app.env.production',
    'id_rsa.bak',
    'id_rsa~',
    'id_rsa.old.2',
    '.id_rsa.swp',
    'id_ed25519_work',
    'ssh_host_ed25519_key',
    'server.key.bak',
    'server.key~',
    'server.pem.old',
    'server copy.key',
    'credentials (1).json',
    'credentials copy.json',
    'credentials - Copy.json',
    'credentials.bak.json',
    'Kopie von credentials.json',
    '.npmrc.bak',
    '.netrc~',
    'secrets.yml.orig',
    'secrets.prod.yaml',
    'terraform.tfvars.bak',
    'prod.tfvars.json',
    '.envs/prod',
    'config/.envs/.production/.django',
    'kubeconfig',
    'kubeconfig.yaml',
    'kubeconfig-prod',
    'kubeconfig.bak',
    'prod.kubeconfig',
    'kube_config_cluster.yml',
    'gha-creds-0123456789abcdef.json',
    '.config/gh/hosts.yml',
    '.config/gh/hosts.yml.bak',
    'home/.config/glab-cli/config.yml',
    'credentials.csv',
    'bob_credentials.csv',
    'bob_accessKeys.csv',
    'rootkey.csv',
    'rclone.conf',
    '.dockerconfigjson',
    '.secrets',
    '.secrets/token',
    'secrets/password.txt',
    'deploy/secrets/db.yaml',
    'secrets/api_key',
    'secrets/prod.json',
    '.vault_pass',
    '.vault_pass.txt',
    '.vault-password',
    'vault_password_file',
    'auth.json',
    'local.settings.json',
    'Local.Settings.json',
    '.bash_history',
    '.zsh_history',
    '.psql_history',
    '.python_history',
    '.node_repl_history',
    'ConsoleHost_history.txt',
    'myproject-firebase-adminsdk-ab1.json',
    '.ENV',
    'ID_RSA',
    '．env',
    '.e\u200bnv',
    'ｉｄ_ｒｓａ',
    '.env ',
    '.env::$DATA',
    '.env.example.local',
  ];
  for (const path of secret) it(`${JSON.stringify(path)} is one`, () => assert.ok(isSecretPath(path)));

  it('no word that sounds harmless frees a key', () => {
    for (const word of ['default', 'example', 'sample', 'template', 'dist', 'schema']) {
      for (const name of [
        `server-${word}.key`,
        `server.${word}.pem`,
        `${word}.p12`,
        `id_rsa.${word}`,
        `${word}.key~`,
      ]) {
        assert.ok(isSecretPath(name), name);
      }
    }
  });

  const free = [
    '.env.example',
    '.env.sample',
    '.env.template',
    '.env.production.example',
    '.env.example.bak',
    'example.env',
    '.envs/example.env',
    '.npmrc.template',
    'terraform.tfvars.example',
    'secrets.example.yml',
    'credentials.sample.json',
    'secrets/README.md',
    'secrets/index.ts',
    'src/secrets/rotate.py',
    'secrets/db.example.yaml',
    'secrets/Dockerfile',
    'kubeconfig.go',
    'src/kubeconfig.test.ts',
    'src/auth.ts',
    'auth.json.md',
    '.environment',
    'env.d.ts',
    'vite-env.d.ts',
    'history.ts',
    'shell_history.md',
    'settings.json',
    'hosts.yml',
    'copy.ts',
    'app copy.ts',
    'main.ts~',
    'main.ts.orig',
    'package.json.bak',
    'keyboard.ts',
    'tokens.json',
    'id_rsa.pub',
    'public.crt',
  ];
  for (const path of free) it(`${JSON.stringify(path)} is none`, () => assert.ok(!isSecretPath(path)));

  it('any name is judged in no time', () => {
    const piece = fc.constantFrom(
      '.env',
      '~',
      ' copy',
      '.bak',
      '-1',
      '(2)',
      '.',
      ' ',
      '#',
      'Copy of ',
      'a',
      '.key',
      '/',
      '1',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 400 }), (pieces) => {
        const cpu = cpuClock();
        isSecretPath(pieces.join(''));
        assert.ok(cpu() < 200);
      }),
    );
  });
});

describe('Keys in text (L59)', () => {
  for (const [name, text] of Object.entries(keys)) {
    it(`${name} is one`, () => {
      assert.ok(isSecretText(text));
      assert.ok(isSecretText(`# some text\n\n${text}\n\nand more`));
    });
  }
  for (const [name, text] of Object.entries(notKeys)) {
    it(`${name} is none`, () => assert.ok(!isSecretText(text)));
  }

  it('is found wherever the text is cut', () => {
    for (const [name, key] of Object.entries(keys)) {
      const text = `${'x = 1;\n'.repeat(20)}${key}\n${'y = 2;\n'.repeat(20)}`;
      for (let at = 0; at <= text.length; at += 7) {
        const scan = new KeyScan();
        assert.ok(scan.add(text.slice(0, at)) || scan.add(text.slice(at)), `${name} at ${at}`);
      }
      const scan = new KeyScan();
      const pieces = text.match(/[\s\S]{1,97}/g) ?? [];
      assert.ok(
        pieces.some((piece) => scan.add(piece)),
        name,
      );
    }
  });

  it('is looked for in time that grows with the length alone', () => {
    const hostile = [
      '-----BEGIN PRIVATE KEY-----\n',
      '-----BEGIN ',
      'PRIVATE KEY',
      '"d":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"',
      '\\\\\\\\',
      ' \t',
      'sk-ant-api03-',
      'LS0tLS1CRUdJTi',
      'A',
      '-',
      'Proc-Type: x\n',
    ];
    for (const part of hostile) {
      const text = `-----BEGIN RSA PRIVATE KEY-----\n${part.repeat(Math.ceil(2_000_000 / part.length))}`.slice(
        0,
        2_000_000,
      );
      const cpu = cpuClock();
      for (let at = 0; at < text.length; at += 1_000_000) new KeyScan().add(text.slice(at, at + 1_000_000));
      const took = cpu();
      assert.ok(took < 1_500, `${JSON.stringify(part)} took ${took} ms`);
    }
  });
});
