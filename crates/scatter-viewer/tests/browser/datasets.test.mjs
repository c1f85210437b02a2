import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { ask, brightness, colourBy, decodeSound, hover, launch, legacy, open, picture, pixelOf, played, soundOn } from './harness.mjs';
import { files } from './fixture/dataset.mjs';

let browser;
before(async () => { browser = await launch({ composited: true }); });
after(() => browser.close());

/** Whether the pointer can reach a point now: the card of the last one may lie over it, or another point. */
async function reachable(page, point) {
  const [x, y] = await pixelOf(page, point);
  const open = await page.evaluate(([px, py]) => document.elementFromPoint(px, py)?.id === 'cloud', [x, y]);
  return open && (await ask(page, 'pointAt', x, y)) === point;
}

/** Hovers `wanted` points spread over the dataset, and holds what was scheduled against `sound`. */
async function heard(page, wanted, sound, hop, window) {
  await soundOn(page);
  const count = await ask(page, 'pointCount');
  let done = 0;
  for (let i = 0; i < count && done < wanted; i++) {
    const k = (i * 37) % count;
    if (!(await reachable(page, k))) continue;
    done += 1;
    await hover(page, k);
    const last = (await played(page)).at(-1);
    const expected = Array.from(sound.subarray(k * hop, Math.min(k * hop + window, sound.length)));
    // Five milliseconds at each end go to the fades.
    assert.deepEqual(last.samples.slice(80, -80), Array.from(expected).slice(80, -80), `point ${k}`);
  }
  assert.equal(done, wanted);
}

/** Share of the canvas that is brighter than the night behind the cloud. */
async function drawn(page) {
  const { pixels } = await picture(page);
  let bright = 0;
  for (let i = 0; i < pixels.length; i += 4) if (brightness(pixels.subarray(i, i + 3)) > 45) bright += 1;
  return bright / (pixels.length / 4);
}

test('the original’s city_sound opens whole, and plays windows half a window apart', async (t) => {
  const data = legacy('city_sound');
  if (!data) return t.skip('skipped: SCATTER_TEST_LEGACY is not set');
  const { page, seen, context } = await open(browser, { dataset: 'city_sound', data });
  assert.equal(await ask(page, 'pointCount'), 462);
  assert.match(await page.locator('#notice').textContent(), /463 points and 462 rows of metadata: 462 are shown/);
  assert.equal(await page.locator('#colour option[value=labels]').count(), 0);
  assert.ok((await drawn(page)) > 0.05);
  const sound = await decodeSound(browser, data['city_sound.flac']);
  await heard(page, 4, sound, 7680, 15360);
  assert.match(await page.locator('#info-rows').textContent(), /Time.*Centroid\d+\sHz/);
  assert.deepEqual([seen.console, seen.errors], [[], []]);
  await context.close();
});

test('the original’s fold1 shows its pictures and labels and says that it has no sound', async (t) => {
  const data = legacy('fold1');
  if (!data) return t.skip('skipped: SCATTER_TEST_LEGACY is not set');
  const { page, seen, context } = await open(browser, { dataset: 'fold1', data });
  assert.equal(await ask(page, 'pointCount'), 873);
  assert.match(await page.locator('#notice').textContent(), /This dataset has no sound file\./);
  assert.equal(await page.locator('#draw-sprites').isChecked(), true);
  await colourBy(page, 'labels');
  const names = await page.locator('#legend-list span').allTextContents();
  assert.ok(names.length === 10 && names.includes('children_playing'), names.join());
  assert.ok((await drawn(page)) > 0.05);
  assert.deepEqual(seen.errors, []);
  await context.close();
});

test('the original’s audio opens with neither pictures nor sound', async (t) => {
  const data = legacy('audio');
  if (!data) return t.skip('skipped: SCATTER_TEST_LEGACY is not set');
  const { page, seen, context } = await open(browser, { dataset: 'audio', data });
  assert.equal(await ask(page, 'pointCount'), 2000);
  const said = await page.locator('#notice').textContent();
  assert.match(said, /no spectrograms/);
  assert.match(said, /no sound file/);
  await colourBy(page, 'labels');
  assert.equal(await page.locator('#legend-list li').count(), 50);
  const list = await page.locator('#legend-list').evaluate((e) => [e.scrollHeight > e.clientHeight, e.getBoundingClientRect().bottom <= innerHeight]);
  assert.deepEqual(list, [true, true]);
  assert.ok((await drawn(page)) > 0.01);
  assert.deepEqual(seen.errors, []);
  await context.close();
});

test('a map that no list tells of is named all the same', async () => {
  const { 'index.json': _, ...data } = files();
  const { page, seen, context } = await open(browser, { data });
  const shown = await page.evaluate(() => document.getElementById('dataset').selectedOptions[0]?.textContent);
  assert.equal(shown, 'fixture');
  assert.deepEqual(seen.errors, []);
  await context.close();
});

for (const kind of ['clips', 'recording']) {
  test(`a prepared dataset of ${kind} is drawn, and a known point plays exactly its clip`, async (t) => {
    const folder = process.env.SCATTER_DATA;
    if (!folder) return t.skip('skipped: SCATTER_DATA is not set');
    const { datasets } = JSON.parse(readFileSync(join(folder, 'index.json')));
    const entry = datasets.find((d) => d.layout === 'folder' && d.kind === kind);
    if (!entry) return t.skip(`skipped: SCATTER_DATA holds no dataset of ${kind}`);
    const config = JSON.parse(readFileSync(join(folder, entry.name, 'config.json')));
    const { page, seen, context } = await open(browser, { dataset: entry.name, data: null });
    assert.equal(await ask(page, 'datasetName'), entry.name);
    assert.equal(await ask(page, 'pointCount'), config.count);
    assert.ok((await drawn(page)) > 0.01);
    const sound = await decodeSound(browser, readFileSync(join(folder, entry.name, config.audioFile)));
    assert.equal(sound.length, config.audio.samples);
    await heard(page, 3, sound, config.audio.hopSamples, config.audio.windowSamples);
    assert.deepEqual([seen.console, seen.errors], [[], []]);
    await context.close();
  });
}
