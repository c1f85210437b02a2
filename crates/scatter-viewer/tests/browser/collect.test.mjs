import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { COUNT, WINDOW, files, projections, sample } from './fixture/dataset.mjs';
import { ask, brightness, choose, colourBy, launch, open, picture, pixelOf, played, ready, settle, soundOn } from './harness.mjs';

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

const all = Array.from({ length: COUNT }, (_, k) => k);
const selected = (page) => ask(page, 'selectedPoints');
const places = (page) => Promise.all(all.map((k) => ask(page, 'screenPosition', k)));
const KEY = 'scatter-sounds-tags:fixture';

async function drag(page, [first, ...rest], key) {
  if (key) await page.keyboard.down(key);
  await page.mouse.move(...first);
  await page.mouse.down();
  for (const place of rest) await page.mouse.move(...place, { steps: 4 });
  await page.mouse.up();
  if (key) await page.keyboard.up(key);
  await settle(page);
}

/** Even-odd, written anew. */
const within = ([x, y], outline) => outline.reduce((inside, [x0, y0], k) => {
  const [x1, y1] = outline[(k + 1) % outline.length];
  return (y0 > y) !== (y1 > y) && x < x0 + ((y - y0) * (x1 - x0)) / (y1 - y0) ? !inside : inside;
}, false);

/** Which clip an entry of `played` is. */
const clipOf = ({ samples }) => all.find((k) => samples.slice(80, 240).every((s, i) => s === sample(k, (i + 80) % WINDOW)));

test('a lasso selects what lies in its outline, shift adds, alt takes away, and the cloud shows it', async () => {
  const { page, context } = await open(browser);
  await choose(page, 'draw-points');
  await page.keyboard.press('l');
  assert.equal(await page.locator('#lasso').getAttribute('aria-pressed'), 'true');
  const at = await places(page);
  const [a, b, c] = [at[0], at[1], at[4]];
  const triangle = [[a[0] - 30, a[1] - 30], [b[0] + 70, b[1] - 20], [c[0] - 20, c[1] + 70]];
  await drag(page, triangle);
  const first = all.filter((k) => within(at[k], triangle));
  assert.ok(first.length >= 3 && first.length < 12, `${first}`);
  assert.deepEqual(await selected(page), first);
  assert.equal(await page.locator('#selected').textContent(), `${first.length} sounds selected`);
  const { read } = await picture(page);
  const last = all.findLast((k) => !first.includes(k));
  assert.ok(brightness(read(...at[last])) < 45 && brightness(read(...at[first[0]])) > 60);
  const around = (k, r) => [[-r, -r], [r, -r], [r, r], [-r, r]].map(([dx, dy]) => [at[k][0] + dx, at[k][1] + dy]);
  await drag(page, around(15, 30), 'Shift');
  assert.deepEqual(await selected(page), [...first, 15]);
  await drag(page, around(0, 30), 'Alt');
  assert.deepEqual(await selected(page), [...first.slice(1), 15]);
  await page.keyboard.press('Escape');
  assert.equal(await page.locator('#lasso').getAttribute('aria-pressed'), 'false');
  assert.deepEqual(await selected(page), []);
  await context.close();
});

test('a brush selects while it is dragged, and can be made larger', async () => {
  const { page, context } = await open(browser);
  await page.keyboard.press('u');
  const at = await places(page);
  await page.mouse.move(...at[0]);
  const radius = async () => Number(await page.locator('#choice-disc').getAttribute('r'));
  const small = await radius();
  await page.keyboard.press(']');
  assert.ok(await radius() > small);
  await page.keyboard.press('[');
  await page.mouse.down();
  await page.mouse.move(at[3][0], at[3][1], { steps: 8 });
  await settle(page);
  // The row of points that it passed, before the button is let go of.
  const passed = await selected(page);
  assert.ok([0, 1, 2, 3].every((k) => passed.includes(k)) && !passed.includes(15), `${passed}`);
  await page.mouse.up();
  await page.keyboard.down('Alt');
  await page.mouse.click(...await pixelOf(page, 3));
  await page.keyboard.up('Alt');
  await settle(page);
  assert.ok(!(await selected(page)).includes(3));
  await drag(page, [at[15], [at[15][0] + 12, at[15][1]]]);
  assert.ok((await selected(page)).includes(15) && !(await selected(page)).includes(0));
  await context.close();
});

test('all, none and the rest: of what is shown', async () => {
  const { page, context } = await open(browser);
  await page.locator('#search').fill('-drum');
  await page.locator('#cloud').focus();
  await settle(page);
  const shown = all.filter((k) => k % 4 !== 2);
  await page.keyboard.press('a');
  assert.deepEqual(await selected(page), shown);
  await page.keyboard.press('i');
  assert.deepEqual(await selected(page), []);
  await page.keyboard.press('i');
  assert.deepEqual(await selected(page), shown);
  await page.locator('#select-none').click();
  assert.deepEqual(await selected(page), []);
  await context.close();
});

