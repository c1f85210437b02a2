// Colour, size and what is shown, by the columns of the dataset.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { COUNT, LABELS, config, files, projections } from './fixture/dataset.mjs';
import { ask, brightness, choose, colourBy, hover, launch, open, picture, pixelOf, played, settle, soundOn } from './harness.mjs';

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

const all = Array.from({ length: COUNT }, (_, k) => k);
const row = (page, k) => page.locator('#legend-list button').nth(k);
const shown = (page) => ask(page, 'shownPoints');

test('every column that tells points apart is offered, groups before numbers', async () => {
  const { page, context } = await open(browser);
  const parts = await page.locator('#colour').evaluate((list) => [...list.children].map((part) => [part.label ?? part.text, [...part.children].map((o) => o.text)]));
  assert.deepEqual(parts, [['Default', []], ['Groups', ['Label']], ['Numbers', ['Centroid', 'Roll-off', 'Bandwidth']]]);
  assert.deepEqual(await page.locator('#size-by option').allTextContents(), ['All alike', 'Centroid', 'Roll-off', 'Bandwidth']);
  await context.close();
});

test('a click hides a group from the eye, the pointer, the box and the ear; a second one brings it back', async () => {
  const { page, seen, context } = await open(browser);
  await soundOn(page);
  await choose(page, 'draw-points');
  await colourBy(page, 'labels');
  const [x, y] = await pixelOf(page, 5);
  assert.ok(brightness((await picture(page)).read(x, y)) > 40);
  await hover(page, 5);
  await row(page, 1).click();
  await settle(page);
  const rest = all.filter((k) => k % 4 !== 1);
  assert.deepEqual(await shown(page), rest);
  assert.equal(await row(page, 1).getAttribute('aria-pressed'), 'false');
  assert.equal(await page.locator('#summary').textContent(), '12 of 16 sounds');
  assert.ok(brightness((await picture(page)).read(x, y)) < 40);

  const before = (await played(page)).length;
  assert.equal(await ask(page, 'pointAt', x, y), undefined);
  await page.mouse.move(x, y);
  await settle(page);
  assert.equal((await played(page)).length, before);
  await page.keyboard.press('b');
  await page.mouse.move(290, 5);
  await page.mouse.down();
  await page.mouse.move(1040, 795, { steps: 3 });
  await page.mouse.up();
  await settle(page);
  assert.deepEqual(await ask(page, 'selectedPoints'), rest);
  await page.locator('#cloud').focus();
  const visited = new Set();
  for (const _ of all) {
    await page.keyboard.press('n');
    visited.add(await page.locator('#info-label-text').textContent());
  }
  assert.deepEqual([...visited].sort(), LABELS.filter((_, k) => k !== 1));

  await row(page, 1).click();
  assert.deepEqual(await shown(page), all);
  assert.equal(await page.locator('#summary').textContent(), '16 sounds');
  assert.deepEqual(seen.errors, []);
  await context.close();
});

test('what loops falls silent when it is hidden', async () => {
  const { page, context } = await open(browser);
  await soundOn(page);
  await colourBy(page, 'labels');
  await page.mouse.click(...await pixelOf(page, 6));
  await settle(page);
  const looping = await ask(page, 'loopingPoint');
  await row(page, looping % 4).click();
  await settle(page);
  assert.equal(await ask(page, 'loopingPoint'), undefined);
  assert.equal((await played(page)).at(-1).stopped, true);
  await context.close();
});

