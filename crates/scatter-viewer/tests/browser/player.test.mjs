import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { COUNT, isBright, projections, sample } from './fixture/dataset.mjs';
import { neighbours, rich } from './fixture/variants.mjs';
import { ask, brightness, canvasPixels, focus, hover, launch, open, pixelOf, played, settle, soundOn, until } from './harness.mjs';

let browser;
before(async () => { browser = await launch({ composited: true }); });
after(() => browser.close());

const all = Array.from({ length: COUNT }, (_, k) => k);
const heardPoint = ({ samples }) => all.find((k) => samples.slice(80, -80).every((s, i) => s === sample(k, i + 80)));
const listed = (page, id) => page.locator(`#${id} button`).evaluateAll((list) => list.map((b) => Number(b.dataset.point)));

test('a click puts a point into focus, and the player tells all of it', async () => {
  const { page, seen, context } = await open(browser, { data: rich() });
  assert.equal(await page.locator('#player').isVisible(), false);
  await focus(page, 4);
  const text = async (id) => (await page.locator(`#${id}`).innerText()).replace(/\s+/g, ' ').trim();
  assert.equal(await text('player-title'), 'note <b>4<b>.wav');
  assert.equal(await text('player-folder'), 'bell');
  assert.equal(await text('player-label'), 'bell');
  assert.equal(await text('player-classes'), 'Bell <b> 80 % Music 25 %');
  const bars = await page.locator('#player-classes i').evaluateAll((list) => list.map((i) => i.getBoundingClientRect().width / i.parentElement.getBoundingClientRect().width));
  assert.ok(Math.abs(bars[0] - 0.8) < 0.01 && Math.abs(bars[1] - 0.25) < 0.01, `${bars}`);
  assert.match(await text('player-rows'), /Centroid 404 Hz Roll-off 905 Hz Bandwidth 305 Hz/);
  assert.equal(await text('player-place'), 'In its file 0:01.50 – 0:02.46 of 0:04.00');
  const [left, width] = await page.evaluate(() => {
    const bar = document.getElementById('player-place-bar').getBoundingClientRect();
    const track = document.querySelector('.track').getBoundingClientRect();
    return [(bar.left - track.left) / track.width, bar.width / track.width];
  });
  assert.ok(Math.abs(left - 0.375) < 0.01 && Math.abs(width - 0.24) < 0.01, `${left}, ${width}`);
  assert.deepEqual(await listed(page, 'player-twins'), [11]);
  assert.equal(await page.locator('#info').isVisible(), false);
  assert.deepEqual(seen.console, []);
  await page.locator('#player-close').click();
  assert.equal(await page.locator('#player').isVisible(), false);
  assert.equal(await ask(page, 'focusedPoint'), undefined);
  await context.close();
});

test('its picture is the tile over the waveform, and both are the point’s own', async () => {
  const { page, context } = await open(browser);
  for (const k of [5, 9]) {
    await focus(page, k);
    const { width, height, pixels } = await canvasPixels(page, 'player-picture');
    const at = (x, y) => pixels.slice((Math.round(y) * width + Math.round(x)) * 4).slice(0, 3);
    for (const quarter of [0, 1, 2, 3]) {
      const x = 34 + (width - 34) * (quarter % 2 ? 0.75 : 0.25);
      const y = 172 * (quarter < 2 ? 0.25 : 0.75);
      assert.equal(brightness(at(x, y)) > 85, isBright(k, quarter), `point ${k}, quarter ${quarter}`);
    }
    // The waveform's upper edge against the samples that fall into its column.
    const [top, middle] = [180, 208];
    for (const column of [20, 77, 140, 200]) {
      const inked = [];
      for (let y = top; y < top + 56; y++) if (pixels[(y * width + 34 + column) * 4 + 3] > 200) inked.push(y);
      const [from, to] = [column, column + 1].map((c) => Math.floor((c * 15360) / (width - 34)));
      const mean = Array.from({ length: 15360 }, (_, i) => sample(k, i)).reduce((a, b) => a + b) / 15360;
      const part = Array.from({ length: to - from }, (_, i) => sample(k, from + i) - mean);
      const widest = 8000 + Math.abs(mean);
      const high = middle - (Math.max(...part) / widest) * 27;
      assert.ok(Math.abs(inked[0] - high) < 2.5, `point ${k}, column ${column}: ${inked[0]} for ${high}`);
    }
    assert.ok(height >= 250);
  }
  await context.close();
});

test('play, loop and the playhead', async () => {
  const { page, context } = await open(browser);
  await focus(page, 6);
  assert.equal(await page.locator('#player-play').innerText(), 'Play');
  await page.locator('#player-play').click();
  const once = (await played(page)).at(-1);
  assert.deepEqual([heardPoint(once), once.loop, once.duration], [6, false, 0.96]);
  assert.equal(await page.locator('#player-play').innerText(), 'Stop');
  await page.waitForFunction(() => document.getElementById('player-play').innerText === 'Play');
  await page.locator('#player-loop').click();
  assert.equal(await page.locator('#player-loop').getAttribute('aria-pressed'), 'true');
  assert.deepEqual([(await played(page)).at(-1).loop, await ask(page, 'loopingPoint')], [true, 6]);
  const places = new Set();
  for (let k = 0; k < 50 && places.size < 4; k++) {
    places.add(await page.evaluate(() => document.getElementById('player-head').style.getPropertyValue('--at')));
    await page.waitForTimeout(60);
  }
  assert.ok(places.size > 3, `the head was at ${[...places]}`);
  await page.locator('#player-play').click();
  assert.equal(await ask(page, 'loopingPoint'), undefined);
  await page.locator('#player-head').waitFor({ state: 'hidden' });
  await context.close();
});

