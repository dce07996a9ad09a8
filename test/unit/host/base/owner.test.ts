import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { hostname } from 'node:os';
import { createOwner, isOwnerAlive } from '../../../../src/host/base/owner';

describe('The owner of a lease', () => {
  const own = createOwner();

  it('is known to be gone when its process is', () => {
    const { pid } = spawnSync(process.execPath, ['-e', '']);
    assert.equal(isOwnerAlive(own, `${hostname()}:${pid}:x`), false);
  });

  it('is gone when its process id is used again by this one', () => {
    assert.equal(isOwnerAlive(own, `${hostname()}:${process.pid}:of-an-earlier-life`), false);
    assert.equal(isOwnerAlive(own, own), true);
    assert.notEqual(createOwner(), own);
  });

  it('may be alive while its process runs, on another machine, or when its name says nothing', () => {
    assert.equal(isOwnerAlive(own, `${hostname()}:${process.ppid}:x`), true);
    assert.equal(isOwnerAlive(own, 'elsewhere.example:1:x'), true);
    assert.equal(isOwnerAlive(own, 'odd'), true);
    assert.equal(isOwnerAlive(own, `${hostname()}:0:x`), true);
  });
});