test('shift-click and double click show a group alone, and one button shows all', async () => {
  const { page, context } = await open(browser);
  await colourBy(page, 'labels');
  const of = (group) => all.filter((k) => k % 4 === group);
  await row(page, 2).click({ modifiers: ['Shift'] });
  assert.deepEqual(await shown(page), of(2));
  await row(page, 0).dblclick();
  assert.deepEqual(await shown(page), of(0));
  await row(page, 0).click({ modifiers: ['Shift'] });
  assert.deepEqual(await shown(page), all);
  await row(page, 3).focus();
  await page.keyboard.press('Enter');
  assert.deepEqual(await shown(page), all.filter((k) => k % 4 !== 3));
  // What is hidden stays hidden under another column, and can be shown from there.
  await colourBy(page);
  assert.equal((await shown(page)).length, 12);
  await page.locator('#show-all').click();
  assert.deepEqual(await shown(page), all);
  assert.equal(await page.locator('#show-all').isVisible(), false);
  await context.close();
});

test('numbers run along a scale with its unit, and its handles cut the cloud', async () => {
  const { page, context } = await open(browser);
  await colourBy(page, 's_bandwidth');
  assert.equal(await page.locator('#legend-title').textContent(), 'Bandwidth');
  assert.equal(await page.locator('#legend-unit').textContent(), 'Hz');
  assert.equal(await page.locator('#range-words').innerText(), '301\u00a0Hz – 316\u00a0Hz');
  assert.equal(await page.locator('#legend-missing').textContent(), '1 without a value');
  const lightness = async (k) => brightness(await ask(page, 'pointColour', k));
  const values = await Promise.all(all.filter((k) => k !== 3).map(lightness));
  assert.ok(values.every((v, k) => k === 0 || v > values[k - 1]), `${values}`);
  const painted = await page.locator('#legend-ramp').evaluate((canvas) => {
    const { data } = canvas.getContext('2d').getImageData(0, canvas.height - 4, canvas.width, 1);
    const light = (x) => 0.2126 * data[4 * x] + 0.7152 * data[4 * x + 1] + 0.0722 * data[4 * x + 2];
    return [light(2), light(canvas.width - 3)];
  });
  assert.ok(painted[1] > painted[0] + 80, `${painted}`);

  await page.locator('#range-low').fill('500');
  assert.deepEqual(await shown(page), all.filter((k) => k >= 8));
  assert.equal(await page.locator('#range-low').getAttribute('aria-valuetext'), '308\u00a0Hz');
  await page.locator('#range-high').fill('800');
  assert.deepEqual(await shown(page), [8, 9, 10, 11, 12]);
  // A handle stops at the other one.
  await page.locator('#range-low').fill('1000');
  assert.equal(await page.locator('#range-low').inputValue(), '800');
  assert.deepEqual(await shown(page), [12]);
  await page.locator('#range-low').focus();
  await page.keyboard.press('Home');
  await page.locator('#range-high').focus();
  await page.keyboard.press('End');
  // Points without a value are back with the whole scale.
  assert.deepEqual(await shown(page), all);
  await context.close();
});

test('a number sizes the points, for the eye and for the pointer', async () => {
  const { page, context } = await open(browser);
  await choose(page, 'draw-points');
  const width = async (k) => (await ask(page, 'pointSize', k))[0];
  const before = await Promise.all(all.map(width));
  await page.locator('#size-by').selectOption('s_centroid');
  await settle(page);
  const ratios = await Promise.all(all.map(async (k) => (await width(k)) / before[k]));
  assert.ok(ratios.every((r, k) => k === 0 || r > ratios[k - 1]) && ratios[0] < 0.5 && ratios[15] > 1.8, `${ratios}`);
  const { read } = await picture(page);
  const [x, y] = await ask(page, 'screenPosition', 15);
  const edge = x + (await width(15)) * 0.42;
  assert.ok(brightness(read(edge, y)) > 40);
  assert.equal(await ask(page, 'pointAt', edge, y), 15);
  await context.close();
});

