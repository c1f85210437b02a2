// Alone: it measures how soon a sound begins, and listens to it without gaps.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { COUNT, WINDOW, sample } from './fixture/dataset.mjs';
import { ask, heard, hover, keepBusy, launch, listenIn, open, pixelOf, played, ready, settle, soundOn, steepest, until } from './harness.mjs';

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

const clip = (k) => Array.from({ length: WINDOW }, (_, i) => sample(k, i));
/** All but the five milliseconds at each end, in which a clip comes and goes. */
const body = (samples) => samples.slice(80, -80);

test('hovering a point plays exactly its samples, point 0 as well', async () => {
  const { page, context } = await open(browser);
  await soundOn(page);
  for (const [turn, k] of [0, 7, 15].entries()) {
    assert.equal(await hover(page, k), k);
    const all = await played(page);
    assert.equal(all.length, turn + 1);
    const { samples, rate, contextRate, offset, duration, loop } = all[turn];
    assert.deepEqual(body(samples), body(clip(k)));
    assert.deepEqual([samples[0], samples.at(-1), samples.length], [0, 0, WINDOW]);
    assert.deepEqual([rate, contextRate, offset, duration, loop], [16000, 16000, 0, 0.96, false]);
  }
  await context.close();
});

test('a new hover ends the one before, and resting on a point does not play it again', async () => {
  const { page, context } = await open(browser);
  await soundOn(page);
  await hover(page, 5);
  const [x, y] = await ask(page, 'screenPosition', 5);
  await page.mouse.move(x + 2, y + 1);
  await settle(page);
  assert.equal((await played(page)).length, 1);
  await hover(page, 6);
  const [first, second] = await played(page);
  // On a slow machine the first may have come to its end by itself.
  assert.ok(first.stopped || first.ended);
  assert.deepEqual([body(second.samples), second.stopped], [body(clip(6)), false]);
  await context.close();
});

test('sounds come from the side where their point is seen', async () => {
  const { page, context } = await open(browser);
  await soundOn(page);
  for (const k of [0, 3]) {
    await hover(page, k);
    const [x] = await ask(page, 'screenPosition', k);
    const expected = (x / 1280 * 2 - 1) * 0.85;
    assert.ok(Math.abs((await played(page)).at(-1).pan - expected) < 1e-3);
  }
  await context.close();
});

test('a click loops the clip four times without a gap, and a second click stops it', async () => {
  const { page, context } = await open(browser);
  const [x, y] = await ask(page, 'screenPosition', 9);
  await page.mouse.click(x, y);
  await until(page, 'soundIsOn', true);
  assert.equal(await ask(page, 'loopingPoint'), 9);
  const looped = (await played(page)).at(-1);
  assert.deepEqual(body(looped.samples), body(clip(9)));
  assert.deepEqual([looped.samples[0], looped.samples.at(-1)], [0, 0]);
  assert.deepEqual([looped.loop, looped.offset, looped.duration], [true, 0, 4 * 0.96]);
  // Loop bounds of zero mean the whole buffer, which is the clip.
  assert.deepEqual([looped.loopStart, looped.loopEnd, looped.stopped], [0, 0, false]);
  assert.match(await page.locator('#info-state').textContent(), /Looping four times/);
  await page.mouse.click(x, y);
  assert.equal(await ask(page, 'loopingPoint'), undefined);
  assert.equal((await played(page)).at(-1).stopped, true);
  await context.close();
});

test('a loop ends by itself after four times, and Escape ends it before', async () => {
  const { page, context } = await open(browser);
  await soundOn(page);
  const [x, y] = await ask(page, 'screenPosition', 2);
  await page.mouse.click(x, y);
  await page.keyboard.press('Escape');
  assert.equal(await ask(page, 'loopingPoint'), undefined);
  assert.ok((await played(page)).every((p) => p.stopped));
  await page.mouse.click(x, y);
  const began = Date.now();
  await until(page, 'loopingPoint', undefined);
  const seconds = (Date.now() - began) / 1000;
  assert.ok(seconds > 3.2 && seconds < 9, `${seconds} s`);
  await context.close();
});

