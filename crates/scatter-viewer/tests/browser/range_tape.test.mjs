// Alone: it listens to a tape without gaps.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { WINDOW } from './fixture/dataset.mjs';
import { endless, noise } from './fixture/endless.mjs';
import { collection, ordinary, serve } from './fixture/server.mjs';
import { ask, base, heard, launch, listenIn, open, played, until } from './harness.mjs';

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

test('the tape of a large recording is fetched in pieces and played without a seam', async () => {
  const sound = endless(300);
  const server = await serve(base, collection(300, [3], sound, { kind: 'recording' }), ordinary(sound));
  const { page, seen, context } = await open(browser, { data: null, origin: server.origin, bypassCSP: true });
  await listenIn(page);
  await page.keyboard.press('m');
  await page.keyboard.press('m');
  await until(page, 'soundIsOn', true);
  await page.evaluate(() => window.hearing);
  const { x, y, width, height } = await page.locator('#timeline-view').boundingBox();
  await page.mouse.click(x + width / 3, y + height / 2);
  await page.waitForFunction(() => window.played.length >= 3, null, { timeout: 60_000 });
  await page.waitForTimeout(9_000);
  assert.ok((await ask(page, 'tapeSample')) > 90 * 16_000);
  const reached = await page.evaluate(() => window.context.currentTime) * 16_000;
  // Not all of it was fetched, and in pieces of some seconds.
  assert.ok(server.bytes() < 3e6, `${server.bytes()} bytes`);
  await page.keyboard.press('Escape');
  assert.equal(await ask(page, 'tapeSample'), undefined);
  const pieces = (await played(page)).filter((p) => p.samples.length > 2 * WINDOW / 4);
  for (const [k, next] of pieces.slice(1).entries()) {
    const before = pieces[k];
    // 80 samples of overlap, on the very sample of the clock.
    const apart = (next.when - before.when) * 16_000;
    assert.ok(Math.abs(apart - (before.samples.length - 80)) < 1e-3, `${apart} samples of ${before.samples.length}`);
  }
  assert.ok(pieces.length >= 3, `${pieces.length} pieces`);
  const { left, gaps, place } = await heard(page);
  // Where the first piece lies in the recording: its inner samples say so.
  const inner = pieces[0].samples.slice(100, 140);
  const near = Math.round(96 * 16_000);
  const from = Array.from({ length: 64_000 }, (_, k) => near - 32_000 + k).find((at) => inner.every((v, i) => v === noise(at + 100 + i)));
  assert.ok(from !== undefined, 'the first piece is not of this recording');
  const begin = Math.round(pieces[0].when * 16_000);
  let [checked, seams] = [0, 0];
  for (const { when, samples } of pieces.slice(0, -1)) {
    const seam = Math.round(when * 16_000) + samples.length - 80;
    // Later pieces had their turn on the clock, and were taken from it.
    if (seam + 500 > reached) continue;
    const at = place(seam - 400);
    // A busy machine may have left some out just there.
    if (at < 0 || at + 900 > left.length || gaps.some((gap) => gap > at - 130 && gap < at + 900)) continue;
    seams += 1;
    for (let k = 0; k < 800; k++) {
      const wanted = noise(from + seam - 400 - begin + k) / 32_768;
      if (Math.abs(left[at + k] - wanted) > 1e-4) assert.fail(`sample ${k - 400} from the seam is ${left[at + k]} instead of ${wanted}`);
      checked += 1;
    }
  }
  console.log(`# ${pieces.length} pieces, ${seams} seams heard whole, ${checked} samples compared`);
  assert.ok(seams >= 1);
  assert.deepEqual(seen.errors, []);
  await context.close();
  server.close();
});
