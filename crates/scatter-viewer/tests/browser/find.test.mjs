import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { COUNT, LABELS, WINDOW, config, files, projections, sample } from './fixture/dataset.mjs';
import { ask, brightness, choose, colourBy, hover, launch, open, picture, pixelOf, played, ready, settle, soundOn, until } from './harness.mjs';

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

const all = Array.from({ length: COUNT }, (_, k) => k);
const column = (name, type, unit) => ({ name, type, unit });

/** The fixture with classes, and with one pair of duplicates. */
function richer() {
  const told = structuredClone(projections);
  told.classes = {
    names: { 3: 'Rain on surface', 9: 'Élan' },
    top: all.map((k) => (k < 4 ? [3, 9] : [9, 3])),
    scores: all.map((k) => (k < 4 ? [0.9, 0.01] : [0.8, 0.02])),
  };
  told.metadata.duplicate = all.map((k) => (k === 2 || k === 9 ? 'exact' : ''));
  told.metadata.duplicate_group = all.map((k) => (k === 2 || k === 9 ? 1 : null));
  const columns = [...config.columns, column('duplicate', 'text'), column('duplicate_group', 'number')];
  return { ...files(), 'fixture/projections.json': JSON.stringify(told), 'fixture/config.json': JSON.stringify({ ...config, columns }) };
}

const shown = (page) => ask(page, 'shownPoints');
const rows = (page) => page.$$eval('#table-body [role=row]:not([hidden])', (found) => found
  .map((row) => ({ point: Number(row.dataset.point), index: Number(row.getAttribute('aria-rowindex')), selected: row.getAttribute('aria-selected') }))
  .sort((a, b) => a.index - b.index));
const listed = async (page) => (await rows(page)).map((row) => row.point);

async function find(page, text) {
  await page.locator('#search').fill(text);
  await settle(page);
  return shown(page);
}

test('all words must be found in files, labels or classes, in any case and without marks, and a dash excludes', async () => {
  const { page, context } = await open(browser, { data: richer() });
  await page.keyboard.press('/');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'search');
  await page.keyboard.type('CÉLLO');
  await settle(page);
  assert.deepEqual(await shown(page), [1, 5, 9, 13]);
  assert.equal(await page.locator('#search-count').textContent(), '4 of 16');
  assert.equal(await page.locator('#summary').textContent(), '4 of 16 sounds');
  assert.deepEqual(await find(page, 'cello note 1'), [1, 13]);
  assert.deepEqual(await find(page, '"note <b>1<"'), [1]);
  assert.deepEqual(await find(page, 'note -cello -bell'), all.filter((k) => k % 4 > 1));
  assert.deepEqual(await find(page, 'rain'), [0, 1, 2, 3]);
  assert.deepEqual(await find(page, 'elan drum'), [6, 10, 14]);
  assert.deepEqual(await find(page, 'drum -'), [2, 6, 10, 14]);
  assert.deepEqual(await find(page, 'nowhere'), []);
  assert.equal(await page.locator('#search-count').textContent(), 'Nothing found');
  await page.locator('#search').press('Escape');
  await settle(page);
  assert.deepEqual([await shown(page), await page.locator('#search').inputValue()], [all, '']);
  await context.close();
});

test('letters typed into the field are no keys of the page', async () => {
  const { page, context } = await open(browser);
  await page.keyboard.press('/');
  await page.keyboard.type('blumdfn ');
  await settle(page);
  assert.equal(await page.locator('#search').inputValue(), 'blumdfn ');
  for (const id of ['select', 'lasso', 'brush', 'mute']) {
    assert.equal(await page.locator(`#${id}`).getAttribute('aria-pressed'), 'false', id);
  }
  await context.close();
});

