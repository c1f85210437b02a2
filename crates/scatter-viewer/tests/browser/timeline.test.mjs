import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { COUNT, WINDOW, isBright } from './fixture/dataset.mjs';
import { recording } from './fixture/variants.mjs';
import { ask, brightness, canvasPixels, hover, launch, open, played, settle, soundOn, until } from './harness.mjs';

let browser;
before(async () => { browser = await launch({ composited: true }); });
after(() => browser.close());

const WHOLE = (COUNT * WINDOW) / 16000;

const box = (page) => page.locator('#timeline-view').boundingBox();
/** The pixel of a time, in the middle of the picture's height. */
async function at(page, seconds) {
  const [from, to] = await ask(page, 'timelineSpan');
  const { x, y, width, height } = await box(page);
  return [x + ((seconds - from) / (to - from)) * width, y + height / 2];
}
const slot = (k) => (k + 0.5) * (WINDOW / 16000);

test('a recording has a timeline whose picture is made of its tiles, and clips have none', async () => {
  const clips = await open(browser);
  assert.equal(await clips.page.locator('#timeline').isVisible(), false);
  await clips.context.close();
  const { page, seen, context } = await open(browser, { data: recording() });
  assert.equal(await page.locator('#timeline').isVisible(), true);
  assert.deepEqual((await ask(page, 'timelineSpan')).map((t) => t.toFixed(2)), ['0.00', WHOLE.toFixed(2)]);
  const read = () => canvasPixels(page, 'timeline-picture');
  const check = ({ width, height, pixels }, k, from, to) => {
    const x = Math.floor(((slot(k) - 0.24 - from) / (to - from)) * width);
    for (const [row, quarters] of [[0.25, [0, 1]], [0.75, [2, 3]]]) {
      const place = (Math.floor(row * height) * width + x) * 4;
      const bright = brightness(pixels.slice(place, place + 3));
      // From afar a window is one column, the mean of its left and right; near by the left stands at its left.
      const wanted = to - from > 10 ? quarters.map((q) => isBright(k, q)) : [isBright(k, quarters[0])];
      if (new Set(wanted).size === 1) assert.equal(bright > 85, wanted[0], `window ${k}, row ${row}: ${bright}`);
    }
  };
  const far = await read();
  for (let k = 0; k < COUNT; k++) check(far, k, 0, WHOLE);
  const [x, y] = await at(page, slot(6));
  await page.mouse.move(x, y);
  for (let k = 0; k < 6; k++) await page.mouse.wheel(0, -150);
  await settle(page);
  const [from, to] = await ask(page, 'timelineSpan');
  assert.ok(to - from < 3 && from < slot(6) && slot(6) < to, `${from} to ${to}`);
  check(await read(), 6, from, to);
  assert.deepEqual(seen.console, []);
  await context.close();
});

test('the wheel zooms where the pointer is, the ruler drags, and a button shows all again', async () => {
  const { page, context } = await open(browser, { data: recording() });
  const [x, y] = await at(page, 5);
  await page.mouse.move(x, y);
  await page.mouse.wheel(0, -240);
  await settle(page);
  const [from, to] = await ask(page, 'timelineSpan');
  assert.ok(to - from < WHOLE * 0.6);
  assert.ok(Math.abs((await at(page, 5))[0] - x) < 1, 'what is under the pointer stays there');
  const ruler = await page.locator('#timeline-ruler').boundingBox();
  await page.mouse.move(ruler.x + 300, ruler.y + 8);
  await page.mouse.down();
  await page.mouse.move(ruler.x + 200, ruler.y + 8, { steps: 3 });
  await page.mouse.up();
  const [later] = await ask(page, 'timelineSpan');
  assert.ok(Math.abs(later - from - (100 / ruler.width) * (to - from)) < 0.05, `${from} to ${later}`);
  assert.deepEqual(await ask(page, 'selectedPoints'), []);
  await page.locator('#timeline-all').click();
  assert.deepEqual((await ask(page, 'timelineSpan')).map((t) => Math.round(t * 100)), [0, Math.round(WHOLE * 100)]);
  await context.close();
});

/** The lightest column of the marks' canvas, as a share of its width; null where there is none. */
const marked = (page) => page.evaluate(() => {
  const canvas = document.getElementById('timeline-marks');
  const { width, height } = canvas;
  const row = canvas.getContext('2d').getImageData(0, Math.floor(height / 2), width, 1).data;
  const columns = Array.from({ length: width }, (_, x) => x).filter((x) => row[x * 4 + 3] > 60);
  return columns.length ? (columns[0] + columns.at(-1) + 1) / 2 / width : null;
});

test('hovering either side marks the other', async () => {
  const { page, context } = await open(browser, { data: recording() });
  await soundOn(page);
  for (const k of [9, 2]) {
    await page.mouse.move(...await at(page, slot(k)));
    await until(page, 'hoveredPoint', k);
    assert.match(await page.locator('#info-rows').textContent(), /Time0:/);
  }
  await page.mouse.move(640, 300);
  await until(page, 'hoveredPoint', undefined);
  assert.equal(await marked(page), null);
  for (const k of [5, 10]) {
    await hover(page, k);
    assert.ok(Math.abs((await marked(page)) - (k + 0.5) / COUNT) < 0.01, `${await marked(page)} for ${k}`);
  }
  await context.close();
});

