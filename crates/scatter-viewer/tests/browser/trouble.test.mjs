import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { config, files, projections } from './fixture/dataset.mjs';
import { ask, hover, launch, open, played, soundOn } from './harness.mjs';

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

/** The page's sentence when the fixture's files are `changed`. */
async function sentence(changed, dataset = 'fixture') {
  const { page, seen, context } = await open(browser, { dataset, data: { ...files(), ...changed }, wait: false });
  await page.locator('#alert:not([hidden])').waitFor();
  const text = await page.locator('[role=alert]').textContent();
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
  assert.equal(await page.locator('#colour-reason').textContent(), 'Each point has a label of its own.');
  await context.close();
});

test('a graphics context that is lost is told, with the way out', async () => {
  const { page, seen, context } = await open(browser);
  await page.evaluate(() => document.getElementById('cloud').getContext('webgl2').getExtension('WEBGL_lose_context').loseContext());
  await page.locator('#alert:not([hidden])').waitFor();
  assert.match(await page.locator('#alert').textContent(), /Reload the page/);
  await page.mouse.move(640, 400);
  assert.deepEqual(seen.errors, []);
  await context.close();
});
