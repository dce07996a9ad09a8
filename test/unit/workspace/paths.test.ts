import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { isSecretPath, isSecretText } from '../../../src/core/tools/secrets/secretFiles';
import type { Root } from '../../../src/host/workspace/files/facts';
import { below, displayPath, rootedPathsOf, withUniqueNames } from '../../../src/host/workspace/files/paths';

const one: readonly Root[] = [{ name: 'app', uri: 'file:///home/me/app', folder: '/home/me/app' }];
const two: readonly Root[] = [...one, { name: 'lib', uri: 'file:///home/me/lib', folder: '/home/me/lib' }];
const windows: readonly Root[] = [{ name: 'app', uri: 'file:///c%3A/me/app', folder: 'c:\\me\\app' }];

function firstOf(given: string, roots: readonly Root[] = one, platform: NodeJS.Platform = 'linux'): string {
  const place = rootedPathsOf(given, roots, platform)[0];
  return `${place?.root.name}:${place?.relative}`;
}

describe('A path that a model wrote (L31)', () => {
  it('is taken as it is meant', () => {
    assert.equal(firstOf('src/app.ts'), 'app:src/app.ts');
    assert.equal(firstOf('./src//app.ts/'), 'app:src/app.ts');
    assert.equal(firstOf('src\\app.ts'), 'app:src/app.ts');
    assert.equal(firstOf('src/../package.json'), 'app:package.json');
    assert.equal(firstOf('/home/me/app/src/app.ts'), 'app:src/app.ts');
    assert.equal(firstOf('.'), 'app:');
    assert.equal(firstOf('/home/me/app'), 'app:');
    assert.equal(firstOf('lib/a.ts', two), 'lib:a.ts');
    assert.equal(firstOf('a.ts', two), 'app:a.ts');
    assert.equal(firstOf('C:\\me\\app\\src\\a.ts', windows, 'win32'), 'app:src/a.ts');
    assert.equal(firstOf('c:/me/app/src/a.ts', windows, 'win32'), 'app:src/a.ts');
  });

  it('is refused when it leads out of the workspace', () => {
    const hostile = [
      '../secret',
      '../../../etc/hosts',
      'src/../../secret',
      '..\\secret',
      'src\\..\\..\\secret',
      '/etc/hosts',
      '/home/me/app-other/x',
      '/home/me/app/../lib/x',
      '//server/share/x',
      'C:\\Windows\\win.ini',
      'c:/x',
      'file:///etc/hosts',
      'https://example.com/',
      'a\0b',
    ];
    for (const path of hostile) assert.throws(() => rootedPathsOf(path, one, 'linux'), /is refused/, path);
    for (const path of [
      'c:x',
      'd:\\x',
      '\\\\server\\share',
      'a.ts:stream',
      'c:/me/app/.env::$DATA',
      '..\\x',
      'c:\\me\\app2\\x',
    ]) {
      assert.throws(() => rootedPathsOf(path, windows, 'win32'), /is refused/, path);
    }
    for (const path of ['\\\\server\\share\\x', '//server/share/x', '\\\\?\\C:\\x', '\\\\.\\PhysicalDrive0']) {
      assert.throws(
        () => rootedPathsOf(path, windows, 'win32'),
        /network share or a device.*ask the user to open/,
        path,
      );
    }
    assert.throws(() => rootedPathsOf('\\\\server\\share\\x', one, 'linux'), /network share/);
    assert.throws(() => rootedPathsOf('a', [], 'linux'), /No folder is open/);
  });

  it('never yields a place above its root, whatever it is made of', () => {
    const piece = fc.constantFrom(
      '..',
      '.',
      '',
      'a',
      '/',
      '\\',
      '~',
      'c:',
      '\0',
      '...',
      'home',
      'me',
      'app',
      '//',
      ' ',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), fc.constantFrom('', '/', '\\'), (pieces, glue) => {
        try {
          for (const { relative } of rootedPathsOf(pieces.join(glue), two, 'linux')) {
            assert.ok(!relative.startsWith('/') && !relative.split('/').includes('..'), relative);
          }
        } catch (error) {
          assert.match(String(error), /is refused/);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('is shown with its root only where there are several', () => {
    const place = rootedPathsOf('lib/a.ts', two, 'linux')[0];
    assert.ok(place);
    assert.equal(displayPath(place, two), 'lib/a.ts');
    assert.equal(displayPath({ ...place, relative: '' }, two), 'lib');
    assert.deepEqual(
      withUniqueNames([...one, ...one, ...one]).map(({ name }) => name),
      ['app', 'app-2', 'app-3'],
    );
  });

  it('is below a folder only by whole names', () => {
    assert.equal(below('/a/b', '/a/b/c', 'linux'), 'c');
    assert.equal(below('/a/b', '/a/b', 'linux'), '');
    assert.equal(below('/a/b', '/a/bc', 'linux'), null);
    assert.equal(below('/a/b', '/a', 'linux'), null);
    assert.equal(below('/a/b', '/a/b/..c', 'linux'), '..c');
    assert.equal(below('C:\\A', 'c:\\a\\b\\c', 'win32'), 'b/c');
    assert.equal(below('C:\\a', 'D:\\a\\b', 'win32'), null);
  });
});

describe('Files that hold secrets (L32)', () => {
  it('are known by their names, in any case and place', () => {
    const secret = [
      '.env',
      'a/.env.local',
      '.ENV',
      '.env.',
      '.env::$DATA',
      '.env ',
      '.envrc',
      'prod.env',
      'server.pem',
      'tls.KEY',
      'id_rsa',
      'id_ed25519',
      'id_rsa.old',
      '.npmrc',
      '.netrc',
      '.git-credentials',
      '.aws/credentials',
      '.aws/config',
      'home/.ssh/config',
      'a.p12',
      'a.pfx',
      'release.keystore',
      'my.jks',
      '.git/config',
      'credentials.json',
      'my-service-account.json',
      'service_account.json',
      'client_secret_12.json',
      'gcp-credentials.json',
      '.docker/config.json',
      '.kube/config',
      'terraform.tfstate',
      'secrets.yaml',
      '.config/gcloud/anything',
      '.pypirc',
      'a\\.env',
    ];
    for (const path of secret) assert.ok(isSecretPath(path), path);
  });

  it('are not their examples, nor code about them', () => {
    const harmless = [
      '.env.example',
      '.env.sample',
      '.env.template',
      'a/.env.dist',
      'id_rsa.pub',
      '.ssh/id_ed25519.pub',
      'env.ts',
      'src/environment.ts',
      'credentials.ts',
      'secrets.ts',
      'key.ts',
      'keyboard.md',
      'credentials.example.json',
      'monkey',
      'pem.go',
      'package.json',
      '.gitignore',
      '.github/workflows/ci.yml',
      'tsconfig.json',
    ];
    for (const path of harmless) assert.ok(!isSecretPath(path), path);
  });

  it('are known by a private key inside, not by code that names one', () => {
    const body = 'MIIEvQIBADANBgkqhkiG9w0BAQEFAASC';
    assert.ok(isSecretText(`x\n-----BEGIN PRIVATE KEY-----\n${body}`));
    assert.ok(isSecretText(`{"private_key": "-----BEGIN RSA PRIVATE KEY-----\\n${body}"}`));
    assert.ok(!isSecretText("if (text.includes('-----BEGIN PRIVATE KEY-----')) return;"));
    assert.ok(!isSecretText(`-----BEGIN CERTIFICATE-----\n${body}`));
  });
});