test('a selection grows by embedding neighbours, and by the map where there are none', async () => {
  const told = { ...structuredClone(projections), neighbours: all.map((k) => [5, 11, 13, 14, 15, 7].filter((n) => n !== k)) };
  const known = await open(browser, { data: { ...files(), 'fixture/projections.json': JSON.stringify(told) } });
  await known.page.keyboard.press('n');
  await settle(known.page);
  await known.page.keyboard.press('g');
  assert.deepEqual(await selected(known.page), [0, 5, 11, 13, 14, 15]);
  await known.page.keyboard.press('g');
  assert.deepEqual(await selected(known.page), [0, 5, 7, 11, 13, 14, 15]);
  await known.context.close();
  const { page, context } = await open(browser);
  await page.keyboard.press('n');
  await settle(page);
  await page.keyboard.press('g');
  const apart = (k) => Math.hypot(...projections.projections[k].map((v, axis) => v - projections.projections[0][axis]));
  const nearest = all.slice(1).sort((a, b) => apart(a) - apart(b)).slice(0, 5);
  assert.deepEqual(await selected(page), [0, ...nearest].sort((a, b) => a - b));
  await context.close();
});

/** Plays by pressing `button` and tells which clips were given to the loudspeakers, in turn, and when. */
async function playBy(page, button, count) {
  const before = (await played(page)).length;
  await page.locator(button).click();
  await page.waitForFunction((n) => window.played.length >= n, before + count);
  const entries = (await played(page)).slice(before);
  return { clips: entries.map(clipOf), times: entries.map((entry) => entry.when) };
}

test('a selection is played in order, at random and along a short way, each sound once and in turn', async () => {
  const { page, context } = await open(browser);
  await soundOn(page);
  await page.keyboard.press('a');
  const { clips, times } = await playBy(page, '#play-order', COUNT);
  assert.deepEqual(clips, all);
  assert.ok(times.every((time, k) => k === 0 || Math.abs(time - times[k - 1] - 0.2) < 0.02), `${times}`);
  await page.locator('#silence').click();
  await settle(page);
  const random = (await playBy(page, '#play-random', COUNT)).clips;
  assert.notDeepEqual(random, all);
  assert.deepEqual([...random].sort((a, b) => a - b), all);
  await page.locator('#silence').click();
  await settle(page);
  // Slow enough to be looked at while it goes on.
  await page.locator('#sound-more').click();
  await page.locator('#pace').fill('1');
  await page.locator('#play-path').click();
  assert.equal(await page.locator('#play-path').getAttribute('aria-pressed'), 'true');
  const met = new Set();
  while (met.size < 2) met.add(await ask(page, 'hoveredPoint') ?? met.values().next().value);
  await page.keyboard.press('Escape');
  await settle(page);
  assert.equal(await page.locator('#play-path').getAttribute('aria-pressed'), 'false');
  const entries = (await played(page)).slice(-COUNT);
  assert.ok(entries.every((entry) => entry.stopped || entry.ended), 'all of them stop');
  const path = entries.map(clipOf);
  // What sounds is described, one after another.
  assert.deepEqual([...met].filter((k) => path.indexOf(k) > 2), []);
  assert.deepEqual([...path].sort((a, b) => a - b), all);
  const length = (order) => order.slice(1).reduce((sum, k, i) => sum + Math.hypot(...projections.projections[k].map((v, axis) => v - projections.projections[order[i]][axis])), 0);
  assert.ok(length(path) < length(all) * 0.85 && length(path) < 17, `${length(path)} of ${length(all)}`);
  await context.close();
});

test('a selection is played as the table is sorted', async () => {
  const { page, context } = await open(browser);
  await soundOn(page);
  await page.keyboard.press('r');
  for (let k = 0; k < 2; k += 1) {
    await page.locator('#table-head button', { hasText: 'Centroid' }).click();
    await settle(page);
  }
  await page.locator('#table-select').click();
  assert.deepEqual((await playBy(page, '#play-order', COUNT)).clips, [...all].reverse());
  await context.close();
});

