import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ask, hover, launch, open, pixelOf, settle, until } from './harness.mjs';

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

const tile = (page) => page.locator('#info-tile').evaluate((canvas) => canvas.toDataURL());

test('while the cloud turns, the card shows the tile of the point under the pointer, as it does at rest', async () => {
  const { page, seen } = await open(browser);
  await until(page, 'picturesWait', false);
  const [first, second] = [0, 3];
  await hover(page, first);
  const before = await tile(page);
  const turn = () => page.locator('#auto-orbit').evaluate((input) => input.click());
  await turn();
  // The point moves on while the pointer comes.
  for (let tries = 0; (await ask(page, 'hoveredPoint')) !== second; tries++) {
    assert.ok(tries < 50, 'the point is not met');
    await page.mouse.move(...await pixelOf(page, second));
  }
  await settle(page);
  await page.waitForFunction((before) => document.querySelector('#info-tile').toDataURL() !== before, before);
  const moving = await tile(page);
  await turn();
  await page.waitForTimeout(500);
  await hover(page, first);
  assert.equal(await tile(page), before);
  await hover(page, second);
  assert.equal(await tile(page), moving);
  assert.deepEqual(seen.errors ?? [], []);
  await page.context().close();
});
