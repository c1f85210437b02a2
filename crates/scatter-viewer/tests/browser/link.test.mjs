// The view in the page's address: a copied link opens the same view, back and forward lead through its steps, and no
// address does harm.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { COUNT, files } from './fixture/dataset.mjs';
import { ask, base, choose, colourBy, launch, open, picture, ready, settle, until } from './harness.mjs';

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

const all = Array.from({ length: COUNT }, (_, k) => k);
const hash = (page) => page.evaluate(() => location.hash);
const entries = (page) => page.evaluate(() => history.length);
const layout = (page, k) => page.locator('#projection label').nth(k).click();

/** Opens the fixture with the view in `mark`. */
async function openAt(mark, more = {}) {
  const opened = await open(browser, { dataset: `fixture${mark}`, ...more });
  opened.seen.dialogs = [];
  return opened;
}

/** All that a person sees of the view. */
const view = async (page) => ({
  places: (await Promise.all(all.map((k) => ask(page, 'screenPosition', k)))).map((p) => p?.map(Math.round)),
  sizes: (await Promise.all(all.map((k) => ask(page, 'pointSize', k)))).map(([w]) => w.toFixed(1)),
  colours: await Promise.all(all.map((k) => ask(page, 'pointColour', k))),
  shown: await ask(page, 'shownPoints'),
  selected: await ask(page, 'selectedPoints'),
  controls: await page.evaluate(() => Object.fromEntries(
    [...document.querySelectorAll('#panel :is(input, select)')].map((c) => [c.id || `${c.name} ${c.value}`, ['radio', 'checkbox'].includes(c.type) ? c.checked : c.value]))),
  legend: await page.locator('#legend').innerText().catch(() => ''),
  said: await page.evaluate(() => ['selected', 'summary', 'player-title'].map((id) => document.getElementById(id).textContent)),
  described: await page.locator('#player').isVisible(),
});

test('the first view is written nowhere', async () => {
  const { page, context } = await openAt('');
  await page.waitForTimeout(600);
  assert.equal(await hash(page), '');
  await context.close();
});

test('a copied link opens the same view', async () => {
  const { page, context } = await openAt('');
  await layout(page, 1);
  await choose(page, 'shape-spherical');
  await choose(page, 'draw-points');
  await colourBy(page, 'labels');
  await page.locator('#legend-list button').nth(1).click();
  await page.locator('#legend-list button').nth(3).click();
  await colourBy(page, 's_bandwidth');
  await page.locator('#range-high').fill('900');
  await page.locator('#size-by').selectOption('s_rolloff');
  await page.locator('#size').fill('0.7');
  await page.locator('#names-on').click();
  await page.keyboard.press('b');
  await page.mouse.move(300, 10);
  await page.mouse.down();
  await page.mouse.move(1040, 420, { steps: 3 });
  await page.mouse.up();
  await page.keyboard.press('b');
  await page.mouse.move(660, 795);
  await page.mouse.down();
  await page.mouse.move(760, 725, { steps: 3 });
  await page.mouse.up();
  await page.mouse.wheel(0, -200);
  await page.locator('#cloud').focus();
  await page.keyboard.press('n');
  await page.evaluate(() => document.activeElement.blur());
  await page.waitForTimeout(700);
  const address = await page.evaluate(() => location.href);
  for (const part of ['map=pca', 'shape=sphere', 'show=points', 'colour=s_bandwidth', 'size-by=s_rolloff', 'size=0.7', 'names=off', 'hide=labels:1,3', 'range=s_bandwidth:', 'camera=', 'focus=', 'selected=']) {
    assert.ok(address.includes(part), `${part} is not in ${address}`);
  }
  const expected = await view(page);
  assert.ok(expected.selected.length > 0 && expected.described && expected.shown.length < 8);
  const seen = await picture(page);
  await context.close();

  const other = await openAt(new URL(address).hash);
  await settle(other.page);
  assert.deepEqual(await view(other.page), expected);
  const found = await picture(other.page);
  let far = 0;
  for (let i = 0; i < seen.pixels.length; i += 4) if ([0, 1, 2].some((c) => Math.abs(seen.pixels[i + c] - found.pixels[i + c]) > 24)) far += 1;
  assert.ok(far / (seen.pixels.length / 4) < 0.003, `${far} pixels differ`);
  assert.deepEqual(other.seen.errors, []);
  await other.context.close();
});

