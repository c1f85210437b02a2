import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { COUNT, LABELS, sample } from './fixture/dataset.mjs';
import { recording } from './fixture/variants.mjs';
import { ask, hover, launch, open, played, settle, soundOn, until } from './harness.mjs';

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

const all = Array.from({ length: COUNT }, (_, k) => k);
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const heardPoint = ({ samples }) => all.find((k) => samples.slice(80, -80).every((s, i) => s === sample(k, i + 80)));
const told = (page) => page.locator('#told').textContent();

async function press(page, key) {
  await page.keyboard.press(key);
  await settle(page);
  return ask(page, 'focusedPoint');
}

test('arrows move the focus to the neighbour that is seen there, it sounds, and a screen reader is told', async () => {
  const { page, seen, context } = await open(browser);
  await page.locator('#cloud').focus();
  const first = await press(page, 'ArrowRight');
  // From nowhere to the middle.
  const places = await Promise.all(all.map((k) => ask(page, 'screenPosition', k)));
  const off = (k) => Math.hypot(places[k][0] - 670, places[k][1] - 420);
  assert.ok(all.filter((k) => off(k) < off(first) - 40).length === 0, `${first} is not in the middle`);
  const steps = { left: 0, of: 0 };
  for (const from of [5, 10, 0]) {
    for (const [key, [dx, dy]] of Object.entries(ARROWS)) {
      // Any way there: what was come before must not count.
      await page.locator('#cloud').focus();
      while ((await ask(page, 'focusedPoint')) !== from) await page.keyboard.press('n');
      await settle(page);
      const at = await Promise.all(all.map((k) => ask(page, 'screenPosition', k)));
      const ahead = (k) => (at[k][0] - at[from][0]) * dx + (at[k][1] - at[from][1]) * dy;
      const aside = (k) => Math.abs((at[k][0] - at[from][0]) * dy + (at[k][1] - at[from][1]) * dx);
      const cone = all.filter((k) => k !== from && ahead(k) > 1 && aside(k) <= ahead(k));
      const some = all.some((k) => k !== from && ahead(k) > 1);
      const to = await press(page, key);
      if (!some) {
        assert.equal(to, from);
        assert.match(await told(page), /^No sound (to the left|to the right|above|below)$/);
        continue;
      }
      assert.ok(ahead(to) > 0, `${key} from ${from} to ${to}`);
      if (cone.length) {
        const best = Math.min(...cone.map((k) => Math.hypot(ahead(k), 2 * aside(k))));
        // Depth decides between those that are nearly as near.
        assert.ok(Math.hypot(ahead(to), 2 * aside(to)) < best * 1.6 + 20, `${key} from ${from} to ${to}, of ${cone}`);
      }
      assert.equal(await told(page), `note <b>${to}<b>.wav, ${LABELS[to % 4]}, ${to + 1} of ${COUNT}`);
      assert.equal(heardPoint((await played(page)).at(-1)), to);
      const back = { ArrowLeft: 'ArrowRight', ArrowRight: 'ArrowLeft', ArrowUp: 'ArrowDown', ArrowDown: 'ArrowUp' }[key];
      steps.of += 1;
      if ((await press(page, back)) === from) steps.left += 1;
    }
  }
  assert.equal(steps.left, steps.of, 'the opposite arrow leads back');
  assert.deepEqual(seen.console, []);
  await context.close();
});

test('arrows pass by what is hidden, and the camera follows them out of the free area', async () => {
  const { page, context } = await open(browser);
  await page.locator('#search').fill('cello');
  await page.locator('#cloud').focus();
  const met = new Set();
  for (const key of ['ArrowDown', 'ArrowDown', 'ArrowDown', 'ArrowDown', 'ArrowUp', 'ArrowUp', 'ArrowLeft', 'ArrowRight']) {
    const at = await press(page, key);
    met.add(at);
    assert.match(await told(page), /of 4$|^No sound/);
  }
  assert.deepEqual([...met].sort((a, b) => a - b), [1, 5, 9, 13]);
  await page.locator('#search').fill('');
  await page.locator('#cloud').focus();
  for (let k = 0; k < 5; k += 1) await page.keyboard.press('+');
  for (const key of ['ArrowLeft', 'ArrowLeft', 'ArrowUp', 'ArrowUp', 'ArrowUp', 'ArrowRight', 'ArrowRight', 'ArrowRight', 'ArrowDown', 'ArrowDown', 'ArrowDown', 'ArrowDown']) {
    const point = await press(page, key);
    const [x, y] = await ask(page, 'screenPosition', point);
    assert.ok(x > 280 && x < 924 && y > 62 && y < 800, `${point} is at ${x}, ${y}`);
  }
  await context.close();
});

