import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ask, brightness, choose, launch, open, picture, settle, until } from './harness.mjs';

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

const TILE = [96, 64];
const MOST = [42, 64];

/** A map of `count` points on a grid in the plane, with sprite pages of `columns` by `rows` tiles, and no sound. */
function map(count, { columns, rows }, page, place) {
  const all = Array.from({ length: count }, (_, k) => k);
  const pages = Math.ceil(count / (columns * rows));
  const names = Array.from({ length: pages }, (_, k) => (k ? `sprite_${k}.jpg` : 'sprite.jpg'));
  const points = all.map(place);
  const config = {
    formatVersion: 1, name: 'large', kind: 'clips', count, audioFile: null, spriteFile: 'sprite.jpg', projectionsFile: 'projections.json', imgDim: TILE[0],
    audio: { sampleRate: 16000, windowSamples: 15360, hopSamples: 15360, blockSize: 3840 },
    sprite: { tileWidth: TILE[0], tileHeight: TILE[1], columns, rows, pages: names, floor: -7, ceiling: 2, unit: 'ln mel' },
    projections: [{ name: 'umap', dims: 2, params: {} }],
    columns: [{ name: 'labels', type: 'text' }, { name: 'labelnames', type: 'text' }],
  };
  const metadata = { labels: all.map((k) => String(k % 3)), labelnames: all.map((k) => ['a', 'b', 'c'][k % 3]) };
  const files = {
    'index.json': JSON.stringify({ formatVersion: 1, datasets: [{ name: 'large', layout: 'folder', kind: 'clips', count }] }),
    'large/config.json': JSON.stringify(config),
    'large/projections.json': JSON.stringify({ idx: all, metadata, projections: points, spherical: points }),
  };
  names.forEach((name, k) => { files[`large/${name}`] = page(k, name); });
  return files;
}

/** JPEG pages made by the browser: page k is all of grey `greys[k]`. */
async function greyPages(greys, width, height) {
  const page = await browser.newPage();
  const texts = await page.evaluate(async ([greys, width, height]) => Promise.all(greys.map(async (grey) => {
    const canvas = new OffscreenCanvas(width, height);
    const pen = canvas.getContext('2d');
    pen.fillStyle = `rgb(${grey} ${grey} ${grey})`;
    pen.fillRect(0, 0, width, height);
    const bytes = new Uint8Array(await (await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.9 })).arrayBuffer());
    return btoa(String.fromCharCode(...bytes));
  })), [greys, width, height]);
  await page.close();
  return texts.map((text) => Buffer.from(text, 'base64'));
}

/** Says that the machine has `gigabytes`: of it follows how much is kept on the graphics device. */
const memory = (gigabytes) => `Object.defineProperty(navigator, 'deviceMemory', { get: () => ${gigabytes} });`;

/** Half of the usual page: what is drawn in software takes its time by the pixel. */
const VIEW = { width: 900, height: 640 };
/** Where nothing of the map is. */
const CORNER = [5, VIEW.height - 5];

/** Opens `data` in a page of a machine with `gigabytes`. */
const openOn = (gigabytes, data, wanted = {}) =>
  open(browser, { dataset: 'large', data, viewport: VIEW, before: (page) => page.addInitScript(memory(gigabytes)), ...wanted });

// Thirty pages of 16 by 16 tiles (2 MB with their mip levels) in a row of squares, of which 16 MB hold eight.
const COLUMNS = 16;
const PER_PAGE = COLUMNS * COLUMNS;
const PAGES = 30;
const square = (k) => {
  const [page, within] = [Math.floor(k / PER_PAGE), k % PER_PAGE];
  return [(page % 6) * 20 + (within % COLUMNS), -Math.floor(page / 6) * 20 - Math.floor(within / COLUMNS), 0];
};
const GREYS = Array.from({ length: PAGES }, (_, k) => (k % 2 ? 230 : 40 + k));