test('back and forward lead through the steps, and moving about is none', async () => {
  const { page, seen, context } = await openAt('');
  const steps = [await view(page)];
  const before = await entries(page);
  const step = async (act) => {
    await act();
    await settle(page);
    steps.push(await view(page));
  };
  await step(() => colourBy(page, 'labels'));
  await step(() => page.locator('#legend-list button').nth(2).click());
  await step(() => layout(page, 1));
  assert.equal(await entries(page), before + 3);
  // A turned camera is written when it rests, and into the step it belongs to.
  await page.mouse.move(660, 790);
  await page.mouse.down();
  await page.mouse.move(800, 740, { steps: 6 });
  await page.mouse.up();
  assert.ok(!(await hash(page)).includes('camera='));
  await page.waitForTimeout(600);
  assert.match(await hash(page), /camera=/);
  assert.equal(await entries(page), before + 3);
  await page.mouse.move(660, 795);
  steps[3] = await view(page);
  await step(() => choose(page, 'draw-points'));
  assert.equal(await entries(page), before + 4);

  for (const k of [3, 2, 1, 0]) {
    await page.goBack();
    await settle(page);
    assert.deepEqual(await view(page), steps[k], `step ${k}`);
  }
  assert.equal(await hash(page), '');
  for (const k of [1, 2, 3, 4]) {
    await page.goForward();
    await settle(page);
    assert.deepEqual(await view(page), steps[k], `step ${k} again`);
  }
  assert.deepEqual(seen.errors, []);
  await context.close();
});

test('a camera that moved right before a step is found again behind it', async () => {
  const { page, context } = await openAt('');
  await page.mouse.move(660, 790);
  await page.mouse.down();
  await page.mouse.move(760, 740, { steps: 3 });
  await page.mouse.up();
  await page.mouse.move(660, 795);
  const turned = (await view(page)).places;
  await layout(page, 1);
  await settle(page);
  await page.goBack();
  await settle(page);
  assert.deepEqual((await view(page)).places, turned);
  await context.close();
});

test('going back is followed by the eye where motion is wanted', async () => {
  const { page, context } = await openAt('', { reducedMotion: 'no-preference' });
  await layout(page, 1);
  await until(page, 'travelled', 1);
  await page.goBack();
  await page.waitForFunction(() => location.hash === '');
  await until(page, 'travelled', 1);
  assert.equal(await page.locator('#projection input').first().isChecked(), true);
  await context.close();
});

test('choosing another dataset leaves this one’s view behind', async () => {
  const { page, context } = await openAt('#colour=labels&focus=3');
  await page.locator('#dataset').selectOption('other');
  await page.waitForURL('**/web/index.html?dataset=other');
  await context.close();
});

test('an address typed by hand is followed without a reload', async () => {
  const { page, context } = await openAt('');
  await page.evaluate(() => { window.same = true; location.hash = '#colour=labels&hide=labels:0&focus=7'; });
  await page.locator('#legend').waitFor();
  assert.deepEqual(await ask(page, 'shownPoints'), all.filter((k) => k % 4 !== 0));
  assert.match(await page.locator('#player-title').textContent(), />7</);
  assert.equal(await page.evaluate(() => window.same), true);
  await context.close();
});

/** All that is asked of the page behind an address, in one question. */
const told = (page) => page.evaluate(async () => {
  const viewer = await import('./pkg/scatter_viewer.js');
  const seen = (id) => document.getElementById(id).checkVisibility({ visibilityProperty: true });
  return {
    pointCount: viewer.pointCount(),
    shownPoints: Array.from(viewer.shownPoints()),
    selectedPoints: Array.from(viewer.selectedPoints()),
    cameraPose: Array.from(viewer.cameraPose()),
    // None where the camera does not see it.
    screenPosition: Array.from(viewer.screenPosition(5) ?? []),
    size: Number(document.getElementById('size').value),
    canShowAll: seen('show-all'),
    alert: seen('alert'),
    hacked: window.hacked,
  };
});

