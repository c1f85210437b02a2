// A large table: the map is seen, heard and chosen from while the rest of it is on its way.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import { columnar } from './fixture/columns.mjs';
import { files } from './fixture/dataset.mjs';
import { ask, base, launch, open, settle, until } from './harness.mjs';

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

const COUNT = 100_000;
const all = Array.from({ length: COUNT }, (_, k) => k);
const grid = (k) => [k % 320, -Math.floor(k / 320), 0];
const turned = (k) => [Math.floor(k / 320), k % 320, 0];
const flat = (place) => all.flatMap(place);

/** The table: what is drawn of it, and behind `drawable` bytes the rest. */
function table() {
  const columns = [
    { part: { projection: 'umap' }, type: 'points', at: flat(grid) },
    { part: { column: 'labels' }, type: 'words', words: ['low', 'high'], codes: all.map((k) => (k < COUNT / 2 ? 0 : 1)) },
    { part: 'level', type: 'uint8', at: all.map(() => 90) },
    { part: { column: 'filenames' }, type: 'texts', all: all.map((k) => `f/${k}.wav`) },
    { part: { column: 'rms' }, type: 'float32', at: all.map((k) => (k % 7 ? -0.01 * (k % 4000) : NaN)) },
    { part: 'order', type: 'uint32', at: all },
    { part: { sphere: 'umap' }, type: 'points', at: flat(grid) },
    { part: { projection: 'pca' }, type: 'points', at: flat(turned) },
    { part: { sphere: 'pca' }, type: 'points', at: flat(turned) },
  ];
  const made = columnar(columns);
  const [start, bytes] = made.table.columns[2].values.at;
  assert.ok(made.bytes.length > 4 * 2 ** 20, 'a table of this size comes in parts');
  return { ...made, drawable: start + bytes };
}

/** Serves the page and a map whose table stops after what is drawn, until `release(rest)` is called. */
async function slowly({ bytes, table: points, drawable }) {
  const sprite = { tileWidth: 96, tileHeight: 64, columns: 21, rows: 32, pages: [], floor: -7, ceiling: 2, unit: 'ln mel' };
  const config = {
    formatVersion: 1, name: 'fixture', kind: 'clips', count: COUNT, audioFile: null, spriteFile: null, projectionsFile: 'projections.json',
    imgDim: 96, audio: { sampleRate: 16000, windowSamples: 15360, hopSamples: 15360, blockSize: 3840 }, sprite,
    projections: [{ name: 'umap', dims: 2 }, { name: 'pca', dims: 2 }],
    columns: [{ name: 'labels', type: 'text' }, { name: 'filenames', type: 'text' }, { name: 'rms', type: 'number', unit: 'dBFS' }],
    points, files: { 'points.arrow': { bytes: bytes.length, sha256: '' } },
  };
  let release;
  const released = new Promise((done) => { release = done; });
  const texts = { '/data/index.json': files()['index.json'], '/data/fixture/config.json': JSON.stringify(config) };
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, 'http://any');
    if (texts[pathname]) return void response.end(texts[pathname]);
    if (pathname === '/data/fixture/points.arrow') {
      response.writeHead(200, { 'content-length': bytes.length });
      response.write(bytes.subarray(0, drawable));
      return void response.end(await released);
    }
    if (!pathname.startsWith('/web/')) {
      response.writeHead(404);
      return void response.end();
    }
    const found = await fetch(base + pathname);
    const kept = ['content-type', 'content-security-policy'].filter((name) => found.headers.has(name)).map((name) => [name, found.headers.get(name)]);
    response.writeHead(found.status, Object.fromEntries(kept));
    response.end(Buffer.from(await found.arrayBuffer()));
  });
  await new Promise((done) => { server.listen(0, '127.0.0.1', done); });
  const close = () => { server.closeAllConnections(); server.close(); };
  return { origin: `http://127.0.0.1:${server.address().port}`, rest: bytes.subarray(drawable), release, close };
}

/** Opens the view `hash` of the map as soon as it is drawn. */
async function opened(server, hash = '') {
  const { page, seen, context } = await open(browser, { dataset: `fixture${hash}`, data: null, origin: server.origin, wait: false });
  await page.waitForFunction(() => document.body.classList.contains('ready'), null, { timeout: 60_000 });
  await settle(page);
  return { page, seen, context };
}

const options = (page) => page.locator('#colour option').evaluateAll((all) => all.map((option) => option.value));
const there = (page) => page.waitForFunction(() => document.getElementById('sound-loading').hidden, null, { timeout: 60_000 });

test('the map is met and chosen from before its table is there, and then shows what its address asked for', async () => {
  const made = table();
  const server = await slowly(made);
  const { page, seen, context } = await opened(server, '#map=pca&colour=rms');
  assert.equal(await ask(page, 'pointCount'), COUNT);
  assert.match(await page.locator('#sound-stage').textContent(), /^Loading the table/);
  assert.ok((await options(page)).includes('labels') && !(await options(page)).includes('rms'));
  // The points are there to be met.
  const point = 160 * 320 + 160;
  await page.mouse.move(...(await ask(page, 'screenPosition', point)).map(Math.round));
  await page.waitForTimeout(100);
  assert.ok((await ask(page, 'hoveredPoint')) !== undefined);
  // What the person chooses meanwhile stays; what the address asked for comes with the table.
  await page.locator('#size').fill('1');
  server.release(server.rest);
  await there(page);
  await settle(page);
  assert.equal(await page.locator('#colour').inputValue(), 'rms');
  assert.ok(await page.locator('input[name=projection][value="1"]').isChecked());
  assert.equal(await page.locator('#size').inputValue(), '1');
  // Words and order are those of the table.
  await page.locator('#search').fill('f/99999.wav');
  await until(page, 'pointCount', COUNT);
  await page.waitForFunction(() => /^1 of/.test(document.getElementById('search-count').textContent));
  assert.deepEqual(await ask(page, 'shownPoints'), [99_999]);
  assert.ok(seen.requests.every((address) => !address.includes('projections.json')), 'the columns are enough');
  assert.deepEqual(seen.errors, []);
  await context.close();
  server.close();
});

test('a table that breaks off leaves the map, and says so', async () => {
  const made = table();
  const server = await slowly(made);
  const { page, seen, context } = await opened(server);
  const broken = Buffer.from(server.rest);
  // Ends of texts that lie before their beginnings.
  const [start] = made.table.columns[3].values.offsets;
  broken.fill(0xff, start - made.drawable + 4, start - made.drawable + 400);
  server.release(broken);
  await there(page);
  assert.match(await page.locator('#notice').textContent(), /Only a part of the table is there.*points\.arrow/);
  assert.equal(await ask(page, 'pointCount'), COUNT);
  assert.ok((await options(page)).includes('labels'));
  assert.deepEqual(seen.errors, []);
  await context.close();
  server.close();
});