async function squares() {
  const jpegs = await greyPages(GREYS, COLUMNS * TILE[0], COLUMNS * TILE[1]);
  const asked = [];
  const data = map(PAGES * PER_PAGE, { columns: COLUMNS, rows: COLUMNS }, (k) => (route) => {
    asked.push(k);
    return route.fulfill({ body: jpegs[k], contentType: 'image/jpeg' });
  }, square);
  return { data, asked };
}

/** Comes so near to point `k` that its tile is large. */
async function approach(page, k) {
  await page.keyboard.press('f');
  await settle(page);
  for (let step = 0; step < 7; step++) {
    const [x, y] = await ask(page, 'screenPosition', k);
    await page.mouse.move(x, y);
    // Both about the pointer, and one picture for the two.
    for (let turn = 0; turn < 2; turn++) await page.mouse.wheel(0, -240);
    await settle(page);
    if ((await ask(page, 'pointSize', k))[0] > 60) break;
  }
  await page.mouse.move(...CORNER);
  await page.waitForTimeout(400);
  await until(page, 'picturesWait', false, 30);
  await settle(page);
}

test('pages come when they are looked at, no more than there is room for, and come again', async () => {
  const { data, asked } = await squares();
  const { page, seen, context } = await openOn(0.25, data);
  assert.deepEqual(asked, []);
  assert.ok((await ask(page, 'pictureBytes')) <= 16 << 20);
  const middle = (p) => p * PER_PAGE + 8 * COLUMNS + 8;
  for (const wanted of [0, 5, 29, 24, 14, 9, 21, 3, 17, 11, 26, 0]) {
    const before = asked.filter((k) => k === wanted).length;
    await approach(page, middle(wanted));
    const there = await ask(page, 'picturesThere');
    assert.ok(there.includes(wanted), `${wanted} is not among ${there}`);
    assert.ok(there.length <= 8, `${there}`);
    // Its tile is as bright as its page.
    const { read } = await picture(page);
    const [x, y] = (await ask(page, 'screenPosition', middle(wanted))).map(Math.round);
    assert.equal(brightness(read(x, y)) > 150, GREYS[wanted] > 150, `page ${wanted}: ${read(x, y)}`);
    if (wanted === 29) assert.equal(before, 0);
  }
  assert.ok(asked.filter((k) => k === 0).length >= 1);
  assert.ok((await ask(page, 'pictureBytes')) <= 16 << 20);
  assert.deepEqual(seen.errors, []);
  await context.close();
});

test('with little room a near view looks as it does with all pages', async () => {
  const shots = [];
  for (const gigabytes of [0.25, 8]) {
    const { data } = await squares();
    const { page, context } = await openOn(gigabytes, data);
    await approach(page, 14 * PER_PAGE + 8 * COLUMNS + 8);
    shots.push(await picture(page));
    const there = (await ask(page, 'picturesThere')).length;
    assert.ok(gigabytes < 1 ? there <= 8 : there === PAGES, `${there} pages on ${gigabytes} GB`);
    await context.close();
  }
  const [a, b] = shots.map(({ pixels }) => pixels);
  let far = 0;
  for (let i = 0; i < a.length; i += 4) if (Math.abs(a[i] - b[i]) > 24 || Math.abs(a[i + 1] - b[i + 1]) > 24) far += 1;
  assert.ok(far / (a.length / 4) < 0.003, `${far} pixels differ`);
});

test('a page that cannot be had is told of once, and the others come', async () => {
  const { data } = await squares();
  data['large/sprite_4.jpg'] = undefined;
  const { page, seen, context } = await openOn(8, data, { wait: false });
  await page.waitForFunction(() => document.body.classList.contains('ready'));
  await page.locator('#notice:has-text("sprite_4.jpg")').waitFor();
  await until(page, 'picturesWait', false, 30);
  const there = await ask(page, 'picturesThere');
  assert.equal(there.length, PAGES - 1);
  assert.ok(!there.includes(4));
  assert.equal(await page.locator('#draw-sprites').isDisabled(), false);
  assert.deepEqual(seen.errors, []);
  await context.close();
});

