// Every layout of the points, the way from one to the next, and the names that float over them.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { COUNT, config, files, projections } from './fixture/dataset.mjs';
import { ask, brightness, choose, colourBy, launch, open, picture, settle, until } from './harness.mjs';

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

const json = JSON.stringify;
const all = Array.from({ length: COUNT }, (_, k) => k);
const places = (page) => Promise.all(all.map((k) => ask(page, 'screenPosition', k)));
const layout = (page, k) => page.locator('#projection label').nth(k).click();
const motion = { reducedMotion: 'no-preference' };

/** Time stands still in the page until a test moves it. */
const stopClock = (page) => page.evaluate(() => {
  const ask = window.requestAnimationFrame;
  window.requestAnimationFrame = (act) => ask.call(window, () => act(window.clock));
  window.clock = 1e6;
});
const at = async (page, milliseconds) => {
  await page.evaluate((ms) => { window.clock = 1e6 + ms; }, milliseconds);
  await settle(page);
  await settle(page);
};

test('on the way to another projection each point is seen where a pointer meets it, and it arrives', async () => {
  const still = await open(browser);
  await choose(still.page, 'draw-points');
  const from = await places(still.page);
  await layout(still.page, 1);
  await settle(still.page);
  const to = await places(still.page);
  await still.context.close();

  const { page, seen, context } = await open(browser, motion);
  await choose(page, 'draw-points');
  await stopClock(page);
  await layout(page, 1);
  await at(page, 0);
  assert.equal(await ask(page, 'travelled'), 0);
  const close = (a, b, pixels = 1) => a.every(([x, y], k) => Math.hypot(x - b[k][0], y - b[k][1]) < pixels);
  assert.ok(close(await places(page), from), 'it begins where the points were');
  await at(page, 240);
  const way = await ask(page, 'travelled');
  assert.ok(way > 0.2 && way < 0.3, `${way}`);
  const between = await places(page);
  assert.ok(!close(between, from, 8) && !close(between, to, 8));
  const { read } = await picture(page);
  let looked = 0;
  for (const k of all) {
    const [x, y] = between[k];
    if ((await ask(page, 'pointAt', x, y)) !== k) continue;
    looked += 1;
    assert.ok(brightness(read(x, y)) > 40, `point ${k} is not at ${x}, ${y}`);
  }
  assert.ok(looked > 10);
  await at(page, 700);
  assert.equal(await ask(page, 'travelled'), 1);
  assert.ok(close(await places(page), to), 'it ends where it must');
  assert.deepEqual(seen.errors, []);
  await context.close();
});

test('a second choice on the way sets off from where the points are, and a hand on the camera stops its flight', async () => {
  const { page, context } = await open(browser, motion);
  await stopClock(page);
  await layout(page, 1);
  await at(page, 0);
  await at(page, 300);
  const middle = await places(page);
  await choose(page, 'shape-spherical');
  const after = await places(page);
  assert.ok(middle.every(([x, y], k) => Math.hypot(x - after[k][0], y - after[k][1]) < 1));
  await page.mouse.move(660, 780);
  await page.mouse.down();
  await page.mouse.move(700, 780, { steps: 3 });
  await page.mouse.up();
  const held = await ask(page, 'cameraPose');
  await at(page, 2000);
  assert.deepEqual(await ask(page, 'cameraPose'), held);
  assert.equal(await ask(page, 'travelled'), 1);
  await context.close();
});

test('who wants less motion sees the other projection at once', async () => {
  const { page, context } = await open(browser);
  await layout(page, 1);
  assert.equal(await ask(page, 'travelled'), 1);
  await context.close();
});

test('in its own time a change takes about 600 milliseconds', async () => {
  const { page, context } = await open(browser, motion);
  const took = await page.evaluate(async () => {
    const viewer = await import('./pkg/scatter_viewer.js');
    document.querySelectorAll('#projection input')[1].click();
    const began = performance.now();
    while (viewer.travelled() < 1) await new Promise((done) => setTimeout(done, 10));
    return performance.now() - began;
  });
  // A busy machine draws late, but never early.
  assert.ok(took > 550 && took < 2500, `${took} ms`);
  await context.close();
});

test('a flat projection is looked at from its front, and the next one from a side again', async () => {
  const flat = projections.projections.map(([x, y]) => [x, y, 0]);
  const told = { ...config, projections: [...config.projections, { name: 'tsne-2d', dims: 2, params: {} }] };
  const data = { ...files(), 'fixture/config.json': json(told) };
  data['fixture/projections.json'] = json({
    ...projections, further: { ...projections.further, 'tsne-2d': { projections: flat, spherical: projections.spherical } },
  });
  const { page, context } = await open(browser, { data });
  assert.deepEqual(await page.locator('#projection label').allTextContents(), ['UMAP', 'PCA', 't-SNE 2-D']);
  await layout(page, 2);
  await settle(page);
  const [, , , yaw, pitch] = await ask(page, 'cameraPose');
  assert.deepEqual([yaw, pitch], [0, 0]);
  const seen = await places(page);
  // The grid of 4 by 4 stands upright: rows level, columns plumb.
  for (const k of all) {
    const [x, y] = seen[k];
    assert.ok(Math.abs(x - seen[k % 4][0]) < 0.5 && Math.abs(y - seen[k - (k % 4)][1]) < 0.5, `point ${k}`);
  }
  await layout(page, 0);
  await settle(page);
  assert.ok((await ask(page, 'cameraPose'))[4] > 0.2);
  await context.close();
});

