import assert from 'node:assert/strict';
import { linkTooltip } from '../../../src/webview/markdown/tooltip';

describe('The tooltip of a link (L61)', () => {
  it('says where it goes, and its title only after that', () => {
    assert.equal(linkTooltip('https://evil.example/x', ''), 'https://evil.example/x');
    assert.equal(
      linkTooltip('https://evil.example/x', 'https://bank.example'),
      'https://evil.example/x\n“https://bank.example”',
    );
    assert.equal(linkTooltip('src/app.ts:42', 'the app'), 'src/app.ts:42\n“the app”');
    assert.equal(linkTooltip('src%2Fa%20b.ts#L7', ''), 'src/a b.ts:7');
    assert.equal(linkTooltip('mailto:a@b.example', 'write'), 'mailto:a@b.example\n“write”');
    assert.equal(linkTooltip('javascript:alert(1)', 'nothing'), 'javascript:alert(1)\n“nothing”');
  });

  it('cannot be pushed out of sight by a long title, or one of many lines', () => {
    const tooltip = linkTooltip('https://evil.example/', `${'\n'.repeat(50)}${'x'.repeat(10_000)}`);
    assert.ok(tooltip.startsWith('https://evil.example/\n“x'));
    assert.equal(tooltip.split('\n').length, 2);
    assert.ok(tooltip.length < 600);
  });

  it('cuts a very long address in its middle: its host and its end stay', () => {
    const tooltip = linkTooltip(`https://evil.example/${'a'.repeat(5_000)}/https://bank.example`, '');
    assert.match(tooltip, /^https:\/\/evil\.example\/a+…a+\/https:\/\/bank\.example$/);
    assert.ok(tooltip.length <= 300);
  });

  it('shows what cannot be seen, and a name that passes for a host behind the host', () => {
    assert.equal(linkTooltip('docs/\u202egpj.exe', ''), 'docs/\\u{202e}gpj.exe');
    assert.equal(linkTooltip('x.md', '\u202eevil'), 'x.md\n“\\u{202e}evil”');
    assert.equal(linkTooltip('https://bank.example@evil.example/', ''), 'https://evil.example/ (as bank.example)');
    assert.ok(
      linkTooltip(`https://bank.example${'%20'.repeat(500)}@evil.example/`, '').startsWith('https://evil.example/'),
    );
    assert.match(linkTooltip('https://bаnk.example/', ''), /^https:\/\/xn--/, 'letters of another script');
  });
});
