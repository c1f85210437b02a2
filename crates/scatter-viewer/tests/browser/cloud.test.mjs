import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { COUNT, LABELS, isBright } from './fixture/dataset.mjs';
import { ask, brightness, choose, colourBy, hover, launch, open, picture, settle } from './harness.mjs';
import { cloudIsAsBefore } from './snapshot.mjs';

let browser;
before(async () => { browser = await launch({ composited: true }); });
after(() => browser.close());

const all = Array.from({ length: COUNT }, (_, k) => k);

const snapshot = async (page, name) => cloudIsAsBefore(name, await picture(page));

const small = { viewport: { width: 800, height: 560 } };

test('the cloud looks as it did when it was last looked at', async () => {
  const { page, context } = await open(browser, small);
  await snapshot(page, 'sprites');
  await colourBy(page, 'labels');
  await snapshot(page, 'sprites-by-label');
  await choose(page, 'draw-points');
  await snapshot(page, 'points-by-label');
  await choose(page, 'shape-spherical');
  await choose(page, 'draw-sprites');
  await snapshot(page, 'sphere-by-label');
  await context.close();
});

test('each point shows its own tile, the right way up', async () => {
  const { page, context } = await open(browser);
  const { read } = await picture(page);
  for (const k of all) {
    const [x, y] = await ask(page, 'screenPosition', k);
    const [width, height] = await ask(page, 'pointSize', k);
    for (const quarter of [0, 1, 2, 3]) {
      const at = [x + (quarter % 2 ? 1 : -1) * width / 4, y + (quarter < 2 ? -1 : 1) * height / 4];
      // What lies in front of a point may hide a quarter of it.
      if ((await ask(page, 'pointAt', ...at)) !== k) continue;
      const bright = brightness(read(...at));
      assert.equal(bright > 85, isBright(k, quarter), `point ${k}, quarter ${quarter}: ${bright}`);
    }
  }
  await context.close();
});

test('points are discs of their label’s colour, and the legend names it', async () => {
  const { page, context } = await open(browser);
  await choose(page, 'draw-points');
  await colourBy(page, 'labels');
  const rows = await page.locator('#legend-list li').evaluateAll((list) => list.map((row) => ({
    name: row.querySelector('span').textContent,
    count: row.querySelector('b').textContent,
    colour: getComputedStyle(row.querySelector('i')).backgroundColor.match(/\d+/g).map(Number),
  })));
  assert.deepEqual(rows.map(({ name, count }) => [name, count]), LABELS.map((name) => [name, '4']));
  const { read } = await picture(page);
  for (const k of all) {
    const [x, y] = await ask(page, 'screenPosition', k);
    const found = read(x, y);
    // Distance darkens a colour but keeps its direction.
    const cosine = (a, b) => a.reduce((sum, v, i) => sum + v * b[i], 0) / Math.hypot(...a) / Math.hypot(...b);
    const nearest = rows.map((row) => cosine(row.colour, found)).reduce((best, v, i, list) => (v > list[best] ? i : best), 0);
    assert.equal(rows[nearest].name, LABELS[k % 4], `point ${k} is ${found}`);
    assert.ok(brightness(found) > 40);
  }
  await colourBy(page);
  assert.equal(await page.locator('#legend').isVisible(), false);
  await context.close();
});

test('hovering describes the point as text, whatever its name holds', async () => {
  const { page, context } = await open(browser);
  assert.equal(await hover(page, 3), 3);
  assert.equal(await page.locator('#info-folder').textContent(), 'flute');
  assert.equal(await page.locator('#info-title').textContent(), 'note <b>3<b>.wav');
  assert.equal(await page.locator('#info-label').textContent(), 'flute');
  assert.equal(await page.locator('#info-rows').innerText().then((t) => t.replace(/\s+/g, ' ')), 'Centroid 403 Hz Roll-off 904 Hz');
  await context.close();
});