test('what is not found is not drawn, met by no pointer and not heard', async () => {
  const { page, context } = await open(browser);
  await soundOn(page);
  await choose(page, 'draw-points');
  const bright = async (k) => brightness((await picture(page)).read(...await ask(page, 'screenPosition', k)));
  assert.ok(await bright(5) > 60 && await bright(6) > 60);
  await find(page, 'cello');
  assert.ok(await bright(5) > 60 && await bright(6) < 40);
  await page.mouse.move(...await pixelOf(page, 6));
  await settle(page);
  assert.notEqual(await ask(page, 'hoveredPoint'), 6);
  const before = (await played(page)).length;
  await page.keyboard.press('Escape');
  await page.locator('#show-all').waitFor({ state: 'visible' });
  await page.locator('#cloud').focus();
  for (let k = 0; k < 5; k += 1) await page.keyboard.press('n');
  await settle(page);
  const heard = (await played(page)).slice(before).map(({ samples }) => all.find((k) => samples.slice(80, 200).every((s, i) => s === sample(k, i + 80))));
  assert.ok(heard.length > 3 && heard.every((k) => k % 4 === 1), `${heard}`);
  await page.locator('#show-all').click();
  await settle(page);
  assert.deepEqual([await shown(page), await page.locator('#search').inputValue()], [all, '']);
  await context.close();
});

test('filters by group, range and duplicate join each other and the search', async () => {
  const { page, context } = await open(browser, { data: richer() });
  await page.locator('#filters-toggle').click();
  await page.locator('#filters-add').selectOption({ label: 'Label' });
  await page.locator('#filters .chips button', { hasText: 'cello' }).click();
  assert.deepEqual(await shown(page), [1, 5, 9, 13]);
  await page.locator('#filters .chips button', { hasText: 'drum' }).click();
  assert.deepEqual(await shown(page), all.filter((k) => k % 4 === 1 || k % 4 === 2));
  await page.locator('#filters-add').selectOption({ label: 'Centroid' });
  await page.locator('#filters [data-end=low]').fill('402');
  await page.locator('#filters [data-end=high]').fill('410.25');
  assert.deepEqual(await shown(page), [2, 5, 6, 9, 10]);
  assert.equal(await page.locator('#filters-count').textContent(), '2');
  await find(page, 'note -10');
  assert.deepEqual(await shown(page), [2, 5, 6, 9]);
  await page.locator('label[for=filters-twins]').click();
  await settle(page);
  assert.deepEqual(await shown(page), [2, 9]);
  assert.equal(await page.locator('#search-count').textContent(), '2 of 16');
  // The legend shows the same cut.
  await colourBy(page, 'labels');
  assert.deepEqual(await page.$$eval('#legend-list button', (found) => found.map((b) => b.getAttribute('aria-pressed'))), ['false', 'true', 'true', 'false']);
  await page.locator('#filters .remove').first().click();
  await page.locator('#filters .remove').first().click();
  await page.locator('label[for=filters-twins]').click();
  assert.deepEqual(await find(page, ''), all);
  assert.equal(await page.locator('#filters-count').textContent(), '');
  await page.locator('#filters-add').focus();
  await page.keyboard.press('Escape');
  assert.equal(await page.locator('#filters').isVisible(), false);
  assert.equal(await page.evaluate(() => document.activeElement.id), 'filters-toggle');
  await context.close();
});

test('the address holds the search, and back leads out of it', async () => {
  const { page, context } = await open(browser);
  await page.keyboard.press('/');
  await page.keyboard.type('"note <b>1" -cello', { delay: 5 });
  await page.waitForFunction(() => location.hash.includes('search='));
  await page.waitForTimeout(600);
  const found = all.filter((k) => (k === 1 || k > 9) && k % 4 !== 1);
  assert.deepEqual(await shown(page), found);
  const address = page.url();
  const other = await open(browser);
  await other.page.goto(address);
  await other.page.reload();
  await ready(other.page);
  assert.deepEqual(await shown(other.page), found);
  assert.equal(await other.page.locator('#search').inputValue(), '"note <b>1" -cello');
  await other.context.close();
  await page.goBack();
  await settle(page);
  assert.deepEqual([await shown(page), await page.locator('#search').inputValue()], [all, '']);
  await page.goForward();
  await settle(page);
  assert.deepEqual(await shown(page), found);
  await context.close();
});

