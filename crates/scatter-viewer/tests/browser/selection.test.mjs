import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { COUNT, WINDOW, sample } from './fixture/dataset.mjs';
import { ask, brightness, choose, launch, open, picture, played, settle, soundOn } from './harness.mjs';

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

async function drag(page, from, to) {
  await page.mouse.move(...from);
  await page.mouse.down();
  await page.mouse.move((from[0] + to[0]) / 2, (from[1] + to[1]) / 2);
  await page.mouse.move(...to);
  await page.mouse.up();
  await settle(page);
}

test('a box selects the points in it, says how many, and plays one of them', async () => {
  const { page, context } = await open(browser);
  await soundOn(page);
  await page.locator('#select').click();
  assert.equal(await page.locator('#select').getAttribute('aria-pressed'), 'true');
  const places = await Promise.all(Array.from({ length: COUNT }, (_, k) => ask(page, 'screenPosition', k)));
  const middle = Math.round(places.reduce((sum, [x]) => sum + x / COUNT, 0));
  await page.mouse.move(300, 30);
  await page.mouse.down();
  await page.mouse.move(middle, 770, { steps: 3 });
  assert.deepEqual(await page.locator('#box').boundingBox(), { x: 300, y: 30, width: middle - 300, height: 740 });
  await page.mouse.up();
  await settle(page);
  assert.equal(await page.locator('#box').isVisible(), false);

  const inside = places.flatMap(([x], k) => (x <= middle ? [k] : []));
  assert.ok(inside.length > 2 && inside.length < COUNT);
  assert.deepEqual(await ask(page, 'selectedPoints'), inside);
  assert.equal(await page.locator('#selected').textContent(), `${inside.length} sounds selected`);
  const { samples } = (await played(page)).at(-1);
  const heard = Array.from({ length: COUNT }, (_, k) => k).find((k) => samples.slice(80, -80).every((s, i) => s === sample(k, (i + 80) % WINDOW)));
  assert.ok(inside.includes(heard), `point ${heard} was heard`);
  await context.close();
});

test('what is not selected steps back, and Escape brings it back', async () => {
  const { page, context } = await open(browser);
  await choose(page, 'draw-points');
  const centre = async (k) => {
    const { read } = await picture(page);
    return brightness(read(...(await ask(page, 'screenPosition', k))));
  };
  await page.keyboard.down('Control');
  const [x, y] = await ask(page, 'screenPosition', 12);
  await drag(page, [x - 30, y - 30], [x + 30, y + 30]);
  await page.keyboard.up('Control');
  assert.deepEqual(await ask(page, 'selectedPoints'), [12]);
  assert.equal(await page.locator('#selected').textContent(), '1 sound selected');
  assert.ok((await centre(12)) > 60 && (await centre(3)) < 45);
  await page.keyboard.press('Escape');
  await settle(page);
  assert.deepEqual(await ask(page, 'selectedPoints'), []);
  assert.equal(await page.locator('#selected').isVisible(), false);
  assert.ok((await centre(3)) > 60);
  await context.close();
});

test('a click beside the cloud clears the selection, and a drag without the tool turns instead', async () => {
  const { page, context } = await open(browser);
  await page.keyboard.press('b');
  await drag(page, [300, 10], [1050, 780]);
  assert.equal((await ask(page, 'selectedPoints')).length, COUNT);
  await page.mouse.click(640, 795);
  assert.deepEqual(await ask(page, 'selectedPoints'), []);
  await page.keyboard.press('Escape');
  assert.equal(await page.locator('#select').getAttribute('aria-pressed'), 'false');
  await drag(page, [640, 790], [300, 10]);
  assert.deepEqual(await ask(page, 'selectedPoints'), []);
  await context.close();
});