test('sphere and second projection move the points and keep names, hover and selection', async () => {
  const { page, context } = await open(browser);
  await page.keyboard.press('b');
  await page.mouse.move(300, 20);
  await page.mouse.down();
  await page.mouse.move(700, 400, { steps: 3 });
  await page.mouse.up();
  await page.keyboard.press('b');
  const selected = await ask(page, 'selectedPoints');
  assert.ok(selected.length > 1 && selected.length < COUNT);
  const places = async () => Promise.all(all.map((k) => ask(page, 'screenPosition', k)));
  const before = await places();
  for (const change of [() => choose(page, 'shape-spherical'), () => page.locator('#projection label').nth(1).click()]) {
    await change();
    await settle(page);
    assert.notDeepEqual(await places(), before);
    assert.deepEqual(await ask(page, 'selectedPoints'), selected);
    const seen = all.find((k) => k > 0);
    const [x, y] = await ask(page, 'screenPosition', seen);
    const found = await ask(page, 'pointAt', x, y);
    await page.mouse.move(x, y);
    await settle(page);
    assert.match(await page.locator('#info-title').textContent(), new RegExp(`>${found}<`));
  }
  await context.close();
});

test('dragging turns the cloud, the wheel comes closer, and F shows all of it again', async () => {
  const { page, context } = await open(browser);
  const span = async () => {
    const xs = (await Promise.all(all.map((k) => ask(page, 'screenPosition', k)))).map(([x]) => x);
    return Math.max(...xs) - Math.min(...xs);
  };
  const [from] = [await ask(page, 'screenPosition', 0)];
  await page.mouse.move(660, 760);
  await page.mouse.down();
  await page.mouse.move(800, 700, { steps: 4 });
  await page.mouse.up();
  assert.notDeepEqual(await ask(page, 'screenPosition', 0), from);
  const before = await span();
  await page.mouse.wheel(0, -600);
  await settle(page);
  assert.ok((await span()) > before * 1.2);
  await page.keyboard.press('f');
  for (const k of all) {
    const [x, y] = await ask(page, 'screenPosition', k);
    assert.ok(x > 280 && x < 1280 - 212 && y > 0 && y < 800, `point ${k} at ${x}, ${y}`);
  }
  const still = await ask(page, 'screenPosition', 0);
  await page.locator('#auto-orbit').click();
  // A busy machine may draw a frame a second.
  for (let k = 0; k < 50 && String(await ask(page, 'screenPosition', 0)) === String(still); k++) await page.waitForTimeout(200);
  assert.notDeepEqual(await ask(page, 'screenPosition', 0), still);
  await context.close();
});

test('a pan moves the cloud with the pointer, and keys move and turn it as well', async () => {
  const { page, context } = await open(browser);
  const [x, y] = await ask(page, 'screenPosition', 5);
  await page.mouse.move(660, 760);
  await page.mouse.down({ button: 'right' });
  await page.mouse.move(720, 720, { steps: 3 });
  await page.mouse.up({ button: 'right' });
  const [right, up] = await ask(page, 'screenPosition', 5);
  assert.ok(Math.abs(right - x - 60) < 12 && Math.abs(up - y + 40) < 12, `${right - x}, ${up - y}`);
  await page.locator('#cloud').focus();
  await page.keyboard.press('Home');
  const [left] = await ask(page, 'screenPosition', 5);
  assert.ok(left > right + 20);
  const pose = await ask(page, 'cameraPose');
  await page.keyboard.press('Shift+ArrowLeft');
  await page.keyboard.press('Shift+ArrowUp');
  const turned = await ask(page, 'cameraPose');
  assert.deepEqual(turned.slice(0, 3), pose.slice(0, 3));
  assert.ok(Math.abs(turned[3] - pose[3]) > 0.1 && Math.abs(turned[4] - pose[4]) > 0.1, `${pose} and ${turned}`);
  await context.close();
});