/** The part of the page that belongs to the cloud while nothing else is open. */
const inView = async (page, points) => {
  const places = await Promise.all(points.map((k) => ask(page, 'screenPosition', k)));
  return places.filter((at) => at && at[0] > 280 && at[0] < 1060 && at[1] > 62 && at[1] < 800).length;
};
/** Longer than a question must rest. */
const RESTED = 900;

test('what a search finds comes into view when little of it is seen, once, and after the person has typed', async () => {
  const { page, context } = await open(browser);
  const pose = () => ask(page, 'cameraPose');
  const home = await pose();
  await find(page, 'cello');
  await page.waitForTimeout(RESTED);
  assert.deepEqual(await pose(), home, 'all of it was seen');
  await find(page, '');
  // Close to the flutes, at the right.
  await page.mouse.move(...await pixelOf(page, 7));
  for (let k = 0; k < 8; k += 1) await page.mouse.wheel(0, -240);
  await settle(page);
  const bells = [0, 4, 8, 12];
  assert.equal(await inView(page, bells), 0);
  const close = await pose();
  await find(page, 'bell');
  assert.deepEqual(await pose(), close, 'not while the person types');
  await page.waitForTimeout(RESTED);
  assert.equal(await inView(page, bells), 4);
  // Where the person goes from there is theirs, and so is what they do before the question rests.
  await page.mouse.move(660, 760);
  for (let k = 0; k < 8; k += 1) await page.mouse.wheel(0, -240);
  const theirs = await pose();
  await page.waitForTimeout(RESTED);
  assert.deepEqual(await pose(), theirs);
  await page.locator('#search').fill('flute');
  await page.mouse.wheel(0, -240);
  await settle(page);
  const again = await pose();
  await page.waitForTimeout(RESTED);
  assert.deepEqual(await pose(), again);
  // Nothing found is nowhere to go.
  await find(page, 'nowhere');
  await page.waitForTimeout(RESTED);
  assert.deepEqual(await pose(), again);
  await context.close();
});

test('a dataset that knows no duplicates offers no filter by them', async () => {
  const { page, context } = await open(browser);
  await page.locator('#filters-toggle').click();
  assert.equal(await page.locator('#filters-twins-row').isVisible(), false);
  await context.close();
});

test('the table lists what is shown, sorts by any column, and has what is missing last', async () => {
  const { page, context } = await open(browser);
  await page.keyboard.press('r');
  await settle(page);
  const grid = page.locator('#table-grid');
  assert.deepEqual([await grid.getAttribute('aria-rowcount'), await grid.getAttribute('aria-colcount')], ['17', '5']);
  const titles = await page.$$eval('#table-head [role=columnheader]', (heads) => heads.map((head) => head.textContent));
  assert.deepEqual(titles, ['File', 'Label', 'CentroidHz', 'Roll-offHz', 'BandwidthHz']);
  const sort = async (title) => {
    await page.locator('#table-head button', { hasText: title }).click();
    await settle(page);
    return listed(page);
  };
  const visible = (expected, found) => assert.deepEqual(found, expected.slice(0, found.length));
  const byName = (a, b) => LABELS.indexOf(a) - LABELS.indexOf(b);
  visible(all, await listed(page));
  // "note 2" comes before "note 10".
  visible(all, await sort('File'));
  visible([...all].reverse(), await sort('File'));
  visible([...all].sort((a, b) => byName(LABELS[a % 4], LABELS[b % 4]) || a - b), await sort('Label'));
  visible([...all.filter((k) => k !== 3), 3], await sort('Bandwidth'));
  await find(page, 'flute');
  assert.deepEqual(await listed(page), [7, 11, 15, 3]);
  await sort('Bandwidth');
  assert.deepEqual(await listed(page), [15, 11, 7, 3]);
  assert.deepEqual(await page.$$eval('[aria-sort=descending]', (heads) => heads.map((head) => head.textContent)), ['BandwidthHz']);
  await sort('Bandwidth');
  assert.deepEqual(await listed(page), [3, 7, 11, 15]);
  assert.equal(await page.locator('#table-words').textContent(), '4 of 16 sounds');
  await context.close();
});

