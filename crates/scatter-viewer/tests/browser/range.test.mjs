import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { WINDOW } from './fixture/dataset.mjs';
import { endless, samples } from './fixture/endless.mjs';
import { collection, ordinary, serve } from './fixture/server.mjs';
import { ask, base, focus, hover, launch, open, pixelOf, played, settle, until } from './harness.mjs';

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

const CHUNK = 65536;
const clip = (k, hop = WINDOW) => samples(k * hop, WINDOW);

/** All but the five milliseconds at each end, in which a clip comes and goes; thousands of samples are compared without a list of all that differ. */
function assertClip(found, wanted) {
  assert.equal(found.length, wanted.length);
  const at = found.findIndex((v, i) => i >= 80 && i < found.length - 80 && v !== wanted[i]);
  assert.ok(at < 0, `sample ${at} is ${found[at]} instead of ${wanted[at]}`);
}

/** Switches the sound on without a pointer, around which the page would begin to look for what it may want next. */
async function wake(page) {
  await page.keyboard.press('m');
  await page.keyboard.press('m');
  await until(page, 'soundIsOn', true);
}

/** A page on a collection of `count` clips, of which those in `apart` can be hovered. */
async function visit(count, apart, { sound = endless(count), answer = ordinary(sound), more, headers, ...options } = {}) {
  const server = await serve(base, collection(count, apart, sound, more), answer, { headers });
  const { page, seen, context } = await open(browser, { data: null, origin: server.origin, ...options });
  const close = async () => { await context.close(); server.close(); };
  return { page, seen, context, server, sound, close };
}

/** Waits until the page has begun so many voices, and gives them. */
async function voices(page, count, seconds = 20) {
  await page.waitForFunction((wanted) => window.played.length >= wanted, count, { timeout: seconds * 1000 });
  return played(page);
}

const same = ([a, b], [c, d]) => a === c && b === d;

test('of 20,000 clips on a line of 10 Mbit/s the first sounds after a piece of the table and its own bytes', async () => {
  const far = [19_999, 10_000, 10_001, 5, 7_777, 12_345, 15_000, 3];
  const slow = { offline: false, latency: 20, downloadThroughput: 10e6 / 8, uploadThroughput: 10e6 / 8 };
  const throttle = async (page) => {
    const line = await page.context().newCDPSession(page);
    await line.send('Network.enable');
    await line.send('Network.emulateNetworkConditions', slow);
  };
  const { page, seen, server, sound, close } = await visit(20_000, far, { before: throttle });
  assert.ok(sound.length > 600e6, `${sound.length} bytes`);
  // Opening takes the head alone.
  assert.deepEqual(server.asked, [[0, CHUNK]]);
  await wake(page);
  const k = 10_000;
  const began = await page.evaluate(() => performance.now());
  await page.mouse.move(...await pixelOf(page, k));
  const [first] = await voices(page, 1);
  assertClip(first.samples, clip(k));
  const at = server.asked.findIndex((range) => same(range, sound.clip(k)));
  assert.ok(at > 0 && at <= 2, `${JSON.stringify(server.asked.slice(0, 4))}`);
  for (const [start, end] of server.asked.slice(1, at)) assert.ok(start % CHUNK === 0 && end - start <= CHUNK && start < sound.head.length);
  const seconds = (first.clock - began) / 1000;
  console.log(`# first sound ${seconds.toFixed(2)} s after the pointer moved, of ${(sound.length / 1e6).toFixed(0)} MB`);
  assert.ok(seconds < 15, `${seconds} s`);
  // What is near the pointer has come meanwhile, and sounds without a request of its own.
  for (const near of [k + 1, k - 1]) {
    const end = Date.now() + 20_000;
    while (!(await ask(page, 'isAtHand', near))) {
      assert.ok(Date.now() < end, `clip ${near} did not come`);
      await page.waitForTimeout(30);
    }
  }
  const asked = server.asked.length;
  await hover(page, k + 1);
  const [, second] = await voices(page, 2);
  assertClip(second.samples, clip(k + 1));
  assert.ok(server.asked.slice(asked).every((range) => !same(range, sound.clip(k + 1))));
  assert.ok(server.bytes() < 6e6, `${server.bytes()} bytes`);
  assert.ok(server.asked.every(([start, end]) => end <= sound.length && end - start <= 8 * 30_800));
  assert.deepEqual(seen.errors, []);
  await close();
});

test('clips beyond four gigabytes are found by their own piece of the table, and sound', async () => {
  const sound = endless(200_000);
  assert.ok(sound.length > 6e9);
  const audio = { sampleRate: 16000, windowSamples: WINDOW, hopSamples: 100 * WINDOW, blockSize: 3840, samples: sound.samples };
  const apart = [0, 1, 1_999, 1_500];
  const { page, server, close } = await visit(2_000, apart, { sound, more: { audio } });
  await wake(page);
  for (const [turn, k] of [1_999, 0, 1_500].entries()) {
    await hover(page, k);
    const all = await voices(page, turn + 1);
    assertClip(all[turn].samples, clip(k, 100 * WINDOW));
    const [start, end] = sound.clip(100 * k);
    assert.ok(server.asked.some((range) => range[0] === start && range[1] >= end), `clip ${k}`);
    if (k > 0) assert.ok(start > 4 * 2 ** 30);
  }
  await close();
});

