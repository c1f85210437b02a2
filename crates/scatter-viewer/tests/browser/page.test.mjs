import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ask, base, choose, colourBy, hover, launch, open, settle, soundOn } from './harness.mjs';

let browser;
before(async () => { browser = await launch({ composited: true }); });
after(() => browser.close());

const host = new URL(base).host;

test('what switches the sound on is said where it can be read, on any page', async () => {
  for (const viewport of [{ width: 1280, height: 800 }, { width: 390, height: 844 }]) {
    const { page, context } = await open(browser, { viewport });
    const box = (id) => page.locator(id).boundingBox();
    const [hint, field] = [await box('#sound-hint'), await box('#finder-bar')];
    assert.ok(hint.y >= field.y + field.height && hint.y < viewport.height / 2, JSON.stringify({ hint, field }));
    await context.close();
  }
});

test('a visit leaves the console clean, asks no other host, and fetches nothing that is not there', async () => {
  const { page, seen, context } = await open(browser, { dataset: null });
  assert.equal(await ask(page, 'datasetName'), 'fixture');
  await soundOn(page);
  await hover(page, 0);
  await colourBy(page, 'labels');
  for (const id of ['draw-points', 'shape-spherical', 'shape-cartesian', 'draw-sprites']) await choose(page, id);
  await colourBy(page, 's_centroid');
  await page.setViewportSize({ width: 900, height: 700 });
  await settle(page);
  assert.deepEqual(seen.console, []);
  assert.deepEqual(seen.errors, []);
  const foreign = seen.requests.filter((url) => !/^(data|blob):/.test(url) && new URL(url).host !== host);
  assert.deepEqual(foreign, []);
  assert.ok(!seen.requests.some((url) => url.endsWith('/favicon.ico')));
  await context.close();
});

test('the content security policy holds: no inline script, no other host', async () => {
  const { page, seen, context } = await open(browser);
  const result = await page.evaluate(async () => {
    const broken = [];
    document.addEventListener('securitypolicyviolation', (event) => broken.push(event.effectiveDirective));
    const refused = (act) => { try { act(); return false; } catch { return true; } };
    const script = document.createElement('script');
    script.append('window.inline = true');
    document.body.append(script);
    const sinks = [
      () => { script.textContent = 'window.inline = true'; },
      () => { document.createElement('p').innerHTML = '<b>'; },
      () => { document.createElement('script').src = 'main.js'; },
    ].map(refused);
    const image = new Image();
    image.src = 'https://example.org/x.png';
    const fetched = await fetch('https://example.org/').then(() => true, () => false);
    await new Promise((done) => setTimeout(done, 100));
    return { inline: window.inline, sinks, fetched, broken: [...new Set(broken)].sort() };
  });
  assert.deepEqual(result, { inline: undefined, sinks: [true, true, true], fetched: false, broken: ['connect-src', 'img-src', 'require-trusted-types-for'] });
  assert.ok(!seen.answers.some((url) => url.startsWith('https://example.org')));
  const policy = await page.locator('meta[http-equiv="Content-Security-Policy"]').getAttribute('content');
  assert.match(policy, /^default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self';/);
  await context.close();
});

test('choosing a dataset opens its address', async () => {
  const { page, context } = await open(browser);
  assert.deepEqual(await page.locator('#dataset option').allTextContents(), ['fixture', 'other']);
  await page.locator('#dataset').selectOption('other');
  await page.waitForURL('**/web/index.html?dataset=other');
  await page.locator('#alert:not([hidden])').waitFor();
  await page.locator('#dataset').selectOption('fixture');
  await page.waitForURL('**/web/index.html?dataset=fixture');
  await page.waitForFunction(() => document.body.classList.contains('ready'));
  await context.close();
});

test('the keyboard alone reaches every control and every sound', async () => {
  const { page, context } = await open(browser);
  const reached = new Set();
  for (let k = 0; k < 26; k++) {
    await page.keyboard.press('Tab');
    reached.add(await page.evaluate(() => document.activeElement.id || document.activeElement.name || document.activeElement.tagName));
  }
  for (const id of ['cloud', 'dataset', 'draw-sprites', 'shape-cartesian', 'projection', 'colour', 'size-by', 'size', 'theme', 'auto-orbit', 'select', 'lasso', 'brush', 'search', 'filters-toggle', 'table-toggle', 'tags-open', 'take-open', 'reset', 'help-open']) {
    assert.ok(reached.has(id), `${id} not in ${[...reached]}`);
  }
  await page.locator('#cloud').focus();
  await page.keyboard.press('n');
  assert.match(await page.locator('#info-title').textContent(), />0</);
  await page.keyboard.press('p');
  assert.match(await page.locator('#info-title').textContent(), />15</);
  await page.keyboard.press('Enter');
  assert.equal(await ask(page, 'loopingPoint'), 15);
  await context.close();
});

test('controls have names, and messages are announced', async () => {
  const { page, context } = await open(browser);
  const nameless = await page.evaluate(() => [...document.querySelectorAll('button, select, input')]
    .filter((control) => !(control.labels?.[0]?.textContent.trim() || control.textContent.trim() || control.getAttribute('aria-label')))
    .map((control) => control.id));
  assert.deepEqual(nameless, []);
  assert.equal(await page.locator('#info').getAttribute('aria-live'), 'polite');
  assert.equal(await page.locator('#alert').getAttribute('role'), 'alert');
  assert.equal(await page.locator('[style*="position"], script:not([src])').count(), 0);
  await context.close();
});

/** Opens or closes the sheet. A busy machine may take a slow tap for a long press, so it may need another. */
async function sheet(page, open) {
  for (let k = 0; k < 4; k++) {
    if ((await page.locator('#panel-handle').getAttribute('aria-expanded')) === String(open)) return;
    await page.locator('#panel-handle').tap();
    await settle(page);
  }
}

const phone = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true };

test('on a phone nothing scrolls sideways and every control can be touched', async () => {
  const { page, context } = await open(browser, phone);
  const fits = () => page.evaluate(() => document.documentElement.scrollWidth <= innerWidth && scrollY === 0);
  assert.ok(await fits());
  assert.equal(await page.locator('#panel-body').isVisible(), false);
  await sheet(page, true);
  for (const target of ['label:has(#draw-points)', 'label:has(#shape-spherical)', '#colour', '#size-by', '#size', '#theme', '#auto-orbit', '#select', '#reset', '#dataset']) {
    const control = page.locator(target);
    await control.scrollIntoViewIfNeeded();
    const box = await control.boundingBox();
    assert.ok(box.x >= 0 && box.x + box.width <= 390 && box.y >= 0 && box.y + box.height <= 844, target);
    assert.ok(box.height >= 30 && box.width >= 44, `${target} is ${box.width} × ${box.height}`);
  }
  await colourBy(page, 'labels');
  await sheet(page, false);
  assert.ok(await fits());
  assert.ok(await page.locator('#legend').isVisible());
  for (let k = 0; k < 16; k++) {
    const [x, y] = await ask(page, 'screenPosition', k);
    assert.ok(x > 0 && x < 390 && y > 60 && y < 792, `point ${k} at ${x}, ${y}`);
  }
  await context.close();
});