test('a row that is hovered is heard and stands out on the cloud, and a click flies there', async () => {
  const { page, context } = await open(browser);
  await soundOn(page);
  await page.locator('#table-toggle').click();
  await page.locator('[data-point="4"]').hover();
  await until(page, 'hoveredPoint', 4);
  const { samples } = (await played(page)).at(-1);
  assert.ok(samples.slice(80, -80).every((s, i) => s === sample(4, (i + 80) % WINDOW)));
  const before = await ask(page, 'cameraPose');
  await page.locator('[data-point="4"]').click();
  await until(page, 'focusedPoint', 4);
  await settle(page);
  const after = await ask(page, 'cameraPose');
  assert.deepEqual(after.slice(0, 3).map((v) => Math.round(v * 100)), projections.projections[4].map((v) => Math.round(v * 100)));
  assert.ok(after[5] < before[5]);
  assert.equal(await page.locator('[data-point="4"]').getAttribute('class'), 'row-of-table focus active');
  await context.close();
});

test('the row of what is hovered on the cloud is marked and comes into view', async () => {
  const { page, context } = await open(browser);
  await page.locator('#table-toggle').click();
  assert.ok(!(await listed(page)).slice(0, 8).includes(15));
  await hover(page, 15);
  const row = page.locator('[data-point="15"]');
  assert.match(await row.getAttribute('class'), /\bmet\b/);
  const [at, grid] = [await row.boundingBox(), await page.locator('#table-grid').boundingBox()];
  assert.ok(at.y >= grid.y + 28 && at.y + at.height <= grid.y + grid.height, `${at.y} in ${grid.y}`);
  await context.close();
});

test('a keyboard walks the table, plays, and selects', async () => {
  const { page, context } = await open(browser);
  await soundOn(page);
  await page.keyboard.press('/');
  await page.keyboard.press('ArrowDown');
  await settle(page);
  const at = () => page.evaluate(() => {
    const id = document.activeElement.getAttribute('aria-activedescendant');
    return [document.activeElement.id, Number(document.getElementById(id)?.dataset.point)];
  });
  const press = async (key) => {
    await page.keyboard.press(key);
    await settle(page);
    return (await at())[1];
  };
  assert.deepEqual(await at(), ['table-grid', 0]);
  assert.deepEqual([await press('ArrowDown'), await press('ArrowDown'), await press('ArrowUp')], [1, 2, 1]);
  assert.equal(await ask(page, 'hoveredPoint'), 1);
  assert.deepEqual([await press('End'), await press('ArrowDown'), await press('Home')], [15, 15, 0]);
  const paged = await press('PageDown');
  assert.ok(paged >= 4 && paged <= 12);
  assert.equal(await press('PageUp'), 0);
  await press('Enter');
  assert.equal(await ask(page, 'loopingPoint'), 0);
  await press('Enter');
  assert.equal(await ask(page, 'loopingPoint'), undefined);
  await press(' ');
  await press('Shift+ArrowDown');
  await press('Shift+ArrowDown');
  assert.deepEqual(await ask(page, 'selectedPoints'), [0, 1, 2]);
  assert.deepEqual((await rows(page)).slice(0, 4).map((row) => row.selected), ['true', 'true', 'true', 'false']);
  await press(' ');
  assert.deepEqual(await ask(page, 'selectedPoints'), [0, 1]);
  await context.close();
});