test('no address does harm: what is no view is passed over, what a dataset cannot show is cut', async (t) => {
  const marks = [
    '#', '##', '#&&==&', '#%', '#%ff%00', '#map=%3Cscript%3Ewindow.hacked=1%3C/script%3E', '#map=__proto__&colour=constructor',
    '#colour=<img src=x onerror=window.hacked=1>&size-by=labels', '#size=1e39', '#size=NaN', '#size=-999', '#size-by=labels', '#colour=filenames',
    '#camera=NaN,NaN,NaN,NaN,NaN,NaN', '#camera=inf,0,0,0,0,1', '#camera=1e30,-1e30,1e30,1e30,1e30,-1e30', '#camera=0,0,0,0,0,0', '#camera=1e-45,0,0,0,99,1e-45',
    '#focus=99999999', '#focus=-1', '#focus=18446744073709551615', '#selected=0-18446744073709551615', '#selected=5-2,a,,--,9-9-9',
    `#selected=${'0-15,'.repeat(20000)}`, `#hide=labels:${'0-4294967295,'.repeat(5000)}`, '#hide=labels:0-3', '#hide=s_centroid:0', '#hide=x', '#hide=:', '#range=labels:0..1',
    '#range=s_centroid:5..1', '#range=s_centroid:-inf..inf', '#range=s_centroid:1e38..3e38', '#range=s_centroid:401..1e30', `#${'hide=labels:1&'.repeat(3000)}`, `#${'x'.repeat(300000)}`,
    '#shape=sphere&shape=cube&show=&names=%6f', 'javascript:window.hacked=1#map=pca',
  ];
  const { page, seen, context } = await openAt('');
  for (const mark of marks) {
    await t.test(mark.slice(0, 60), async () => {
      // Both ways in: a page that opens so, and one that is led there.
      for (const fresh of [true, false]) {
        const plain = mark.startsWith('#') ? mark : mark.slice(mark.indexOf('#'));
        if (fresh) {
          await page.goto('about:blank');
          await page.goto(`${base}/web/index.html?dataset=fixture${plain}`);
          await ready(page);
        } else {
          await page.evaluate((to) => { location.hash = to; }, plain);
        }
        await settle(page);
        const view = await told(page);
        assert.equal(view.pointCount, COUNT);
        assert.ok([...view.shownPoints, ...view.selectedPoints].every((k) => k < COUNT));
        assert.ok(view.cameraPose.length === 6 && view.cameraPose.every(Number.isFinite));
        assert.ok(view.size >= -2 && view.size <= 2);
        // Whatever it says, all is found again.
        if (view.canShowAll) await page.locator('#show-all').click();
        await page.keyboard.press('f');
        await settle(page);
        const after = await told(page);
        assert.deepEqual(after.shownPoints, all);
        const [x, y] = after.screenPosition;
        assert.ok(x > 200 && x < 1280 && y > 0 && y < 800, `${x}, ${y}`);
        assert.deepEqual([after.hacked, after.alert], [undefined, false]);
        assert.deepEqual([seen.errors, seen.console], [[], []]);
      }
    });
  }
  await context.close();
});

test('a selection too scattered for an address is left out, and the rest is written', async () => {
  const count = 9000;
  const told = JSON.parse(files()['fixture/config.json']);
  const grid = Array.from({ length: count }, (_, k) => [k % 100, Math.floor(k / 100), 0]);
  const data = {
    ...files(), 'fixture/sprite.jpg': undefined, 'fixture/audio.flac': undefined,
    'fixture/config.json': JSON.stringify({
      ...told, count, projections: [told.projections[0]], columns: [], audio: { ...told.audio, samples: count * 15360 }, sprite: { ...told.sprite, columns: 100, rows: 90 },
    }),
    'fixture/projections.json': JSON.stringify({ idx: grid.map((_, k) => k), metadata: {}, projections: grid, spherical: grid }),
  };
  const every = Array.from({ length: 3000 }, (_, k) => k * 3).join(',');
  const { page, context } = await openAt(`#selected=${every}`, { data });
  assert.equal((await ask(page, 'selectedPoints')).length, 3000);
  await page.locator('#size').fill('1');
  await page.waitForTimeout(600);
  assert.match(await hash(page), /size=1&selected=0,3,6,/);
  await context.close();
});
