import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { config, files, projections } from './fixture/dataset.mjs';
import { ask, base, colourBy, hover, launch, open, picture, played, settle, soundOn } from './harness.mjs';

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

/** The page's sentence when the fixture's files are `changed`. */
async function sentence(changed, dataset = 'fixture') {
  const { page, seen, context } = await open(browser, { dataset, data: { ...files(), ...changed }, wait: false });
  await page.locator('#alert:not([hidden])').waitFor();
  const text = await page.locator('#alert').textContent();
  assert.equal(await page.locator('#loading').isVisible(), false);
  assert.deepEqual(seen.errors, []);
  await context.close();
  return text;
}

const json = (value) => JSON.stringify(value);

test('a missing, misnamed or broken dataset gets a sentence that says what to do', { concurrency: 4 }, async (t) => {
  const cases = [
    ['a name that is not listed', {}, 'nowhere', /There is no dataset “nowhere” here.*scatter-prep -d/],
    ['a name that is a path', {}, '..%2f..%2fetc', /is not a dataset name/],
    ['an empty data folder', { 'index.json': json({ formatVersion: 1, datasets: [] }) }, null, /There is no dataset yet.*scatter-prep -d folder/],
    ['a list that is no JSON', { 'index.json': '<html>' }, 'fixture', /index\.json cannot be read/],
    ['a configuration that is no JSON', { 'fixture/config.json': '{"formatVersion":1,' }, 'fixture', /config\.json cannot be read/],
    ['a later format', { 'fixture/config.json': json({ ...config, formatVersion: 2 }) }, 'fixture', /format version 2/],
    ['a file name that is a path', { 'fixture/config.json': json({ ...config, projectionsFile: '../secret.json' }) }, 'fixture', /not a plain file name/],
    ['no projections', { 'fixture/projections.json': undefined }, 'fixture', /projections\.json is missing/],
    ['projections that are no JSON', { 'fixture/projections.json': '[1,2' }, 'fixture', /projections\.json cannot be read/],
    ['too few points', { 'fixture/projections.json': json({ ...projections, projections: projections.projections.slice(1) }) }, 'fixture', /projections holds 15 entries where 16 are expected/],
    ['projections cut short', { 'fixture/config.json': json({ ...config, files: { 'projections.json': { bytes: 9, sha256: '' } } }) }, 'fixture', /projections\.json has \d+ bytes where 9 are expected/],
  ];
  await Promise.all(cases.map(([name, changed, dataset, expected]) =>
    t.test(name, async () => assert.match(await sentence(changed, dataset), expected))));
});

test('without its pictures or its sound the rest of a dataset works, and a calm line says what is missing', { concurrency: 3 }, async (t) => {
  const cases = [
    ['no sprite file', { 'fixture/sprite.jpg': undefined }, /^This dataset has no spectrograms\.$/],
    ['a sprite that is no picture', { 'fixture/sprite.jpg': 'not a picture' }, /sprite\.jpg cannot be read as a picture/],
    ['no sound file', { 'fixture/audio.flac': undefined }, /^This dataset has no sound file\.$/],
    ['a sound that is no FLAC', { 'fixture/audio.flac': 'not a sound' }, /audio\.flac cannot be read as sound/],
    ['a sound cut short', { 'fixture/config.json': json({ ...config, audio: { ...config.audio, samples: 999999 } }) }, /holds 245760 samples where 999999 are expected/],
  ];
  await Promise.all(cases.map(([name, changed, expected]) =>
    t.test(name, async () => {
      const { page, seen, context } = await open(browser, { data: { ...files(), ...changed } });
      await page.locator('#notice:not([hidden])').waitFor();
      assert.match(await page.locator('#notice').textContent(), expected);
      assert.equal(await page.locator('#alert').isVisible(), false);
      assert.equal(await ask(page, 'pointCount'), 16);
      await soundOn(page).catch(() => {});
      assert.equal(await hover(page, 0), 0);
      assert.equal((await played(page)).length, /sound file|as sound/.test(expected.source) ? 0 : 1);
      assert.equal(await page.locator('#draw-sprites').isDisabled(), /sprite|spectrogram/.test(expected.source));
      assert.deepEqual(seen.errors, []);
      await context.close();
    })));
});

