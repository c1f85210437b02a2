// Alone: how long a finger rests decides what it means.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, open, ask, settle, until } from './harness.mjs';

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

const phone = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true };
/** Longer than a long press, with what a busy machine is late. */
const LONG = 900;

/** Fingers as the system reports them. */
async function fingers(context, page) {
  const session = await context.newCDPSession(page);
  return (type, ...points) => session.send('Input.dispatchTouchEvent', { type, touchPoints: points.map(([x, y], id) => ({ x, y, id })) });
}

/** A place on the map with no point near it. */
async function beside(page) {
  const free = await page.evaluate(async () => {
    const viewer = await import('./pkg/scatter_viewer.js');
    for (let y = 640; y > 200; y -= 10) if ([-20, 0, 20].every((d) => viewer.pointAt(195 + d, y + d) === undefined)) return [195, y];
    return null;
  });
  assert.ok(free, 'points are everywhere');
  return free;
}

test('one finger turns the cloud about its middle', async () => {
  const { page, context } = await open(browser, phone);
  const touch = await fingers(context, page);
  const before = await ask(page, 'cameraPose');
  const [x, y] = await beside(page);
  await touch('touchStart', [x, y]);
  await touch('touchMove', [x + 40, y - 10]);
  await touch('touchMove', [x + 80, y - 20]);
  await touch('touchEnd');
  await settle(page);
  const after = await ask(page, 'cameraPose');
  assert.deepEqual([after.slice(0, 3), after[5]], [before.slice(0, 3), before[5]]);
  assert.ok(Math.abs(after[3] - before[3]) > 0.2 && Math.abs(after[4] - before[4]) > 0.05, `${before} and ${after}`);
  await context.close();
});

test('two fingers drawn apart come closer, and moved together they move the cloud', async () => {
  const { page, context } = await open(browser, phone);
  const touch = await fingers(context, page);
  const [width] = await ask(page, 'pointSize', 0);
  await touch('touchStart', [150, 400], [250, 400]);
  await touch('touchMove', [110, 400], [290, 400]);
  await touch('touchMove', [90, 400], [310, 400]);
  await touch('touchEnd');
  await settle(page);
  assert.ok((await ask(page, 'pointSize', 0))[0] > width * 1.2);
  const before = await ask(page, 'screenPosition', 5);
  const pose = await ask(page, 'cameraPose');
  await touch('touchStart', [150, 400], [250, 400]);
  for (let k = 1; k <= 5; k += 1) await touch('touchMove', [150 + 8 * k, 400 - 6 * k], [250 + 8 * k, 400 - 6 * k]);
  await touch('touchEnd');
  await settle(page);
  const after = await ask(page, 'screenPosition', 5);
  const turned = await ask(page, 'cameraPose');
  assert.ok(Math.abs(after[0] - before[0] - 40) < 14 && Math.abs(after[1] - before[1] + 30) < 14, `${before} to ${after}`);
  assert.deepEqual(turned.slice(3, 5), pose.slice(3, 5));
  assert.ok(Math.abs(turned[5] / pose[5] - 1) < 0.01);
  assert.deepEqual(await ask(page, 'selectedPoints'), []);
  await context.close();
});

test('a tap loops a point, and a second one stops it', async () => {
  const { page, context } = await open(browser, phone);
  const touch = await fingers(context, page);
  const [x, y] = await ask(page, 'screenPosition', 6);
  const there = await ask(page, 'pointAt', x, y);
  const tap = async () => {
    await touch('touchStart', [x, y]);
    await touch('touchEnd');
  };
  await tap();
  await until(page, 'loopingPoint', there);
  await until(page, 'focusedPoint', there);
  await page.locator('#player-close').tap();
  const [nx, ny] = await ask(page, 'screenPosition', there);
  await touch('touchStart', [nx, ny]);
  await touch('touchEnd');
  await until(page, 'loopingPoint', undefined);
  assert.deepEqual(await ask(page, 'selectedPoints'), []);
  await context.close();
});

test('a finger that rests on a point selects it, shows and shakes, and a second time lets it go', async () => {
  const { page, seen, context } = await open(browser, phone);
  const touch = await fingers(context, page);
  await page.evaluate(() => {
    window.shaken = [];
    const shake = navigator.vibrate.bind(navigator);
    navigator.vibrate = (ms) => { window.shaken.push(ms); return shake(ms); };
  });
  const sign = () => page.evaluate(() => {
    const held = document.getElementById('held');
    const { left, top, width, height } = held.getBoundingClientRect();
    return held.hidden ? null : [left + width / 2, top + height / 2, held.className];
  });
  const [x, y] = await ask(page, 'screenPosition', 6);
  const there = await ask(page, 'pointAt', x, y);
  const rest = async (...moves) => {
    await touch('touchStart', [x, y]);
    for (const [dx, dy] of moves) await touch('touchMove', [x + dx, y + dy]);
    await page.waitForTimeout(LONG);
  };
  // A hand is never quite still.
  await rest([2, -1], [1, 2]);
  assert.deepEqual(await ask(page, 'selectedPoints'), [there]);
  const [sx, sy, off] = await sign();
  assert.ok(Math.abs(sx - x) < 1 && Math.abs(sy - y) < 1 && off === '', `${[sx, sy, off]} for ${[x, y]}`);
  // What the finger does after that means nothing.
  const pose = await ask(page, 'cameraPose');
  await touch('touchMove', [x + 60, y + 60]);
  await touch('touchEnd');
  await settle(page);
  assert.deepEqual(await ask(page, 'cameraPose'), pose);
  assert.deepEqual([await ask(page, 'loopingPoint'), await ask(page, 'focusedPoint')], [undefined, undefined]);
  assert.equal(await page.locator('#selected').textContent(), '1 sound selected');
  await rest();
  await touch('touchEnd');
  assert.deepEqual([await ask(page, 'selectedPoints'), (await sign())[2]], [[], 'off']);
  // Before a first touch has ended browsers refuse, and complain of it in the console.
  const shaken = await page.evaluate(() => window.shaken);
  assert.ok(shaken.length > 0 && shaken.every((ms) => ms === 12), `${shaken}`);
  // A finger that moves turns the cloud, however long it stays.
  await rest([20, 0], [40, 0]);
  await touch('touchEnd');
  assert.deepEqual(await ask(page, 'selectedPoints'), []);
  assert.notDeepEqual(await ask(page, 'cameraPose'), pose);
  assert.deepEqual(seen.console, []);
  await context.close();
});

test('a finger that rests beside all points may still turn the cloud, and a mouse selects nothing by resting', async () => {
  const { page, context } = await open(browser, phone);
  const touch = await fingers(context, page);
  const [x, y] = await beside(page);
  const pose = await ask(page, 'cameraPose');
  await touch('touchStart', [x, y]);
  await page.waitForTimeout(LONG);
  await touch('touchMove', [x + 40, y]);
  await touch('touchEnd');
  await settle(page);
  assert.ok(Math.abs((await ask(page, 'cameraPose'))[3] - pose[3]) > 0.1);
  await page.mouse.move(...await ask(page, 'screenPosition', 6));
  await page.mouse.down();
  await page.waitForTimeout(LONG);
  await page.mouse.up();
  assert.deepEqual(await ask(page, 'selectedPoints'), []);
  await context.close();
});