test('the page says how to switch the sound on, and a click or a key does it', async () => {
  const strict = await launch({ strictSound: true });
  for (const wake of [(page) => page.mouse.click(640, 790), (page) => page.keyboard.press('n')]) {
    const { page, seen, context } = await open(strict);
    assert.equal(await page.locator('#sound-hint').textContent(), 'Click anywhere to switch the sound on');
    await hover(page, 4);
    assert.deepEqual(await played(page), []);
    assert.equal(await page.locator('#info-state').textContent(), 'Click to hear it.');
    await wake(page);
    await page.locator('#sound-hint').waitFor({ state: 'hidden' });
    // A key that leads to a sound is heard, though the loudspeakers were not there yet; what the pointer has left is not.
    const focused = await ask(page, 'focusedPoint');
    assert.deepEqual((await played(page)).map((p) => body(p.samples)), focused === undefined ? [] : [body(clip(focused))]);
    await hover(page, 9);
    assert.deepEqual(body((await played(page)).at(-1).samples), body(clip(9)));
    assert.deepEqual(seen.console, []);
    await context.close();
  }
  await strict.close();
});

test('from the pointer’s event to the sound’s start pass less than 50 ms, and the start is at once', async () => {
  const { page, context } = await open(browser);
  await soundOn(page);
  await page.evaluate(() => {
    window.pointers = [];
    document.getElementById('cloud').addEventListener('pointerrawupdate', (event) => window.pointers.push(event.timeStamp), true);
  });
  const delays = [];
  for (const k of [0, 5, 10, 15, 3, 12, 6, 9, 1, 14]) {
    await hover(page, k);
    const [event, { when, now, clock }] = await page.evaluate(() => [window.pointers.at(-1), window.played.at(-1)]);
    assert.ok(when - now <= 0.01, `starts ${when - now} s after now`);
    delays.push(clock - event);
  }
  delays.sort((a, b) => a - b);
  assert.ok(delays[0] >= 0 && delays[5] < 50, `${delays.map((d) => d.toFixed(1))} ms`);
  console.log(`# pointer to start(): median ${delays[5].toFixed(1)} ms, worst ${delays.at(-1).toFixed(1)} ms`);
  await context.close();
});

test('a fast sweep is one voice at a time, and nothing clicks', async () => {
  const { page, context } = await open(browser, { bypassCSP: true });
  await listenIn(page);
  await soundOn(page);
  await page.evaluate(() => window.hearing);
  const places = await Promise.all(Array.from({ length: COUNT }, (_, k) => pixelOf(page, k)));
  for (let turn = 0; turn < 3; turn++) {
    for (const [x, y] of places) await page.mouse.move(x, y);
  }
  await until(page, 'hoveredPoint', 15);
  // Faster than a frame, as a mouse of a thousand reports a second may be.
  await page.evaluate(async (at) => {
    const cloud = document.getElementById('cloud');
    for (let k = 0; k < 80; k++) {
      const [clientX, clientY] = at[k % at.length];
      for (const name of ['pointerrawupdate', 'pointermove']) cloud.dispatchEvent(new PointerEvent(name, { clientX, clientY }));
      await new Promise((done) => setTimeout(done, 1));
    }
  }, places);
  await page.mouse.move(...places[5]);
  await page.waitForTimeout(300);
  await page.mouse.click(...places[5]);
  await page.waitForTimeout(700);
  await page.keyboard.press('m');
  await page.waitForTimeout(60);
  await page.keyboard.press('m');
  await page.waitForTimeout(60);
  await page.keyboard.press('Escape');
  await page.waitForTimeout(150);
  const voices = await played(page);
  assert.ok(voices.length > 20, `${voices.length} voices`);
  // Whoever comes, the one before was told to go first, and goes within the lead that the device wants and 35 ms until silence.
  const held = (at) => voices.filter((v) =>
    v.clock <= at && at < Math.min(v.toldClock ?? Infinity, v.endedClock ?? Infinity) && !v.loop);
  assert.ok(voices.every((v) => held(v.clock).length <= 1));
  const late = ({ stopAt, toldAt, latency }) => stopAt - toldAt - Math.min(Math.max(2 * latency + 0.008, 0.024), 0.25) - 0.035;
  assert.ok(voices.every((v) => v.stopAt === undefined || late(v) < 1e-4));
  // Heard is each from its start to its own end, or to where it fell to a tenth. It begins to fall 35 ms before it is cut off, by
  // a constant of 5 ms.
  const ends = (v) => Math.min((v.stopAt ?? Infinity) - 0.035 + 2.3 * 0.005, v.when + (v.duration ?? Infinity) / v.speed);
  const lives = voices.filter((v) => ends(v) > v.when).map((v) => [v.when, ends(v)]);
  const most = Math.max(...lives.map(([from]) => lives.filter(([a, b]) => a <= from && from < b).length));
  console.log(`# ${voices.length} voices begun, at most ${most} at once while they fade`);
  await noClick(page, most);
  await context.close();
});

