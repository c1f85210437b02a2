import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { WINDOW, sample } from './fixture/dataset.mjs';
import { ask, hover, launch, open, played, settle, soundOn, until } from './harness.mjs';

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

const clip = (k) => Array.from({ length: WINDOW }, (_, i) => sample(k, i));

test('hovering a point plays exactly its samples, point 0 as well', async () => {
  const { page, context } = await open(browser);
  await soundOn(page);
  for (const [turn, k] of [0, 7, 15].entries()) {
    assert.equal(await hover(page, k), k);
    const all = await played(page);
    assert.equal(all.length, turn + 1);
    const { samples, rate, contextRate, offset, duration, loop } = all[turn];
    assert.deepEqual(samples, clip(k));
    assert.deepEqual([rate, contextRate, offset, duration, loop], [16000, 16000, 0, 0.96, false]);
  }
  await context.close();
});

test('a new hover ends the one before, and resting on a point does not play it again', async () => {
  const { page, context } = await open(browser);
  await soundOn(page);
  await hover(page, 5);
  const [x, y] = await ask(page, 'screenPosition', 5);
  await page.mouse.move(x + 2, y + 1);
  await settle(page);
  assert.equal((await played(page)).length, 1);
  await hover(page, 6);
  const [first, second] = await played(page);
  // On a slow machine the first may have come to its end by itself.
  assert.ok(first.stopped || first.ended);
  assert.deepEqual([second.samples, second.stopped], [clip(6), false]);
  await context.close();
});

test('sounds come from the side where their point is seen', async () => {
  const { page, context } = await open(browser);
  await soundOn(page);
  for (const k of [0, 3]) {
    await hover(page, k);
    const [x] = await ask(page, 'screenPosition', k);
    const expected = (x / 1280 * 2 - 1) * 0.85;
    assert.ok(Math.abs((await played(page)).at(-1).pan - expected) < 1e-3);
  }
  await context.close();
});

test('a click loops the clip four times without a gap, and a second click stops it', async () => {
  const { page, context } = await open(browser);
  const [x, y] = await ask(page, 'screenPosition', 9);
  await page.mouse.click(x, y);
  await until(page, 'soundIsOn', true);
  assert.equal(await ask(page, 'loopingPoint'), 9);
  const looped = (await played(page)).at(-1);
  assert.deepEqual(looped.samples, clip(9));
  assert.deepEqual([looped.loop, looped.offset, looped.duration], [true, 0, 4 * 0.96]);
  // Loop bounds of zero mean the whole buffer, which is the clip.
  assert.deepEqual([looped.loopStart, looped.loopEnd, looped.stopped], [0, 0, false]);
  assert.match(await page.locator('#info-state').textContent(), /Looping four times/);
  await page.mouse.click(x, y);
  assert.equal(await ask(page, 'loopingPoint'), undefined);
  assert.equal((await played(page)).at(-1).stopped, true);
  await context.close();
});

test('a loop ends by itself after four times, and Escape ends it before', async () => {
  const { page, context } = await open(browser);
  await soundOn(page);
  const [x, y] = await ask(page, 'screenPosition', 2);
  await page.mouse.click(x, y);
  await page.keyboard.press('Escape');
  assert.equal(await ask(page, 'loopingPoint'), undefined);
  assert.ok((await played(page)).every((p) => p.stopped));
  await page.mouse.click(x, y);
  const began = Date.now();
  await until(page, 'loopingPoint', undefined);
  const seconds = (Date.now() - began) / 1000;
  assert.ok(seconds > 3.2 && seconds < 9, `${seconds} s`);
  await context.close();
});

test('the page says how to switch the sound on, and a click or a key does it', async () => {
  const strict = await launch({ strictSound: true });
  for (const wake of [(page) => page.mouse.click(640, 790), (page) => page.keyboard.press('n')]) {
    const { page, seen, context } = await open(strict);
    assert.equal(await page.locator('#sound-hint').textContent(), 'Click anywhere to switch the sound on');
    await hover(page, 4);
    assert.deepEqual(await played(page), []);
    assert.equal(await page.locator('#info-state').textContent(), 'Click to hear it.');
    await wake(page);
    await page.locator('#sound-hint').waitFor({ state: 'hidden' });
    await hover(page, 11);
    assert.deepEqual((await played(page)).at(-1).samples, clip(11));
    assert.deepEqual(seen.console, []);
    await context.close();
  }
  await strict.close();
});
