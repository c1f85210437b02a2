import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { crc32 } from 'node:zlib';
import { COUNT, LABELS, WINDOW, config, files, projections, sample } from './fixture/dataset.mjs';
import { brightness, launch, open, pixelOf, settle } from './harness.mjs';
import { decode } from './png.mjs';

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

/** Asks for a file in the panel, and reads it. */
async function taken(page, kind) {
  const coming = page.waitForEvent('download');
  await page.locator(`[data-take="${kind}"]`).click();
  const download = await coming;
  return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
}

/** Files of an archive, read from its end as any program does. */
function unzip(bytes) {
  const end = bytes.length - 22;
  assert.equal(bytes.readUInt32LE(end), 0x06054b50);
  let at = bytes.readUInt32LE(end + 16);
  return Array.from({ length: bytes.readUInt16LE(end + 10) }, () => {
    const [sum, size, length, local] = [bytes.readUInt32LE(at + 16), bytes.readUInt32LE(at + 24), bytes.readUInt16LE(at + 28), bytes.readUInt32LE(at + 42)];
    const name = bytes.toString('utf8', at + 46, at + 46 + length);
    const start = local + 30 + bytes.readUInt16LE(local + 26);
    const body = bytes.subarray(start, start + size);
    assert.equal(crc32(body), sum, name);
    at += 46 + length;
    return { name, body };
  });
}

async function select(page, points) {
  await page.keyboard.down('Control');
  const places = await Promise.all(points.map((k) => pixelOf(page, k)));
  const [xs, ys] = [0, 1].map((a) => places.map((p) => p[a]));
  await page.mouse.move(Math.min(...xs) - 20, Math.min(...ys) - 20);
  await page.mouse.down();
  await page.mouse.move(Math.max(...xs) + 20, Math.max(...ys) + 20, { steps: 3 });
  await page.mouse.up();
  await page.keyboard.up('Control');
  await settle(page);
}

test('the selection’s clips come as WAV files in an archive, sample for sample', async () => {
  const { page, seen, context } = await open(browser);
  await select(page, [4, 5]);
  await page.locator('#take-open').click();
  assert.equal(await page.locator('#take-what').textContent(), '2 sounds: the selection');
  const { name, bytes } = await taken(page, 'zip');
  assert.equal(name, 'fixture.zip');
  const clips = unzip(bytes);
  assert.deepEqual(clips.map((c) => c.name), ['0004_note _b_4_b_.wav', '0005_note _b_5_b_.wav']);
  for (const [i, { body }] of clips.entries()) {
    assert.equal(body.toString('latin1', 0, 4) + body.toString('latin1', 8, 16), 'RIFFWAVEfmt ');
    assert.deepEqual([body.readUInt16LE(20), body.readUInt16LE(22), body.readUInt32LE(24), body.readUInt16LE(34)], [1, 1, 16000, 16]);
    assert.equal(body.length, 44 + WINDOW * 2);
    for (const k of [0, 1, 777, WINDOW - 1]) assert.equal(body.readInt16LE(44 + k * 2), sample(4 + i, k));
  }
  assert.equal(await page.locator('#take-state').textContent(), 'Saved 2 clips.');
  assert.deepEqual(seen.console, []);
  await context.close();
});

test('tables and lists hold what is known of all points when none is selected', async () => {
  const { page, context } = await open(browser);
  await page.locator('#take-open').click();
  assert.equal(await page.locator('#take-what').textContent(), '16 sounds: all that are shown');
  assert.equal(await page.locator('[data-take="audacity"]').isVisible(), false);
  const { name, bytes } = await taken(page, 'csv');
  assert.equal(name, 'fixture.csv');
  const lines = bytes.toString().split('\r\n');
  assert.equal(lines[0], 'point,labels,labelnames,filenames,s_centroid,s_rolloff,s_bandwidth,umap_x,umap_y,umap_z');
  assert.equal(lines[4], '3,3,flute,flute/note <b>3<b>.wav,403.25,903.5,,3,3,0.08');
  assert.deepEqual([lines.length, lines.at(-1)], [COUNT + 2, '']);
  const data = JSON.parse((await taken(page, 'json')).bytes);
  assert.deepEqual([data.dataset, data.points.length, data.points[5].labelnames], ['fixture', COUNT, LABELS[1]]);
  assert.deepEqual(data.points[5].place, projections.projections[5]);
  const paths = (await taken(page, 'paths')).bytes.toString().split('\n');
  assert.deepEqual(paths, [...projections.metadata.filenames, '']);
  await page.keyboard.press('Escape');
  assert.equal(await page.locator('#take').isVisible(), false);
  await context.close();
});