test('a recording can be laid out along time, as a helix and on a sphere', async () => {
  const told = { ...config, kind: 'recording', audio: { ...config.audio, hopSamples: 15360 } };
  const { page, seen, context } = await open(browser, { data: { ...files(), 'fixture/config.json': json(told) } });
  assert.deepEqual(await page.locator('#projection label').allTextContents(), ['UMAP', 'PCA', 'Time']);
  await layout(page, 2);
  await settle(page);
  assert.match(await page.locator('#projection-hint').textContent(), /^From left to right; a turn takes 5 s\.$/);
  const xs = (await places(page)).map(([x]) => x);
  assert.deepEqual(await ask(page, 'floatingNames'), []);
  assert.ok(xs[15] - xs[0] > 300 && xs[5] > xs[0] && xs[10] > xs[5], `${xs}`);
  await choose(page, 'shape-spherical');
  const ys = (await places(page)).map(([, y]) => y);
  assert.ok(ys[15] - ys[0] > 300, `${ys}`);
  assert.equal(await page.locator('#projection-hint').isVisible(), false);
  assert.deepEqual(seen.errors, []);
  await context.close();
});

/** Four groups in four corners. */
const corners = () => {
  const of = (k) => [(k % 2) * 9 + (k >> 2) * 0.3, ((k >> 1) % 2) * 9 + (k >> 2) * 0.2, (k >> 2) * 0.2];
  const points = all.map(of);
  return { ...files(), 'fixture/projections.json': json({ ...projections, projections: points, spherical: points }) };
};

test('names float over their groups from afar, apart from one another, and go when one comes near', async () => {
  const { page, context } = await open(browser, { data: corners() });
  await settle(page);
  const names = () => ask(page, 'floatingNames');
  assert.deepEqual((await names()).sort(), ['bell', 'cello', 'drum', 'flute']);
  const boxes = await page.locator('#names span.placed').evaluateAll((list) => list.map((e) => {
    const { left, top, right, bottom } = e.getBoundingClientRect();
    return { name: e.textContent, left, top, right, bottom };
  }));
  for (const [k, a] of boxes.entries()) {
    const group = ['bell', 'cello', 'drum', 'flute'].indexOf(a.name);
    const own = await Promise.all(all.filter((p) => p % 4 === group).map((p) => ask(page, 'screenPosition', p)));
    const middle = [0, 1].map((i) => own.reduce((sum, p) => sum + p[i] / own.length, 0));
    const apart = Math.hypot((a.left + a.right) / 2 - middle[0], (a.top + a.bottom) / 2 - middle[1]);
    assert.ok(apart < 60, `${a.name} is ${apart} pixels away from its group`);
    for (const b of boxes.slice(0, k)) {
      assert.ok(a.left >= b.right || b.left >= a.right || a.top >= b.bottom || b.top >= a.bottom, `${a.name} lies over ${b.name}`);
    }
    // The pointer goes through.
    const under = await page.evaluate(([x, y]) => document.elementFromPoint(x, y).id, [(a.left + a.right) / 2, (a.top + a.bottom) / 2]);
    assert.equal(under, 'cloud');
  }
  // Coloured by label, a name bears its colour; hidden groups have none.
  await colourBy(page, 'labels');
  await page.locator('#legend-list button').nth(2).click();
  await settle(page);
  assert.deepEqual((await names()).sort(), ['bell', 'cello', 'flute']);
  const dot = await page.locator('#names span', { hasText: 'cello' }).evaluate((e) => getComputedStyle(e, '::before').backgroundColor);
  assert.equal(dot, `rgb(${(await ask(page, 'pointColour', 1)).join(', ')})`);

  const opacity = () => page.locator('#names').evaluate((e) => Number(e.style.opacity));
  assert.equal(await opacity(), 1);
  await page.mouse.move(660, 400);
  for (let k = 0; k < 8; k++) await page.mouse.wheel(0, -240);
  await settle(page);
  assert.equal(await opacity(), 0);
  await page.keyboard.press('f');
  await settle(page);
  assert.equal(await opacity(), 1);
  await page.locator('#names-on').click();
  await settle(page);
  assert.equal(await opacity(), 0);
  await context.close();
});

test('points are discs when they are far and tiles when they are near, and their tile is seen under the pointer', async () => {
  const { page, context } = await open(browser);
  await page.locator('#size').fill('-2');
  await page.mouse.move(660, 400);
  for (let k = 0; k < 12; k++) await page.mouse.wheel(0, 240);
  await settle(page);
  const [width, height] = await ask(page, 'pointSize', 15);
  assert.ok(width < 11, `${width}`);
  const read = async () => (await picture(page)).read;
  const [x, y] = await ask(page, 'screenPosition', 15);
  // A tile of this width would be black at the side of a disc's top.
  const far = await read();
  assert.ok(brightness(far(x, y)) > 40 && brightness(far(x, y - height / 2 + 1)) > 30);
  await page.mouse.move(x, y);
  await until(page, 'hoveredPoint', 15);
  await settle(page);
  // Tile 15 is bright all over; it is drawn 54 pixels wide now.
  const near = await read();
  for (const [dx, dy] of [[-20, -12], [20, -12], [-20, 12], [20, 12]]) assert.ok(brightness(near(x + dx, y + dy)) > 60, `${dx}, ${dy}`);
  await context.close();
});