test('on a phone the table is a sheet: a tap flies to a sound, a second one opens its player', async () => {
  const { page, context } = await open(browser, { viewport: { width: 390, height: 844 }, hasTouch: true });
  await page.locator('#table-toggle').tap();
  await settle(page);
  const sheet = await page.locator('#table').boundingBox();
  assert.deepEqual([sheet.x, sheet.width, sheet.y + sheet.height], [0, 390, 844]);
  assert.ok(sheet.y > 300 && (await page.locator('[data-point="3"]').boundingBox()).height === 44);
  const before = await ask(page, 'cameraPose');
  await page.locator('[data-point="3"]').tap();
  await settle(page);
  assert.notDeepEqual(await ask(page, 'cameraPose'), before);
  assert.equal(await page.locator('#player').isVisible(), false);
  await page.locator('[data-point="3"]').tap();
  await until(page, 'focusedPoint', 3);
  assert.equal(await page.locator('#player').isVisible(), true);
  await page.locator('#player-close').tap();
  await page.locator('#table-close').tap();
  assert.equal(await page.locator('#table').isVisible(), false);
  await context.close();
});

test('a hundred thousand rows scroll smoothly, for only those in view exist', async () => {
  const count = 100_000;
  const many = Array.from({ length: count }, (_, k) => k);
  const points = many.map((k) => [k % 100, Math.floor(k / 100) % 100, Math.floor(k / 10_000)]);
  const table = {
    idx: many,
    metadata: { labelnames: many.map((k) => `kind ${k % 50}`), labels: many.map((k) => String(k % 50)), filenames: many.map((k) => `f/clip ${k}.wav`), s_centroid: many.map((k) => (k * 7919) % 100_003) },
    projections: points,
    spherical: points,
  };
  const big = {
    ...config, count, projections: [{ name: 'umap', dims: 3, params: {} }],
    columns: [column('labels', 'text'), column('labelnames', 'text'), column('filenames', 'text'), column('s_centroid', 'number', 'Hz')],
    sprite: { ...config.sprite, columns: 42, rows: 64, pages: Array.from({ length: Math.ceil(count / 2688) }, (_, k) => (k ? `sprite_${k}.jpg` : 'sprite.jpg')) }, audio: { ...config.audio, samples: count * WINDOW },
  };
  const data = { ...files(), 'fixture/config.json': JSON.stringify(big), 'fixture/projections.json': JSON.stringify(table), 'fixture/sprite.jpg': undefined, 'fixture/audio.flac': undefined };
  const { page, context } = await open(browser, { data });
  await page.locator('#table-toggle').click();
  await settle(page);
  assert.equal(await page.locator('#table-grid').getAttribute('aria-rowcount'), '100001');
  const { times, most } = await page.evaluate(() => {
    const grid = document.getElementById('table-grid');
    const times = [];
    let most = 0;
    for (let k = 0; k <= 200; k += 1) {
      grid.scrollTop = (grid.scrollHeight * k) / 200;
      const began = performance.now();
      grid.dispatchEvent(new Event('scroll'));
      times.push(performance.now() - began);
      most = Math.max(most, document.querySelectorAll('#table-body [role=row]').length);
    }
    return { times: times.sort((a, b) => a - b), most };
  });
  assert.ok(most < 40, `${most} rows exist`);
  // A frame has 16 ms; a busy machine is late now and then.
  assert.ok(times[100] < 8, `half of the scrolls take more than ${times[100]} ms`);
  assert.equal((await listed(page)).at(-1), 99_999);
  const began = Date.now();
  await find(page, '"clip 99"');
  assert.equal(await page.locator('#search-count').textContent(), '1111 of 100\u202f000');
  await page.locator('#table-head button', { hasText: 'Centroid' }).click();
  await settle(page);
  const expected = many.filter((k) => /clip 99/.test(`clip ${k}.`)).sort((a, b) => table.metadata.s_centroid[a] - table.metadata.s_centroid[b]);
  const found = await listed(page);
  assert.deepEqual(found, expected.slice(0, found.length));
  console.log(`100,000 rows: a scroll takes ${times[100].toFixed(2)} ms, nineteen of twenty ${times[190].toFixed(2)} ms; found and sorted in ${Date.now() - began} ms`);
  await context.close();
});