test('a brushed recording gives a label track for Audacity and a table for Raven', async () => {
  const metadata = { ...projections.metadata, filenames: projections.metadata.filenames.map(() => 'night.wav') };
  metadata.labelnames = metadata.labelnames.map((_, k) => (k < 8 ? 'wren' : 'rain'));
  const data = {
    ...files(),
    'fixture/config.json': JSON.stringify({ ...config, kind: 'recording' }),
    'fixture/projections.json': JSON.stringify({ ...projections, metadata }),
  };
  const { page, context } = await open(browser, { data });
  const { x, y, width } = await page.locator('#timeline-view').boundingBox();
  await page.mouse.move(x + (6.5 / COUNT) * width, y + 30);
  await page.mouse.down();
  await page.mouse.move(x + (9.5 / COUNT) * width, y + 30, { steps: 3 });
  await page.mouse.up();
  await page.locator('#take-open').click();
  const track = (await taken(page, 'audacity')).bytes.toString();
  assert.equal(track, '5.760000\t7.680000\twren\n7.680000\t9.600000\train\n');
  const raven = await taken(page, 'raven');
  assert.equal(raven.name, 'fixture.Table.1.selections.txt');
  const [head, first] = raven.bytes.toString().split('\n').map((line) => line.split('\t'));
  assert.deepEqual(head.slice(0, 7), ['Selection', 'View', 'Channel', 'Begin Time (s)', 'End Time (s)', 'Low Freq (Hz)', 'High Freq (Hz)']);
  assert.deepEqual(first, ['1', 'Spectrogram 1', '1', '5.760000', '7.680000', '0.0', '8000.0', 'wren']);
  assert.deepEqual((await taken(page, 'zip')).bytes.length > 4 * WINDOW * 2, true);
  await context.close();
});

test('the picture is the map as it is seen, and the link is the page’s address', async () => {
  const { page, context } = await open(browser);
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const [x, y] = await pixelOf(page, 15);
  await page.locator('#take-open').click();
  const { name, bytes } = await taken(page, 'png');
  assert.equal(name, 'fixture.png');
  const { width, read } = decode(bytes);
  assert.equal(width, 1280);
  // All quarters of tile 15 are bright; the corner is ground.
  assert.ok(brightness(read(x - 8, y - 6)) > 85, `${read(x, y)}`);
  assert.ok(brightness(read(1270, 10)) < 30);
  await page.locator('[data-take="link"]').click();
  await page.locator('#take-state:has-text("copied")').waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), page.url());
  await context.close();
});

test('a selection that no address has room for is said to be left out when the link is copied', async () => {
  const count = 9_000;
  const many = Array.from({ length: count }, (_, k) => k);
  const points = many.map((k) => [k % 100, Math.floor(k / 100), 0]);
  const column = (name, type) => ({ name, type });
  const data = {
    ...files(),
    'fixture/config.json': JSON.stringify({
      ...config, count, projections: [{ name: 'umap', dims: 3, params: {} }], columns: [column('labelnames', 'text')],
      sprite: { ...config.sprite, columns: 42, rows: 64, pages: many.slice(0, Math.ceil(count / 2688)).map((k) => (k ? `sprite_${k}.jpg` : 'sprite.jpg')) },
      audio: { ...config.audio, samples: count * config.audio.windowSamples },
    }),
    'fixture/projections.json': JSON.stringify({ idx: many, metadata: { labelnames: many.map((k) => (k % 2 ? 'odd' : 'even')) }, projections: points, spherical: points }),
    'fixture/sprite.jpg': undefined,
    'fixture/audio.flac': undefined,
  };
  const { page, context } = await open(browser, { data });
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const said = async () => {
    await page.locator('#take-open').click();
    await page.locator('[data-take="link"]').click();
    await page.locator('#take-state:has-text("copied")').waitFor();
    const words = await page.locator('#take-state').textContent();
    await page.locator('#take-close').click();
    return words;
  };
  assert.equal(await said(), 'The link is copied.');
  await page.locator('#search').fill('odd');
  await page.locator('#cloud').focus();
  await page.keyboard.press('a');
  assert.equal(await page.locator('#selected').textContent(), '4500 sounds selected');
  assert.equal(await said(), 'The link is copied. It leaves the selection out, which has too many parts for an address: keep it as a tag.');
  await context.close();
});