test('the theme follows the system, can be switched, and the choice is kept', async () => {
  const { page, context } = await open(browser, { colorScheme: 'light' });
  const ground = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  const button = page.locator('#theme');
  assert.equal(await ground(), 'rgb(243, 244, 247)');
  const light = await ask(page, 'pointColour', 0);
  assert.equal(await button.getAttribute('aria-label'), 'Dark theme');
  await button.click();
  await settle(page);
  assert.equal(await ground(), 'rgb(11, 13, 18)');
  assert.notDeepEqual(await ask(page, 'pointColour', 0), light);
  await page.reload();
  await page.waitForFunction(() => document.body.classList.contains('ready'));
  assert.equal(await ground(), 'rgb(11, 13, 18)');
  assert.equal(await button.getAttribute('aria-label'), 'Light theme');
  await context.close();
});

/** Contrast (WCAG 2.2) of each visible text with what lies behind it; the cloud's ground behind what is clear. */
const contrasts = () => {
  const parse = (text) => {
    const canvas = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = text;
    canvas.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255];
  };
  const over = (top, below) => [0, 1, 2].map((k) => top[k] * top[3] + below[k] * (1 - top[3]));
  const light = (c) => c.slice(0, 3).map((v) => v / 255).map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
    .reduce((sum, v, k) => sum + v * [0.2126, 0.7152, 0.0722][k], 0);
  const found = [];
  const walker = document.createTreeWalker(document.getElementById('overlay'), NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.textContent.trim() || !element.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
    if (element.closest('option, optgroup, .visually-hidden, :disabled') || element.closest('label')?.control?.disabled) continue;
    const layers = [];
    for (let e = element; e; e = e.parentElement) layers.unshift(parse(getComputedStyle(e).backgroundColor));
    const behind = layers.reduce((below, top) => over(top, below), [255, 255, 255]);
    const [a, b] = [light(over(parse(getComputedStyle(element).color), behind)), light(behind)];
    found.push([(Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05), element.id || element.tagName, walker.currentNode.textContent.trim().slice(0, 30)]);
  }
  return found;
};

for (const colorScheme of ['dark', 'light']) {
  test(`every word can be read in the ${colorScheme} theme (contrast AA)`, async () => {
    const { page, context } = await open(browser, { colorScheme });
    await hover(page, 3);
    const checked = new Set();
    for (const key of ['labels', 's_bandwidth']) {
      await colourBy(page, key);
      if (key === 'labels') await row(page, 1).click();
      const found = await page.evaluate(contrasts);
      assert.ok(found.length > 25);
      assert.deepEqual(found.filter(([ratio]) => ratio < 4.5), []);
      found.forEach(([, id]) => checked.add(id));
    }
    for (const id of ['summary', 'show-all', 'legend-title', 'range-words', 'info-title']) assert.ok(checked.has(id), id);
    await context.close();
  });
}

test('a thousand groups and columns that cannot be told apart do no harm', async () => {
  const names = ['<b>x</b>\u202e', ...Array.from({ length: 40 }, (_, k) => `column ${k}`)];
  const metadata = { ...projections.metadata };
  names.forEach((name, i) => { metadata[name] = all.map((k) => (i === 1 ? null : i === 2 ? 1e308 : i === 3 ? 1e-300 * k : k * (i + 1))); });
  const told = { ...config, columns: [...config.columns, ...names.map((name) => ({ name, type: 'number', unit: '<i>' }))] };
  const data = { ...files(), 'fixture/config.json': JSON.stringify(told), 'fixture/projections.json': JSON.stringify({ ...projections, metadata }) };
  const { page, seen, context } = await open(browser, { data });
  const keys = await page.locator('#colour option').evaluateAll((list) => list.map((o) => o.value));
  assert.ok(keys.includes(names[0]) && !keys.includes('column 0'));
  for (const key of keys.slice(4, 9)) {
    await page.locator('#colour').selectOption(key);
    await page.locator('#size-by').selectOption(key);
    await page.locator('#range-low').fill('300');
  }
  await settle(page);
  assert.equal(await page.locator('#legend :is(b, i):not(#legend-list *)').count(), 0);
  assert.deepEqual([seen.errors, seen.console], [[], []]);
  await context.close();
});
