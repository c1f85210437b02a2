// One browser for a test file, and pages that watch themselves.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { files } from './fixture/dataset.mjs';

const FLAGS = [
  '--headless=new', '--no-sandbox', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync', '--use-angle=swiftshader', '--enable-unsafe-swiftshader',
  '--force-color-profile=srgb',
];
const ANY_TIME = '--autoplay-policy=no-user-gesture-required';

export const base = (process.env.SCATTER_URL ?? '').replace(/\/$/, '');
if (!base) throw new Error('SCATTER_URL is not set: start a server of the page and set it to its address');

export function launch({ strictSound = false } = {}) {
  return chromium.launch({
    executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
    args: strictSound ? FLAGS : [...FLAGS, ANY_TIME],
  });
}

const TYPES = { json: 'application/json', jpg: 'image/jpeg', flac: 'audio/flac' };

/**
 * Opens the page. `data` maps addresses below the data folder to contents (`undefined`: the server has none; a function:
 * it answers the route itself) and replaces what the server holds; by default it is the fixture. `data: null` leaves the
 * server's own datasets. `origin` is another server than the usual one, `address` another page to open than that of
 * `dataset`; `before` is called with the page while it is empty.
 */
export async function open(browser, { dataset = 'fixture', data = files(), wait = true, origin = base, address, before = async () => {}, ...options } = {}) {
  // Without the system's wishes the page would be light and in motion; tests of those ask for them.
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, colorScheme: 'dark', reducedMotion: 'reduce', ...options });
  const page = await context.newPage();
  const seen = { console: [], errors: [], requests: [], answers: [] };
  page.on('console', (message) => seen.console.push(`${message.type()}: ${message.text()}`));
  page.on('pageerror', (error) => seen.errors.push(error.message));
  page.on('request', (request) => seen.requests.push(request.url()));
  page.on('response', (response) => seen.answers.push(response.url()));
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

/** What was given to the loudspeakers so far, samples as 16-bit integers. */
export const played = (page) => page.evaluate(() => window.played);

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
  return { png, ...(await decode(page, png)) };
}

/** Decodes a PNG with the browser's own decoder. */
export async function decode(page, png) {
  const { width, data } = await page.evaluate(async (base64) => {
    const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
    const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
    const pen = canvas.getContext('2d');
    pen.drawImage(bitmap, 0, 0);
    const pixels = pen.getImageData(0, 0, bitmap.width, bitmap.height).data;
    let text = '';
    for (let i = 0; i < pixels.length; i += 32768) text += String.fromCharCode(...pixels.subarray(i, i + 32768));
    return { width: bitmap.width, data: btoa(text) };
  }, png.toString('base64'));
  const pixels = Buffer.from(data, 'base64');
  const read = (x, y) => {
    const at = (Math.round(y) * width + Math.round(x)) * 4;
    return [pixels[at], pixels[at + 1], pixels[at + 2]];
  };
  return { width, pixels, read };
}

export const brightness = ([r, g, b]) => 0.2126 * r + 0.7152 * g + 0.0722 * b;

/** Samples of a FLAC file of `data`, decoded by a page of their own that knows nothing of the viewer. */
export async function decodeSound(browser, bytes) {
  const page = await browser.newPage();
  await page.route('http://decoder.test/**', (route) =>
    route.fulfill(route.request().url().endsWith('.flac') ? { body: bytes } : { body: '<!doctype html>', contentType: 'text/html' }));
  await page.goto('http://decoder.test/');
  const text = await page.evaluate(async () => {
    const file = await (await fetch('/a.flac')).arrayBuffer();
    const sound = await new OfflineAudioContext(1, 1, 16000).decodeAudioData(file);
    const words = Int16Array.from(sound.getChannelData(0), (s) => Math.round(s * 32768));
    const bytes = new Uint8Array(words.buffer);
    let out = '';
    for (let i = 0; i < bytes.length; i += 32768) out += String.fromCharCode(...bytes.subarray(i, i + 32768));
    return btoa(out);
  });
  await page.close();
  const buffer = Buffer.from(text, 'base64');
  return new Int16Array(buffer.buffer, buffer.byteOffset, buffer.length / 2);
}

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