/** Whether what was heard of `page` since its ear was put up is never steeper than `most` voices at once are by themselves. */
async function noClick(page, most) {
  const { left, right, gaps } = await heard(page);
  assert.ok(left.length > 8000, `${left.length} samples`);
  // A busy machine leaves blocks out; with too many missing it could tell nothing.
  assert.ok(gaps.length < left.length / 128 / 10, `${gaps.length} gaps`);
  const loudest = left.reduce((most, v) => Math.max(most, Math.abs(v)), 0);
  assert.ok(loudest > 0.1, `loudest ${loudest}`);
  // The steepest clip rises by 288 of 32768 a sample, a fade of 5 ms from full takes 1/80 of the amplitude of 0.25.
  const own = (18 * 16) / 32768 + 0.2442 / 80;
  for (const side of [left, right]) {
    const jump = steepest(side, gaps);
    assert.ok(jump <= most * own, `a jump of ${jump}, the sounds’ own are ${own}`);
  }
}

test('a page that is kept busy between looking at the clock and giving its orders makes no click', async () => {
  const { page, context } = await open(browser, { bypassCSP: true });
  await listenIn(page);
  await keepBusy(page, 60);
  await soundOn(page);
  await page.evaluate(() => window.hearing);
  const places = await Promise.all(Array.from({ length: COUNT }, (_, k) => pixelOf(page, k)));
  for (const [x, y] of [...places, ...places]) await page.mouse.move(x, y);
  await page.mouse.click(...places[5]);
  await page.waitForTimeout(200);
  await page.keyboard.press('Escape');
  await page.waitForTimeout(150);
  const late = (await played(page)).filter((v) => v.stopAt < v.toldAt + 0.034).length;
  assert.ok(late >= 5, `${late} orders came late`);
  await noClick(page, 3);
  await context.close();
});

test('a loop’s seam does not click, and it is as long as was chosen', async () => {
  const { page, context } = await open(browser, { bypassCSP: true });
  await listenIn(page);
  await page.locator('#sound-more').click();
  assert.equal(await page.locator('#sound-more').getAttribute('aria-expanded'), 'true');
  await choose2(page, '#loops label:has([value="8"])');
  await until(page, 'soundIsOn', true);
  await page.evaluate(() => window.hearing);
  const at = await pixelOf(page, 12);
  await page.mouse.click(...at);
  await page.waitForTimeout(4200);
  await page.mouse.click(...at);
  await page.waitForTimeout(100);
  const { left, gaps, place } = await heard(page);
  const { when, now } = (await played(page)).at(-1);
  const seams = [1, 2, 3, 4].map((k) => place(Math.round((Math.max(when, now) + k * 0.96) * 16000))).filter((seam) => seam > 800);
  assert.ok(seams.length > 0, 'no seam was heard');
  for (const seam of seams) {
    const around = left.slice(seam - 800, seam + 800);
    const jump = steepest(around, gaps.map((k) => k - seam + 800));
    // The clip's own steepest step is 240 of 32768, its fade's 1/80 of 0.2442.
    assert.ok(jump > 0.004 && jump < 240 / 32768 + 0.2442 / 80, `a jump of ${jump}`);
  }
  for (const [value, times, words] of [['1', 1, /Playing once/], ['2', 2, /Looping twice/], ['8', 8, /eight times/], ['endless', null, /until you click/]]) {
    await choose2(page, `#loops label:has([value="${value}"])`);
    await page.mouse.click(...at);
    const last = (await played(page)).at(-1);
    assert.equal(last.duration ?? null, times && times * 0.96);
    assert.equal(last.loop, value !== '1');
    assert.match(await page.locator('#info-state').textContent(), words);
    await page.keyboard.press('Escape');
    assert.equal(await ask(page, 'loopingPoint'), undefined);
  }
  await context.close();
});