test('Enter loops the point in focus, Space plays it once, S selects it and T tags it', async () => {
  const { page, context } = await open(browser);
  await soundOn(page);
  await page.locator('#cloud').focus();
  const point = await press(page, 'ArrowRight');
  await page.keyboard.press('Escape');
  await page.keyboard.press(' ');
  const once = (await played(page)).at(-1);
  assert.deepEqual([heardPoint(once), once.loop, once.duration], [point, false, 0.96]);
  await page.keyboard.press('Escape');
  const before = (await played(page)).length;
  // Both at once: on a busy machine the sound would end by itself before a second key came.
  await page.evaluate(() => {
    for (let k = 0; k < 2; k += 1) document.getElementById('cloud').dispatchEvent(new KeyboardEvent('keydown', { key: ' ', bubbles: true }));
  });
  assert.deepEqual((await played(page)).slice(before).map(({ stopped }) => stopped), [true]);
  await page.keyboard.press('Enter');
  await until(page, 'loopingPoint', point);
  await page.keyboard.press('Enter');
  await until(page, 'loopingPoint', undefined);
  await page.keyboard.press('s');
  assert.deepEqual(await ask(page, 'selectedPoints'), [point]);
  assert.equal(await told(page), 'Selected');
  await page.keyboard.press('s');
  assert.deepEqual([await ask(page, 'selectedPoints'), await told(page)], [[], 'Not selected any more']);
  await page.keyboard.press('t');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'tags-name');
  await page.keyboard.type('mine');
  await page.keyboard.press('Enter');
  assert.deepEqual(await ask(page, 'pointTags', point), ['mine']);
  await page.keyboard.press('Escape');
  await page.keyboard.press('/');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'search');
  await context.close();
});

test('windows of a recording are told apart by their time', async () => {
  const { page, context } = await open(browser, { data: recording() });
  await page.locator('#cloud').focus();
  const point = await press(page, 'ArrowRight');
  const clock = (s) => `0:${s.toFixed(2).padStart(5, '0')}`;
  assert.equal(await told(page), `${clock(point * 0.96)} – ${clock((point + 1) * 0.96)}, ${point + 1} of ${COUNT}`);
  await context.close();
});

const helpKeys = (page) => page.$$eval('#help-map kbd, #help-select kbd, #help-find kbd', (found) => found.map((k) => k.textContent));

test('the panel of keys lists each key that does something, and no other', async () => {
  const { page, context } = await open(browser);
  await hover(page, 5);
  const names = { '←': 'ArrowLeft', '→': 'ArrowRight', '↑': 'ArrowUp', '↓': 'ArrowDown', '−': '-', Space: ' ', PgUp: 'PageUp', PgDn: 'PageDown', Esc: 'Escape' };
  const listed = new Set((await helpKeys(page)).map((key) => names[key] ?? key.replace(/^([A-Z])$/, (c) => c.toLowerCase())));
  const listens = await page.evaluate(() => {
    const keys = [...'abcdefghijklmnopqrstuvwxyz0123456789+-=[]/?.,;\'`\\ ', 'Enter', 'Escape', 'Home', 'End', 'PageUp', 'PageDown', 'ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown', 'Insert', 'Delete', 'Backspace', 'F2'];
    return keys.filter((key) => {
      const cloud = document.getElementById('cloud');
      cloud.focus();
      const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true });
      cloud.dispatchEvent(event);
      document.querySelector('dialog[open]')?.close();
      return event.defaultPrevented;
    });
  });
  // Modifiers do nothing by themselves; the key of plus without Shift is the equals sign.
  assert.deepEqual(listens.filter((key) => key !== '=').sort(), [...listed].filter((key) => !['Shift', 'Alt'].includes(key)).sort());
  await context.close();
});

for (const [size, viewport] of Object.entries({ desktop: { width: 1280, height: 800 }, phone: { width: 390, height: 844 } })) {
  test(`the panel of keys opens by ? and by its button, keeps the focus, and Escape closes it (${size})`, async () => {
    const { page, context } = await open(browser, { viewport, hasTouch: size === 'phone' });
    await page.locator('#cloud').focus();
    await page.keyboard.press('n');
    await page.keyboard.press('?');
    const help = page.locator('#help');
    await help.waitFor();
    const { x, y, width, height } = await help.boundingBox();
    if (size === 'phone') assert.ok(x === 0 && width === 390 && Math.abs(y + height - 844) < 1 && y > 60, `${[x, y, width, height]}`);
    else assert.ok(Math.abs(x + width / 2 - 640) < 1 && y >= 16 && y + height <= 784, `${[x, y, width, height]}`);
    // Nothing of it is cut off sideways, and what is below can be scrolled to.
    assert.ok(await page.evaluate(() => [...document.querySelectorAll('#help dd, #help dt')].every((e) => e.scrollWidth <= e.clientWidth + 1)));
    await page.locator('#help dd').last().scrollIntoViewIfNeeded();
    assert.equal(await page.locator('#help-touch').isVisible(), size === 'phone');
    for (let k = 0; k < 6; k += 1) {
      await page.keyboard.press('Tab');
      assert.ok(await page.evaluate(() => document.activeElement === document.body || document.activeElement.closest('#help') !== null));
    }
    // Its keys are not the page's.
    await page.keyboard.press('m');
    assert.equal(await page.locator('#mute').getAttribute('aria-pressed'), 'false');
    await page.keyboard.press('Escape');
    await help.waitFor({ state: 'hidden' });
    assert.deepEqual([await ask(page, 'focusedPoint'), await page.evaluate(() => document.activeElement.id)], [0, 'cloud']);
    await page.locator('#help-open').click();
    await help.waitFor();
    await page.locator('#help-close').click();
    await help.waitFor({ state: 'hidden' });
    await page.locator('#help-open').click();
    await page.keyboard.press('?');
    await help.waitFor({ state: 'hidden' });
    await context.close();
  });
}