test('neighbours in the order of their likeness play on hover, and a click flies there', async () => {
  const { page, context } = await open(browser, { data: rich() });
  await focus(page, 3);
  assert.deepEqual(await listed(page, 'player-near'), neighbours[3]);
  assert.equal(await page.locator('#player-near-title').textContent(), 'Sounds like it');
  assert.equal(await page.locator('#player-near-reason').isVisible(), false);
  const first = page.locator('#player-near button').first();
  await first.hover();
  await until(page, 'hoveredPoint', neighbours[3][0]);
  assert.equal(heardPoint((await played(page)).at(-1)), neighbours[3][0]);
  await page.locator('#player-near button').nth(1).focus();
  assert.equal(heardPoint((await played(page)).at(-1)), neighbours[3][1]);
  const goal = neighbours[3][2];
  const before = await ask(page, 'screenPosition', goal);
  await page.locator('#player-near button').nth(2).click();
  await until(page, 'focusedPoint', goal);
  assert.match(await page.locator('#player-title').textContent(), new RegExp(`>${goal}<`));
  await page.waitForTimeout(1200);
  const [x, y] = await ask(page, 'screenPosition', goal);
  const [middleX, middleY] = [(280 + 1060) / 2, (62 + 800) / 2];
  assert.ok(Math.hypot(x - middleX, y - middleY) < 12, `from ${before} to ${[x, y]}`);
  await context.close();
});

test('without neighbours in sound the nearest on the map are listed, and the player says so', async () => {
  const { page, context } = await open(browser);
  await focus(page, 5);
  const apart = (k) => Math.hypot(...projections.projections[k].map((v, a) => v - projections.projections[5][a]));
  const wanted = all.filter((k) => k !== 5).sort((a, b) => apart(a) - apart(b));
  const found = await listed(page, 'player-near');
  assert.deepEqual(found.map((k) => apart(k).toFixed(5)), wanted.map((k) => apart(k).toFixed(5)));
  assert.equal(await page.locator('#player-near-title').textContent(), 'Nearest on the map');
  assert.match(await page.locator('#player-near-reason').textContent(), /UMAP.*does not say which sounds are alike/);
  assert.equal(await page.locator('#player-twins').isVisible(), false);
  await context.close();
});

test('keys move the focus, and every part of the player is reached without a pointer', async () => {
  const { page, context } = await open(browser, { data: rich() });
  await soundOn(page);
  await page.locator('#cloud').focus();
  for (const [key, point] of [['n', 0], ['n', 1], ['p', 0]]) {
    await page.keyboard.press(key);
    await until(page, 'focusedPoint', point);
  }
  await hover(page, 9);
  assert.equal(await page.locator('#info').isVisible(), true);
  await page.locator('#player-close').focus();
  const reached = [];
  for (let k = 0; k < 4; k++) {
    await page.keyboard.press('Tab');
    reached.push(await page.evaluate(() => document.activeElement.id || document.activeElement.dataset.point));
  }
  assert.deepEqual(reached.slice(0, 2), ['player-play', 'player-loop']);
  assert.ok(reached.includes(String(neighbours[0][0])), `${reached}`);
  await page.keyboard.press('Enter');
  await settle(page);
  assert.ok(neighbours[0].includes(await ask(page, 'focusedPoint')));
  await context.close();
});

test('on a phone the player is a sheet at the bottom that leaves the map its room', async () => {
  const phone = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true };
  const { page, context } = await open(browser, { ...phone, data: rich() });
  await page.touchscreen.tap(...await pixelOf(page, 1));
  await page.locator('#player').waitFor();
  const box = await page.locator('#player').boundingBox();
  assert.ok(box.x === 0 && box.width === 390 && box.y > 300 && Math.abs(box.y + box.height - 844) < 1, JSON.stringify(box));
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
  for (const id of ['player-close', 'player-play', 'player-loop']) {
    const { width, height } = await page.locator(`#${id}`).boundingBox();
    assert.ok(width >= 44 && height >= 44, `${id} is ${width} × ${height}`);
  }
  await page.locator('#player-close').tap();
  await page.locator('#player').waitFor({ state: 'hidden' });
  await context.close();
});

for (const viewport of [{ width: 1280, height: 800 }, { width: 390, height: 844 }]) {
  test(`the player lies over no point that it tells of (${viewport.width} pixels wide)`, async () => {
    const { page, context } = await open(browser, { viewport });
    await page.locator('#cloud').focus();
    // Close enough for points to lie all over the page.
    for (let k = 0; k < 4; k++) await page.keyboard.press('+');
    for (let k = 0; k < COUNT; k++) {
      await page.keyboard.press('n');
      await settle(page);
      const { x, y } = await page.locator('#player').boundingBox();
      const point = await ask(page, 'focusedPoint');
      const [px, py] = await ask(page, 'screenPosition', point);
      assert.ok(px < x || py < y, `point ${point} is at ${px}, ${py}, the player begins at ${x}, ${y}`);
    }
    await context.close();
  });
}