test('the pointer marks a point over the kept picture, which stays', async () => {
  const { data } = await squares();
  const { page, context } = await openOn(8, data);
  await page.mouse.move(...CORNER);
  await settle(page);
  const before = await picture(page);
  const [x, y] = (await ask(page, 'screenPosition', 14 * PER_PAGE)).map(Math.round);
  await page.mouse.move(x, y);
  for (let tries = 0; (await ask(page, 'hoveredPoint')) === undefined && tries < 50; tries++) await page.waitForTimeout(50);
  await settle(page);
  const after = await picture(page);
  let [same, far] = [0, 0];
  for (let py = 0; py < VIEW.height; py++) {
    for (let px = 0; px < VIEW.width; px++) {
      const at = (py * VIEW.width + px) * 4;
      const apart = Math.max(...[0, 1, 2].map((c) => Math.abs(before.pixels[at + c] - after.pixels[at + c])));
      if (Math.abs(px - x) < 60 && Math.abs(py - y) < 60) far += apart > 24 ? 1 : 0;
      else same += apart > 24 ? 1 : 0;
    }
  }
  assert.ok(far > 50, 'nothing is marked');
  assert.equal(same, 0, `${same} pixels elsewhere differ`);
  await context.close();
});

test('a hundred thousand points open, are met by the pointer, coloured, filtered and selected', async () => {
  const count = 100_000;
  const [jpeg] = await greyPages([120], MOST[0] * TILE[0], MOST[1] * TILE[1]);
  const place = (k) => [(k % 400) * 0.1, Math.floor(k / 400) * 0.1, 0];
  const data = map(count, { columns: MOST[0], rows: MOST[1] }, () => (route) => route.fulfill({ body: jpeg, contentType: 'image/jpeg' }), place);
  const { page, seen, context } = await openOn(8, data);
  page.setDefaultTimeout(60_000);
  assert.equal(await ask(page, 'pointCount'), count);
  await choose(page, 'draw-points');
  await until(page, 'drawnPoints', count, 30);
  // A plane of points a few pixels apart: the one that is met lies where the pointer is.
  for (const [x, y] of [[450, 320], [500, 250], [400, 400]]) {
    await page.mouse.move(x, y);
    for (let tries = 0; tries < 100; tries++) {
      const met = await ask(page, 'hoveredPoint');
      if (met !== undefined && met === (await ask(page, 'pointAt', x, y))) break;
      await page.waitForTimeout(50);
    }
    const met = await ask(page, 'hoveredPoint');
    const [px, py] = await ask(page, 'screenPosition', met);
    assert.ok(Math.abs(px - x) <= 6 && Math.abs(py - y) <= 6, `point ${met} at ${px}, ${py} for ${x}, ${y}`);
  }
  await page.locator('#colour').selectOption('labels');
  await page.locator('#legend-list button').nth(1).click();
  await until(page, 'drawnPoints', count - 33_333, 30);
  await page.locator('#legend-list button').nth(1).click();
  await until(page, 'drawnPoints', count, 30);
  await page.keyboard.press('b');
  await page.mouse.move(420, 290);
  await page.mouse.down();
  await page.mouse.move(500, 360, { steps: 2 });
  await page.mouse.up();
  const selected = await ask(page, 'selectedPoints');
  assert.ok(selected.length > 20 && selected.length < count / 2, `${selected.length}`);
  for (const k of selected.filter((_, i) => i % 50 === 0)) {
    const [x, y] = await ask(page, 'screenPosition', k);
    assert.ok(x >= 419 && x <= 501 && y >= 289 && y <= 361, `point ${k} at ${x}, ${y}`);
  }
  assert.deepEqual(seen.errors, []);
  assert.deepEqual(seen.console.filter((line) => line.startsWith('error') && !line.includes('404')), []);
  await context.close();
});