test('a server that knows no ranges is asked once, and a small file is fetched whole', async () => {
  const sound = endless(200);
  assert.ok(sound.length > 4e6);
  const whole = ({ send }) => send(200, {}, sound.read(0, sound.length));
  const { page, seen, server, close } = await visit(200, [3, 150], { sound, answer: whole });
  await wake(page);
  for (const [turn, k] of [150, 3].entries()) {
    await hover(page, k);
    const all = await voices(page, turn + 1);
    assertClip(all[turn].samples, clip(k));
  }
  assert.equal(server.asked.length, 1);
  assert.deepEqual(seen.errors, []);
  await close();
  const small = await visit(120, [3, 100]);
  assert.ok(small.sound.length < 4e6);
  await wake(small.page);
  await hover(small.page, 100);
  assertClip((await voices(small.page, 1))[0].samples, clip(100));
  assert.deepEqual(small.server.asked, [[]]);
  await small.close();
});

test('tables of older maps, with a point for each frame, lead to the same clips', async () => {
  const sound = endless(400, { fine: true });
  const { page, server, close } = await visit(400, [3, 399], { sound });
  await wake(page);
  for (const [turn, k] of [399, 3].entries()) {
    await hover(page, k);
    assertClip((await voices(page, turn + 1))[turn].samples, clip(k));
    // The second has come before it was wanted.
    if (turn === 0) assert.ok(server.asked.some((range) => same(range, sound.clip(k))));
  }
  await close();
});

test('a clip that comes when the pointer has left stays silent, and the page says that one is on its way', async () => {
  const sound = endless(300);
  const plain = ordinary(sound);
  const gates = [];
  const slow = (ask) => {
    if (ask.start < sound.head.length) return plain(ask);
    return gates.push(() => plain(ask));
  };
  const { page, server, close } = await visit(300, [7, 200, 290], { sound, answer: slow });
  await wake(page);
  await page.mouse.move(...await pixelOf(page, 200));
  await until(page, 'hoveredPoint', 200);
  await page.locator('#info-state', { hasText: 'Loading…' }).waitFor();
  // It goes first, alone, and what is near it does not take the whole line.
  assert.deepEqual(server.asked[1], sound.clip(200));
  assert.ok(server.asked.length <= 3, `${server.asked.length} requests`);
  await page.mouse.move(...await pixelOf(page, 7));
  await until(page, 'hoveredPoint', 7);
  assert.ok(server.asked.some((range) => same(range, sound.clip(7))), 'the wanted one is asked for at once');
  gates.splice(0).forEach((open) => open());
  const [only] = await voices(page, 1);
  assertClip(only.samples, clip(7));
  await page.waitForTimeout(300);
  assert.equal((await played(page)).length, 1);
  assert.equal(await page.locator('#info-state').textContent(), '');
  // What came too late is there now.
  await hover(page, 200);
  assertClip((await voices(page, 2))[1].samples, clip(200));
  await close();
});

test('loops, the player’s waveform and the archive wait for their sound and have it right', async () => {
  const sound = endless(300);
  const { page, server, seen, close } = await visit(300, [10, 11, 200, 250, 12, 13], { sound });
  const drawn = () => page.evaluate(() => {
    const canvas = document.getElementById('player-picture');
    const pen = canvas.getContext('2d');
    const { data } = pen.getImageData(0, 0, canvas.width, canvas.height);
    return data.filter((v, i) => i % 4 === 3 && v > 200).length;
  });
  await page.mouse.click(...await pixelOf(page, 200));
  await until(page, 'soundIsOn', true);
  const all = await voices(page, 1);
  assertClip(all.at(-1).samples, clip(200));
  assert.equal(all.at(-1).loop, true);
  assert.equal(await ask(page, 'loopingPoint'), 200);
  await page.locator('#silence').click();
  await settle(page);
  // Noise fills its band of the picture.
  assert.ok((await drawn()) > 2_000, `${await drawn()} pixels`);
  await page.locator('#player-close').click();
  const before = server.asked.length;
  const places = await Promise.all([10, 11, 12, 13].map((k) => pixelOf(page, k)));
  await page.keyboard.down('Control');
  await page.mouse.move(Math.min(...places.map((p) => p[0])) - 15, Math.min(...places.map((p) => p[1])) - 15);
  await page.mouse.down();
  await page.mouse.move(Math.max(...places.map((p) => p[0])) + 15, Math.max(...places.map((p) => p[1])) + 15, { steps: 3 });
  await page.mouse.up();
  await page.keyboard.up('Control');
  await settle(page);
  assert.deepEqual(await ask(page, 'selectedPoints'), [10, 11, 12, 13]);
  await page.locator('#take-open').click();
  const coming = page.waitForEvent('download');
  await page.locator('[data-take="zip"]').click();
  const zip = readFileSync(await (await coming).path());
  for (const k of [10, 13]) {
    const wanted = Buffer.from(Int16Array.from(clip(k)).buffer);
    assert.ok(zip.includes(wanted), `clip ${k} is in the archive, sample for sample`);
  }
  assert.equal(await page.locator('#take-state').textContent(), 'Saved 4 clips.');
  assert.ok(server.asked.length - before < 12);
  assert.deepEqual(seen.errors, []);
  await close();
});