test('tags name selections, colour the cloud, and are there again after a reload', async () => {
  const { page, context } = await open(browser);
  await choose(page, 'draw-points');
  await page.keyboard.press('/');
  await page.keyboard.type('cello');
  await page.keyboard.press('Escape');
  await page.locator('#search').fill('cello');
  await page.locator('#cloud').focus();
  await page.keyboard.press('a');
  await page.keyboard.press('t');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'tags-name');
  await page.keyboard.type('Low & <b>warm</b>');
  await page.keyboard.press('Enter');
  await page.locator('#show-all').click();
  await page.locator('#tags-list [data-do=edit]').click();
  await page.locator('#tags-list textarea').fill('bows\nonly');
  await page.locator('#tags-list [data-do=edit]').click();
  await page.locator('#tags-colour').click();
  await settle(page);
  assert.equal(await page.locator('#colour').inputValue(), '@tags');
  assert.deepEqual(await page.$$eval('#legend-list button', (found) => found.map((b) => b.querySelector('span').textContent)), ['Low & <b>warm</b>', '(no tag)']);
  assert.deepEqual(await ask(page, 'pointTags', 5), ['Low & <b>warm</b>']);
  assert.deepEqual(await ask(page, 'pointTags', 6), []);
  assert.notDeepEqual(await ask(page, 'pointColour', 5), await ask(page, 'pointColour', 6));
  const kept = JSON.parse(await page.evaluate((key) => localStorage.getItem(key), KEY));
  assert.deepEqual(kept.tags, [{ name: 'Low & <b>warm</b>', note: 'bows\nonly', points: [[1, 1], [5, 5], [9, 9], [13, 13]] }]);
  await page.reload();
  await ready(page);
  assert.deepEqual(await ask(page, 'pointTags', 13), ['Low & <b>warm</b>']);
  await page.keyboard.press('t');
  await page.locator('#tags-list [data-do=choose]').click();
  assert.deepEqual(await selected(page), [1, 5, 9, 13]);
  // Another tag, a new name, another selection for it, and away with it.
  await page.keyboard.press('i');
  await page.locator('#tags-name').fill('rest');
  await page.locator('#tags-add').click();
  await page.locator('#tags-list [data-do=edit]').nth(1).click();
  await page.locator('#tags-list .edit input').fill('LOW & <b>warm</b>');
  await page.locator('#tags-list textarea').click();
  assert.equal(await page.locator('#tags-reason').textContent(), 'Another tag has this name.');
  await page.locator('#tags-list .edit input').fill('others');
  await page.locator('#tags-list [data-do=edit]').nth(1).click();
  assert.deepEqual(await ask(page, 'pointTags', 0), ['others']);
  await page.locator('#tags-list [data-do=edit]').nth(1).click();
  await page.locator('#tags-list [data-do=delete]').click();
  await page.locator('#tags-list [data-do=delete]').click();
  assert.deepEqual(await ask(page, 'pointTags', 0), []);
  assert.equal(await page.locator('#tags-list li').count(), 1);
  await context.close();
});

test('nothing that stands in the browser’s store breaks the page, and what is not ours is put aside', async () => {
  for (const [text, said] of [
    ['{"version":1,"count":16,"mark":"0","tags":[]}', /earlier version/],
    ['{"version":1,"count":16,"mark":"x","tags":[{"name":"<img src=x onerror=alert(1)>","note":"","points":[[0,99999999]]}]}', /earlier version/],
    ['[[[[', /could not be read/],
    ['{"__proto__":{"tags":1}}', /could not be read/],
    ['x'.repeat(3_000_000), /could not be read/],
  ]) {
    const { page, seen, context } = await open(browser);
    await page.evaluate(([key, value]) => localStorage.setItem(key, value), [KEY, text]);
    await page.reload();
    await ready(page);
    assert.match(await page.locator('#notice').textContent(), said);
    // What there is no room for twice stays where it was.
    const aside = await page.evaluate((key) => (localStorage.getItem('scatter-sounds-tags-before:fixture') ?? localStorage.getItem(key)).length, KEY);
    assert.equal(aside, text.length);
    assert.deepEqual(await ask(page, 'pointTags', 0), []);
    assert.deepEqual(seen.errors, []);
    await context.close();
  }
});

test('where the browser has no room the page says so and the tag lasts', async () => {
  const { page, context } = await open(browser);
  await page.evaluate(() => { Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); }; });
  await page.keyboard.press('t');
  await page.locator('#tags-add').click();
  assert.equal(await page.locator('#tags-reason').textContent(), 'A tag needs a name.');
  await page.locator('#tags-name').fill('x');
  await page.locator('#tags-add').click();
  assert.equal(await page.locator('#tags-reason').textContent(), 'Select some sounds first.');
  await page.locator('#cloud').focus();
  await page.keyboard.press('n');
  await page.keyboard.press('g');
  await page.locator('#tags-add').click();
  await settle(page);
  assert.match(await page.locator('#tags-reason').textContent(), /does not keep the tags/);
  assert.deepEqual(await ask(page, 'pointTags', 0), ['x']);
  await colourBy(page, '@tags');
  assert.equal(await page.locator('#legend-title').textContent(), 'Tags');
  await context.close();
});

test('on a phone all that can be done with a selection fits the page, large enough for a finger', async () => {
  const { page, context } = await open(browser, { viewport: { width: 390, height: 844 }, hasTouch: true });
  await page.locator('#cloud').focus();
  for (const key of ['a', 'u']) {
    await page.keyboard.press(key);
    await settle(page);
    const dock = await page.locator('#dock').evaluate((e) => [e.scrollWidth, e.clientWidth]);
    assert.ok(dock[0] <= dock[1], `${dock}`);
    for (const button of await page.locator('#dock button:visible').all()) {
      const { x, width, height } = await button.boundingBox();
      assert.ok(x >= 10 && x + width <= 380 && width >= 44 && height >= 44, `${await button.getAttribute('id')}: ${x}, ${width} × ${height}`);
    }
  }
  assert.equal(await page.locator('#dock button:visible').count(), 10);
  await context.close();
});