test('a brush selects the windows of its time, with shift more, with alt fewer', async () => {
  const { page, context } = await open(browser, { data: recording() });
  const brush = async (a, b, key) => {
    if (key) await page.keyboard.down(key);
    await page.mouse.move(...await at(page, a));
    await page.mouse.down();
    await page.mouse.move(...await at(page, (a + b) / 2));
    await page.mouse.move(...await at(page, b));
    await page.mouse.up();
    if (key) await page.keyboard.up(key);
    await settle(page);
    return ask(page, 'selectedPoints');
  };
  assert.deepEqual(await brush(slot(3), slot(6)), [3, 4, 5, 6]);
  assert.equal(await page.locator('#selected').textContent(), '4 sounds selected');
  assert.deepEqual(await brush(slot(12), slot(10), 'Shift'), [3, 4, 5, 6, 10, 11, 12]);
  assert.deepEqual(await brush(slot(5), slot(11), 'Alt'), [3, 4, 12]);
  assert.equal(await ask(page, 'tapeSample'), undefined);
  await page.keyboard.press('Escape');
  assert.deepEqual(await ask(page, 'selectedPoints'), []);
  await context.close();
});

test('a click plays the recording from there, the playhead moves, and Escape stops', async () => {
  const { page, context } = await open(browser, { data: recording() });
  await soundOn(page);
  await page.mouse.click(...await at(page, 4));
  const tape = (await played(page)).at(-1);
  assert.ok(Math.abs(tape.offset - 4) < 0.05 && Math.abs(tape.duration - (WHOLE - tape.offset)) < 1e-6, `${tape.offset}`);
  assert.deepEqual([tape.samples.length, tape.loop], [COUNT * WINDOW, false]);
  const first = await ask(page, 'tapeSample');
  await page.waitForTimeout(700);
  const later = await ask(page, 'tapeSample');
  assert.ok(later - first > 4000 && later - first < 40000, `${first} to ${later}`);
  const head = () => page.evaluate(() => Number(document.getElementById('timeline-head').style.getPropertyValue('--at')));
  const before = await head();
  assert.ok(Math.abs(before - later / (COUNT * WINDOW)) < 0.08, `${before}`);
  await page.waitForTimeout(500);
  assert.ok((await head()) > before);
  assert.match(await page.locator('#timeline-now').textContent(), /^0:0[4-9]\.\d\d$/);
  // The tape is not talked over.
  const voices = (await played(page)).length;
  await page.mouse.move(...await at(page, 12));
  await settle(page);
  assert.equal((await played(page)).length, voices);
  await page.keyboard.press('Escape');
  assert.equal(await ask(page, 'tapeSample'), undefined);
  await page.locator('#timeline-head').waitFor({ state: 'hidden' });
  const [stopped, words] = await page.evaluate(() => {
    const play = document.getElementById('timeline-play');
    play.click();
    const words = play.textContent;
    play.click();
    return [window.played.at(-1).stopped, words];
  });
  assert.deepEqual([stopped, words, await ask(page, 'tapeSample')], [true, 'Stop', undefined]);
  await context.close();
});

test('the keyboard moves along the recording, window by window, and plays from there', async () => {
  const { page, context } = await open(browser, { data: recording() });
  await soundOn(page);
  await page.locator('#timeline-view').focus();
  for (const [key, point] of [['ArrowRight', 1], ['ArrowRight', 2], ['ArrowLeft', 1], ['End', COUNT - 1], ['Home', 0], ['PageDown', 10]]) {
    await page.keyboard.press(key);
    await until(page, 'hoveredPoint', point);
  }
  assert.equal(await page.locator('#timeline-view').getAttribute('aria-valuetext'), '0:09.60');
  await page.keyboard.press('+');
  const [from, to] = await ask(page, 'timelineSpan');
  assert.ok(to - from < WHOLE * 0.7 && from < 9.6 && to > 9.6);
  await page.keyboard.press('Enter');
  assert.ok(Math.abs((await played(page)).at(-1).offset - 9.6) < 1e-6);
  await page.keyboard.press(' ');
  const last = (await played(page)).at(-1);
  assert.ok(last.stopped && Math.abs(last.offset - 9.6) < 1e-6);
  await context.close();
});

test('two fingers on a phone zoom, and the map keeps its room', async () => {
  const phone = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true };
  const { page, context } = await open(browser, { ...phone, data: recording() });
  const middles = (await Promise.all(Array.from({ length: COUNT }, (_, k) => ask(page, 'screenPosition', k)))).map(([, py]) => py);
  const middle = (Math.min(...middles) + Math.max(...middles)) / 2;
  const room = await page.evaluate(() => ['masthead', 'sound'].map((id, k) => document.getElementById(id).getBoundingClientRect()[k ? 'top' : 'bottom']));
  assert.ok(Math.abs(middle - (room[0] + room[1]) / 2) < 40, `the cloud is at ${middle} between ${room}`);
  const touch = await context.newCDPSession(page);
  const send = (type, ...points) => touch.send('Input.dispatchTouchEvent', { type, touchPoints: points.map(([x, y], id) => ({ x, y, id })) });
  const { y, height } = await box(page);
  const line = y + height / 2;
  await send('touchStart', [150, line], [250, line]);
  await send('touchMove', [110, line], [290, line]);
  await send('touchMove', [60, line], [340, line]);
  await send('touchEnd');
  await settle(page);
  const [from, to] = await ask(page, 'timelineSpan');
  assert.ok(to - from < WHOLE * 0.7, `${from} to ${to}`);
  for (let k = 0; k < COUNT; k++) {
    const [, py] = await ask(page, 'screenPosition', k);
    assert.ok(py > 60 && py < y, `point ${k} at ${py}`);
  }
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
  await context.close();
});