async function choose2(page, target) {
  await page.locator(target).click();
  await settle(page);
}

const level = (samples) => Math.sqrt(samples.reduce((sum, v) => sum + v * v, 0) / samples.length);

/** Loudness of what is heard from now on for some milliseconds. */
async function loudness(page, milliseconds = 250) {
  await page.waitForTimeout(120);
  await page.evaluate(() => { window.ear.length = 0; });
  await page.waitForTimeout(milliseconds);
  const { left, right } = await heard(page);
  return level([...left, ...right]);
}

test('volume follows its curve, mute silences, and the speed changes the pitch of what plays', async () => {
  const { page, context } = await open(browser, { bypassCSP: true });
  await listenIn(page);
  await page.locator('#sound-more').click();
  await choose2(page, '#loops label:has([value="endless"])');
  await page.evaluate(() => window.hearing);
  await page.mouse.click(...await pixelOf(page, 6));
  const full = await loudness(page);
  assert.ok(full > 0.05, `${full}`);
  await page.locator('#volume').fill('0.5');
  const half = await loudness(page);
  assert.ok(Math.abs(half / full - 0.125) < 0.02, `half way down is ${half / full}`);
  await page.keyboard.press('m');
  assert.equal(await page.locator('#mute').getAttribute('aria-pressed'), 'true');
  assert.ok((await loudness(page)) < 1e-4);
  await page.locator('#mute').click();
  await page.locator('#volume').fill('1');
  assert.ok(Math.abs((await loudness(page)) / full - 1) < 0.15);
  // Triangle waves cross zero twice a period.
  const crossings = async () => {
    await loudness(page);
    const { left } = await heard(page);
    return left.filter((v, i) => i && v * left[i - 1] < 0).length / left.length;
  };
  const before = await crossings();
  await page.locator('#speed').fill('12');
  assert.equal(await page.locator('#speed-words').textContent(), '×2');
  const after = await crossings();
  assert.ok(Math.abs(after / before - 2) < 0.5, `${after / before} times as high`);
  assert.equal(await ask(page, 'loopingPoint'), 6);
  await page.locator('#silence').click();
  assert.equal(await ask(page, 'loopingPoint'), undefined);
  assert.ok((await loudness(page)) < 1e-4);
  await hover(page, 2);
  assert.equal((await played(page)).at(-1).speed, 2);
  await page.locator('label[for="by-place"] + input').uncheck();
  await hover(page, 1);
  assert.equal((await played(page)).at(-1).pan, 0);
  await context.close();
});

test('a stroke plays the points on its way in order, each once, on the audio clock', async () => {
  const { page, context } = await open(browser);
  await soundOn(page);
  await page.locator('#sound-more').click();
  await page.locator('#pace').fill('1');
  await page.keyboard.press('d');
  assert.equal(await page.locator('#stroke-tool').getAttribute('aria-pressed'), 'true');
  const stops = await Promise.all([12, 13, 9, 10, 14].map((k) => pixelOf(page, k)));
  await page.mouse.move(...stops[0]);
  await hover(page, 12);
  const before = (await played(page)).length;
  await page.mouse.down();
  for (const [x, y] of stops.slice(1)) await page.mouse.move(x, y, { steps: 4 });
  await page.mouse.move(...stops[2], { steps: 6 });
  await settle(page);
  const corners = (await page.locator('#stroke-line').getAttribute('points')).split(' ').map((c) => c.split(',').map(Number));
  assert.equal(await page.locator('#stroke').isVisible(), true);
  assert.deepEqual(corners[0].map(Math.round), stops[0]);
  await page.mouse.up();
  await settle(page);
  assert.equal(await page.locator('#stroke').isVisible(), false);
  const run = (await played(page)).slice(before);
  const points = run.map(({ samples }) => Array.from({ length: COUNT }, (_, k) => k).find((k) => body(samples).every((s, i) => s === sample(k, i + 80))));
  assert.equal(new Set(points).size, points.length);
  const wanted = points.filter((k) => [12, 13, 9, 10, 14].includes(k));
  assert.deepEqual(wanted, [12, 13, 9, 10, 14]);
  for (let k = 1; k < run.length; k++) {
    assert.ok(run[k].when - run[k - 1].when >= 1 - 1e-6, `${run[k].when - run[k - 1].when} s apart`);
  }
  assert.ok(run.some(({ when, now }) => when - now > 0.1), 'later ones are scheduled ahead');
  await page.keyboard.press('Escape');
  assert.ok((await played(page)).slice(before).every((v) => v.stopped || v.ended));
  assert.equal(await page.locator('#stroke-tool').getAttribute('aria-pressed'), 'false');
  await context.close();
});

