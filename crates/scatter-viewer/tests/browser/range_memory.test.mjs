import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { endless } from './fixture/endless.mjs';
import { collection, ordinary, serve } from './fixture/server.mjs';
import { base, launch, open, until } from './harness.mjs';

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

test('of 2,000 clips the page keeps no more than its cache holds, and takes less than 100 MB in all', async () => {
  const sound = endless(2_000);
  // What tells a page its whole memory is offered to pages that share it with no other site.
  const headers = { 'cross-origin-opener-policy': 'same-origin', 'cross-origin-embedder-policy': 'require-corp' };
  const server = await serve(base, collection(2_000, [3, 100], sound), ordinary(sound), { headers });
  const { page, seen, context } = await open(browser, { data: null, origin: server.origin, alone: true, viewport: { width: 640, height: 480 } });
  await page.keyboard.press('m');
  await page.keyboard.press('m');
  await until(page, 'soundIsOn', true);
  await page.evaluate(() => { window.played.push = () => 0; });
  // The browser's own figure leaves the viewer's memory out, in which the cache lies.
  const memory = () => page.evaluate(async () => {
    const { memory } = await (await import('./pkg/scatter_viewer.js')).default();
    return ((await performance.measureUserAgentSpecificMemory()).bytes + memory.buffer.byteLength) / 1e6;
  });
  const before = await memory();
  // The cache holds 546 clips: more than that are heard, one after another.
  const end = Date.now() + 100_000;
  while (server.bytes() < 700 * 30_750 && Date.now() < end) {
    await page.keyboard.press('n');
    await page.waitForTimeout(20);
  }
  assert.ok(server.bytes() > 550 * 30_750, `${server.bytes()} bytes`);
  const after = await memory();
  console.log(`# ${before.toFixed(0)} MB before, ${after.toFixed(0)} MB after ${(server.bytes() / 1e6).toFixed(0)} MB of sound were fetched`);
  assert.ok(after < 100, `${after} MB`);
  assert.deepEqual(seen.errors, []);
  await context.close();
  server.close();
});