test('points that all have labels of their own cannot be coloured by them, and the page says why', async () => {
  const labels = projections.metadata.labels.map((_, k) => `sound ${k}`);
  const metadata = { ...projections.metadata, labels, labelnames: labels };
  const { page, context } = await open(browser, { data: { ...files(), 'fixture/projections.json': json({ ...projections, metadata }) } });
  assert.equal(await page.locator('#colour option[value=labels]').count(), 0);
  assert.equal(await page.locator('#colour-reason').textContent(), 'No two points share a label. The names on the map are folders.');
  await context.close();
});

test('a graphics context that is lost comes back with everything on it, without a reload', async () => {
  const { page, seen, context } = await open(browser);
  await colourBy(page, 'labels');
  await page.locator('#size-by').selectOption('s_centroid');
  await settle(page);
  const before = await picture(page);
  const places = () => Promise.all([0, 5, 15].map((k) => ask(page, 'screenPosition', k)));
  const at = await places();
  await page.evaluate(() => {
    window.taken = document.getElementById('cloud').getContext('webgl2').getExtension('WEBGL_lose_context');
    window.taken.loseContext();
  });
  await page.locator('#alert:not([hidden])').waitFor();
  assert.match(await page.locator('#alert').textContent(), /comes back by itself in most cases\. Reload the page if it does not/);
  // Whatever is done meanwhile does no harm, and counts once the picture is back.
  await page.mouse.move(640, 400);
  await page.locator('#projection label').nth(1).click();
  await page.locator('#projection label').nth(0).click();
  await page.locator('#legend-list button').nth(1).click();
  await page.locator('#legend-list button').nth(1).click();
  await page.keyboard.press('b');
  await page.keyboard.press('b');
  await page.keyboard.press('Escape');
  await page.locator('#theme').click();
  await page.locator('#theme').click();
  await page.setViewportSize({ width: 1000, height: 700 });
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.evaluate(() => window.taken.restoreContext());
  await page.locator('#alert').waitFor({ state: 'hidden' });
  await page.keyboard.press('f');
  await page.mouse.move(640, 790);
  await settle(page);
  const after = await picture(page);
  assert.deepEqual((await places()).map((p) => p.map(Math.round)), at.map((p) => p.map(Math.round)));
  let far = 0;
  for (let i = 0; i < before.pixels.length; i += 4) {
    if ([0, 1, 2].some((c) => Math.abs(before.pixels[i + c] - after.pixels[i + c]) > 24)) far += 1;
  }
  assert.ok(far / (before.pixels.length / 4) < 0.004, `${far} pixels differ`);
  assert.equal(await hover(page, 15), 15);
  assert.deepEqual(seen.errors, []);
  // And once more.
  await page.evaluate(() => window.taken.loseContext());
  await page.locator('#alert:not([hidden])').waitFor();
  await page.evaluate(() => window.taken.restoreContext());
  await page.locator('#alert').waitFor({ state: 'hidden' });
  assert.deepEqual(seen.errors, []);
  await context.close();
});

test('without WebGL2 the page says so, and other datasets can still be chosen', async () => {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  const errors = [];
  page.on('pageerror', (error) => errors.push(error.message));
  await page.addInitScript(() => {
    const get = HTMLCanvasElement.prototype.getContext;
    HTMLCanvasElement.prototype.getContext = function (kind, ...more) { return kind === 'webgl2' ? null : get.call(this, kind, ...more); };
  });
  const data = files();
  await page.route('**/data/**', (route) => route.fulfill({ body: data[new URL(route.request().url()).pathname.replace(/^\/data\//, '')] }));
  await page.goto(`${base}/web/index.html?dataset=fixture`);
  await page.locator('#alert:not([hidden])').waitFor();
  assert.match(await page.locator('#alert').textContent(), /cannot draw in three dimensions here \(WebGL2 is off or missing\)/);
  assert.equal(await page.locator('#loading').isVisible(), false);
  await page.locator('#dataset').selectOption('other');
  await page.waitForURL('**/web/index.html?dataset=other');
  assert.deepEqual(errors, []);
  await context.close();
});