test('loudspeakers that the system took away come back on the next gesture, and the page says so until then', async () => {
  const strict = await launch({ strictSound: true });
  const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, bypassCSP: true };
  const { page, context } = await open(strict, phone);
  await listenIn(page);
  assert.equal(await page.locator('#sound-hint').textContent(), 'Tap anywhere to switch the sound on');
  await page.touchscreen.tap(200, 300);
  await until(page, 'soundIsOn', true);
  assert.equal(await page.locator('#sound-hint').isVisible(), false);
  await page.evaluate(() => window.context.suspend());
  await page.locator('#sound-hint').waitFor();
  await page.touchscreen.tap(200, 300);
  await until(page, 'soundIsOn', true);
  // Safari's own word for it, which other browsers do not know.
  const asked = await page.evaluate(async () => {
    const { get } = Object.getOwnPropertyDescriptor(BaseAudioContext.prototype, 'state');
    let asked = 0;
    Object.defineProperty(window.context, 'state', { configurable: true, get: () => (asked ? get.call(window.context) : 'interrupted') });
    const resume = window.context.resume;
    window.context.resume = function () { asked += 1; return resume.call(this); };
    window.context.dispatchEvent(new Event('statechange'));
    const said = !document.getElementById('sound-hint').hidden;
    window.dispatchEvent(new Event('touchend'));
    window.context.dispatchEvent(new Event('statechange'));
    return { said, asked, quiet: document.getElementById('sound-hint').hidden };
  });
  assert.deepEqual(asked, { said: true, asked: 1, quiet: true });
  await context.close();
  await strict.close();
});

test('volume, mute, speed and the rest are as they were when the page is opened again', async () => {
  const { page, context } = await open(browser);
  await page.locator('#volume').fill('0.4');
  await page.locator('#sound-more').click();
  await page.locator('#speed').fill('-12');
  await page.locator('#loops label:has([value="endless"])').click();
  await page.locator('#by-place').click();
  await page.locator('#pace').fill('0.5');
  await page.locator('#mute').click();
  await page.reload();
  await ready(page);
  const found = () => page.evaluate(() => ({
    volume: document.getElementById('volume').value,
    muted: document.getElementById('mute').getAttribute('aria-pressed'),
    speed: document.getElementById('speed-words').textContent,
    loops: document.querySelector('#loops input:checked').value,
    place: document.getElementById('by-place').checked,
    pace: document.getElementById('pace-words').textContent,
    more: document.getElementById('sound-more').getAttribute('aria-label'),
  }));
  assert.deepEqual(await found(), { volume: '0.4', muted: 'true', speed: '×0.5', loops: 'endless', place: false, pace: '0.50 s', more: 'Loops, speed, place: now ×0.5' });
  await soundOn(page);
  await page.locator('#cloud').focus();
  await page.keyboard.press('n');
  assert.equal((await played(page)).at(-1).speed, 0.5);
  for (const text of ['volume=NaN muted semitones=1e9 loops=3 pace=-1', '\u0000{}', 'x'.repeat(100_000)]) {
    await page.evaluate((value) => localStorage.setItem('scatter-sounds-mix', value), text);
    await page.reload();
    await ready(page);
    const { loops, volume } = await found();
    assert.deepEqual([loops, volume], ['4', '1']);
  }
  await context.close();
});

test('a browser that keeps nothing plays as well', async () => {
  const { page, seen, context } = await open(browser, { wait: false });
  await page.addInitScript(() => {
    Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('denied', 'SecurityError'); } });
  });
  await page.reload();
  await ready(page);
  await page.locator('#volume').fill('0.4');
  await page.locator('#theme').click();
  await soundOn(page);
  await page.locator('#cloud').focus();
  await page.keyboard.press('n');
  assert.equal((await played(page)).length, 1);
  assert.deepEqual(seen.errors, []);
  await context.close();
});
