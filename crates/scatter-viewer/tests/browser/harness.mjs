// Pages that watch themselves, and what is done and read there.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { base, ownAffair, visit } from './browser.mjs';
import { record } from './ear.mjs';
import { files } from './fixture/dataset.mjs';
import { pack, unpack } from './packing.mjs';
import { decode } from './png.mjs';

export { base, launch } from './browser.mjs';
export { decodeSound, heard, keepBusy, listenIn, played, steepest } from './ear.mjs';

const TYPES = { json: 'application/json', jpg: 'image/jpeg', flac: 'audio/flac' };

/**
 * Opens the page. `data` maps addresses below the data folder to contents (`undefined`: the server has none; a function:
 * it answers the route itself) and replaces what the server holds; by default it is the fixture. `data: null` leaves the
 * server's own datasets. `origin` is another server than the usual one, `address` another page to open than that of
 * `dataset`; `before` is called with the page while it is empty. `alone` shares no process with other pages.
 */
export async function open(browser, { dataset = 'fixture', data = files(), wait = true, origin = base, address, before = async () => {}, ...options } = {}) {
  // Without the system's wishes the page would be light and in motion; tests of those ask for them.
  const { page, context } = await visit(browser, { viewport: { width: 1280, height: 800 }, colorScheme: 'dark', reducedMotion: 'reduce', ...options });
  const seen = { console: [], errors: [], requests: [], answers: [] };
  page.on('console', (message) => {
    if (!ownAffair(browser, message.text())) seen.console.push(`${message.type()}: ${message.text()}`);
  });
  page.on('pageerror', (error) => seen.errors.push(error.message));
  page.on('request', (request) => seen.requests.push(request.url()));
  page.on('response', (response) => seen.answers.push(response.url()));
  await page.addInitScript(pack);
  await page.addInitScript(record);
  if (data) {
    await page.route('**/data/**', (route) => {
      const name = decodeURIComponent(new URL(route.request().url()).pathname.replace(/^\/data\//, ''));
      const body = data[name];
      if (typeof body === 'function') return body(route);
      if (body === undefined) return route.fulfill({ status: 404, body: 'no such file' });
      return route.fulfill({ body, contentType: TYPES[name.split('.').pop()] });
    });
  }
  await before(page);
  await page.goto(address ?? `${origin}/web/index.html${dataset === null ? '' : `?dataset=${dataset}`}`);
  if (wait) await ready(page);
  return { page, seen, context };
}

/** Waits until the dataset is shown and its sound and its pictures are there, or known not to be. */
export async function ready(page) {
  await page.waitForFunction(() => document.body.classList.contains('ready')
    && document.getElementById('sound-loading').hidden
    && (document.getElementById('sound-hint').hidden === false || document.getElementById('notice').hidden === false));
  await until(page, 'picturesWait', false, 30);
  await settle(page);
}

/** Addresses that the page asked for outside its own folder and the data of `dataset`. */
export const strays = (seen, dataset = 'fixture') => seen.requests.filter((address) => {
  if (/^(data|blob):/.test(address)) return false;
  const { origin, pathname } = new URL(address);
  const own = pathname.startsWith('/web/') || pathname === '/data/index.json' || pathname.startsWith(`/data/${dataset}/`);
  return origin !== new URL(base).origin || !own;
});

/** Waits until the last change is drawn. */
export const settle = (page) =>
  page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 30)))));

/** Asks the viewer itself: `ask(page, 'screenPosition', 3)`. Arrays come back as arrays. */
export const ask = (page, question, ...values) =>
  page.evaluate(async ([name, given]) => {
    const viewer = await import('./pkg/scatter_viewer.js');
    const answer = viewer[name](...given);
    return ArrayBuffer.isView(answer) ? Array.from(answer) : answer;
  }, [question, values]);

/** Waits until the viewer answers `question` with `expected`. */
export async function until(page, question, expected, seconds = 10) {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const answer = await ask(page, question);
    if (answer === expected) return;
    if (Date.now() > end) throw new Error(`${question} is still ${answer} after ${seconds} s`);
    await new Promise((done) => setTimeout(done, 20));
  }
}

/** Clicks beside the cloud, which switches the sound on. */
export async function soundOn(page) {
  await page.mouse.click(640, 790);
  await until(page, 'soundIsOn', true);
}

/** Where the centre of a point is seen, in whole pixels: a mouse knows no others, and close points differ by less. */
export async function pixelOf(page, point) {
  return (await ask(page, 'screenPosition', point)).map(Math.round);
}

/** Moves the pointer to a point that nothing covers, and waits until the viewer has seen it: a busy machine draws late. */
export async function hover(page, point) {
  await page.mouse.move(...await pixelOf(page, point));
  await until(page, 'hoveredPoint', point);
  await settle(page);
  return point;
}

/** Puts a point into focus with a click, and silences it. */
export async function focus(page, point) {
  await page.mouse.click(...await pixelOf(page, point));
  await until(page, 'focusedPoint', point);
  await page.locator('#silence').click();
  await settle(page);
}

/** Chooses a radio button as a person does: by its label. */
export async function choose(page, id) {
  await page.locator(`label:has(#${id})`).click();
  await settle(page);
}

/** Colours the points by the column with `key`; by none without one. */
export async function colourBy(page, key = '') {
  // On a phone the list is in the sheet, which is closed at first.
  const hidden = !(await page.locator('#colour').isVisible());
  const handle = page.locator('#panel-handle');
  if (hidden) await handle.click();
  await page.locator('#colour').selectOption(key);
  if (hidden) await handle.click();
  await settle(page);
}

/** The cloud alone on plain night, as an RGBA array in the page's pixels, with `read(x, y)`. */
export async function picture(page) {
  const alone = (on) => page.evaluate((yes) => {
    for (const id of ['overlay', 'names']) document.getElementById(id).style.display = yes ? 'none' : '';
    document.getElementById('stage').style.background = yes ? '#0b0d12' : '';
  }, on);
  await alone(true);
  const png = await page.screenshot();
  await alone(false);
  return { png, ...decode(png) };
}

/** What is drawn on a canvas of the page, as an RGBA array. */
export async function canvasPixels(page, id) {
  const { width, height, packed } = await page.evaluate((name) => {
    const canvas = document.getElementById(name);
    const { width, height } = canvas;
    return { width, height, packed: window.pack(canvas.getContext('2d').getImageData(0, 0, width, height).data) };
  }, id);
  return { width, height, pixels: unpack(packed, Uint8Array) };
}

export const brightness = ([r, g, b]) => 0.2126 * r + 0.7152 * g + 0.0722 * b;

/** The original project's datasets as `data` for `open`, or null where they are not to be had. */
export function legacy(name) {
  const folder = process.env.SCATTER_TEST_LEGACY;
  if (!folder) return null;
  const data = { 'index.json': JSON.stringify({ formatVersion: 1, datasets: [{ name, layout: 'flat' }] }) };
  for (const end of ['_config.json', '_projections.json', '_sprite.jpg', '.flac']) {
    try {
      data[name + end] = readFileSync(join(folder, name + end));
    } catch {
      // Some of them lack a file, which is what is tested.
    }
  }
  return data;
}