/**
 * Runs an ear behind the loudspeakers of `page`, which must not have been woken yet: everything that they are given is
 * kept, sample by sample. The page needs `bypassCSP: true`: its own policy lets no such script in. `(await heard(page)).left` and `.right` are it so far, `.gaps` what is missing.
 */
export async function listenIn(page) {
  const processor = `registerProcessor('ear', class extends AudioWorkletProcessor {
    process([input]) {
      const silence = new Float32Array(128);
      this.port.postMessage([currentFrame, input[0] ?? silence, input[1] ?? input[0] ?? silence]);
      return true;
    }
  });`;
  await page.evaluate((source) => {
    window.ear = [];
    const module = URL.createObjectURL(new Blob([source], { type: 'text/javascript' }));
    const connect = AudioNode.prototype.connect;
    AudioNode.prototype.connect = function (to, ...more) {
      if (to instanceof AudioDestinationNode && to.context instanceof AudioContext && !window.hearing) {
        const context = to.context;
        window.context = context;
        window.hearing = context.audioWorklet.addModule(module).then(() => {
          const ear = new AudioWorkletNode(context, 'ear', { channelCount: 2, channelCountMode: 'explicit' });
          ear.port.onmessage = ({ data }) => window.ear.push(data);
          connect.call(this, ear);
          connect.call(ear, to);
        });
      }
      return connect.call(this, to, ...more);
    };
  }, processor);
}

/** The greatest step from one sample to the next, but where a busy machine left some out. */
export const steepest = (samples, gaps = []) =>
  samples.reduce((most, v, i) => (i && !gaps.includes(i) ? Math.max(most, Math.abs(v - samples[i - 1])) : most), 0);

/** What `listenIn` kept, in order, from the first sample on; `whole` when no block is missing. */
export async function heard(page) {
  // A new ear misses a block among its first.
  const { frames, left, right } = await page.evaluate(() => {
    const blocks = window.ear.slice(8);
    const side = (k) => blocks.flatMap((block) => Array.from(block[k]));
    return { frames: blocks.map(([frame]) => frame), left: side(1), right: side(2) };
  });
  const gaps = frames.flatMap((frame, k) => (k && frame !== frames[k - 1] + 128 ? [k * 128] : []));
  const place = (sample) => frames.indexOf(sample - (sample % 128)) * 128 + (sample % 128);
  return { left, right, gaps, place };
}

/** Runs in the page before anything else: writes down what every source is asked to play. */
function record() {
  window.played = [];
  let panner = null;
  const create = BaseAudioContext.prototype.createStereoPanner;
  BaseAudioContext.prototype.createStereoPanner = function () {
    panner = create.call(this);
    return panner;
  };
  const start = AudioBufferSourceNode.prototype.start;
  AudioBufferSourceNode.prototype.start = function (when, offset, duration) {
    // The silence that iOS wants within a gesture.
    if (this.buffer.length === 1) return start.call(this, when, offset, duration);
    const entry = {
      when,
      now: this.context.currentTime,
      clock: performance.now(),
      speed: this.playbackRate.value,
      samples: Array.from(this.buffer.getChannelData(0), (s) => Math.round(s * 32768) + 0),
      rate: this.buffer.sampleRate,
      contextRate: this.context.sampleRate,
      offset,
      duration,
      loop: this.loop,
      loopStart: this.loopStart,
      loopEnd: this.loopEnd,
      pan: panner?.pan.value,
      stopped: false,
      ended: false,
    };
    this.addEventListener('ended', () => { entry.ended = true; });
    window.played.push(entry);
    const stop = this.stop;
    this.stop = function (...values) {
      entry.stopped = true;
      entry.stopAt = values[0] ?? this.context.currentTime;
      return stop.apply(this, values);
    };
    return start.call(this, when, offset, duration);
  };
}
