// Data made to do harm. Whatever it holds: words on the page, what can still work does, nothing is asked for outside the
// dataset's folder, and nothing of it runs.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { COUNT, WINDOW, config, files, projections, sample } from './fixture/dataset.mjs';
import { flac } from './fixture/flac.mjs';
import { ask, base, choose, colourBy, hover, launch, open, played, ready, settle, soundOn, strays } from './harness.mjs';

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

const json = JSON.stringify;
const copy = (value) => structuredClone(value);
const { 'fixture/sprite.jpg': SPRITE, 'fixture/audio.flac': SOUND } = files();

/** Contents of a file with the value at `path` (`audio.hopSamples`) replaced. */
function changed(whole, path, value) {
  const made = copy(whole);
  const keys = path.split('.');
  const last = keys.pop();
  keys.reduce((place, key) => place[key], made)[last] = value;
  return json(made);
}
const withConfig = (path, value) => ({ 'fixture/config.json': changed(config, path, value) });
const withPoints = (path, value) => ({ 'fixture/projections.json': changed(projections, path, value) });

/** Nothing ran, nothing stopped, nothing was asked for elsewhere. */
async function unharmed(page, seen) {
  assert.equal(await page.evaluate(() => window.hacked), undefined);
  assert.deepEqual(seen.errors, []);
  assert.deepEqual(seen.dialogs, []);
  assert.deepEqual(strays(seen), []);
  // The browser itself says what it could not load.
  assert.deepEqual(seen.console.filter((line) => !/Failed to load resource/.test(line)), []);
}

/** A page that is led from one set of data to the next: a new one for each would take most of the time. */
async function visitor() {
  const data = {};
  const { page, seen, context } = await open(browser, { data, wait: false });
  seen.dialogs = [];
  page.on('dialog', (dialog) => { seen.dialogs.push(dialog.message()); dialog.dismiss(); });
  const visit = async (changes = {}, dataset = 'fixture') => {
    Object.keys(data).forEach((name) => delete data[name]);
    Object.assign(data, files(), changes);
    Object.values(seen).forEach((list) => list.splice(0));
    await page.goto(`${base}/web/index.html?dataset=${dataset}`);
  };
  return { page, seen, context, visit };
}

/** Each of `cases` (name, what of the data is changed, what the page says, `?dataset=`) ends in an alert. */
async function refused(t, cases) {
  const { page, seen, context, visit } = await visitor();
  for (const [name, changes, expected, dataset] of cases) {
    await t.test(name, async () => {
      await visit(changes, dataset);
      await page.locator('#alert:not([hidden])').waitFor();
      const [text, loading] = await page.evaluate(() =>
        [document.getElementById('alert').textContent, document.getElementById('loading').hidden]);
      assert.match(text, expected);
      assert.deepEqual([loading, text.length < 1000], [true, true]);
      const box = await page.locator('#alert').boundingBox();
      assert.ok(box.x >= 0 && box.x + box.width <= 1280 && box.y >= 0 && box.y + box.height <= 800, json(box));
      await unharmed(page, seen);
    });
  }
  await context.close();
}

/** Each of `cases` (name, what of the data is changed, anything for `check`) opens, and `check` holds. */
async function shown(t, cases, check) {
  const { page, seen, context, visit } = await visitor();
  for (const [name, changes, more] of cases) {
    await t.test(name, async () => {
      await visit(changes);
      await ready(page);
      assert.equal(await page.locator('#alert').isVisible(), false);
      assert.equal(await ask(page, 'pointCount'), COUNT);
      await check(page, more, seen);
      await unharmed(page, seen);
    });
  }
  await context.close();
}

test('an address that is no dataset’s name is refused in words and asks for nothing', async (t) => {
  const names = [
    '..', '../x', '//evil.example', '%2e%2e', '%2e%2e%2fx', 'http://evil.example/x', 'javascript:window.hacked=1', 'data:text/html,x', '%00',
    'x'.repeat(10000), '__proto__', '<script>window.hacked=1</script>', 'con', 'a\\b', '.git', 'index.json', '%E2%80%AEa',
  ];
  const no = /^This dataset cannot be opened: “.*” is not a dataset name: use 1 to 64 letters/;
  const nowhere = /There is no dataset “(constructor|nowhere)” here/;
  await refused(t, [
    ...names.map((name) => [name.slice(0, 30), {}, no, name]),
    ['a name that every object has', {}, nowhere, 'constructor'],
    ['two of them', {}, nowhere, 'nowhere&dataset=fixture'],
  ]);
});

test('a configuration that names files elsewhere is refused before anything is asked for', async (t) => {
  const names = [
    'https://evil.example/x', '//evil.example/x', '../other/config.json', 'data:application/json,{}', '%2e%2e/x', '..\\x', '/etc/passwd', '',
    '.hidden', 'a\u202egpj', 'x'.repeat(100000),
  ];
  const places = ['audioFile', 'spriteFile', 'projectionsFile', 'sprite.pages'];
  const cases = names.flatMap((name, k) => places.filter((_, place) => k === 0 || place === k % 4).map((place) => [name, place]));
  await refused(t, cases.map(([name, place]) => [
    `${place}: ${name.slice(0, 30)}`,
    withConfig(place, place === 'sprite.pages' ? [name] : name),
    /config\.json names “.*”, which is not a plain file name/,
  ]));
});

test('the name in a configuration leads to no other folder', async () => {
  const { page, seen, context, visit } = await visitor();
  await visit(withConfig('name', 'other'));
  await ready(page);
  assert.equal(await ask(page, 'datasetName'), 'fixture');
  assert.ok(seen.requests.some((address) => address.endsWith('/data/fixture/audio.flac')));
  await unharmed(page, seen);
  await context.close();
});

test('counts, arrays and numbers that lie are told with the file, the field and what stands there', async (t) => {
  const points = json(projections);
  const cases = [
    ['a count of a million million', withConfig('count', 1e12), /config\.json cannot be read: at count \(line 1/],
    ['a count of a million', withConfig('count', 1000000), /config\.json: audio\.samples is 245760/],
    ['no points', withConfig('count', 0), /config\.json: count is 0, where 1 to 10000000 points/],
    ['a hop of nothing', withConfig('audio.hopSamples', 0), /audio\.hopSamples is 0/],
    ['a window of nothing', withConfig('audio.windowSamples', 0), /audio\.windowSamples is 0/],
    ['columns beyond counting', withConfig('sprite.columns', 4294967295), /sprite\.tileWidth is 96 times 4294967295/],
    ['pages that are not there', withConfig('sprite.pages', ['sprite.jpg', 'b.jpg']), /sprite\.pages holds 2 entries where 1/],
    ['a neighbour beyond', withPoints('neighbours', Array(COUNT).fill([16])), /projections\.json: neighbours\[0\] is 16/],
    ['too few entries', withPoints('metadata.labels', ['a']), /projections\.json: metadata\.labels holds 1 entries where 16/],
    ['a point of two numbers', withPoints('projections.3', [1, 2]), /projections\.json cannot be read: at projections\[3\]/],
    ['a point without a number', withPoints('projections.3', [1, null, 2]), /at projections\[3\]\[1\] \(line 1, column \d+\), invalid type: null, expected a number/],
    ['a point beyond numbers', withPoints('projections.3', [1, 1e300, 2]), /projections\[3\]\[1\] is inf/],
    ['NaN', { 'fixture/projections.json': points.replace('[[0,3,', '[[NaN,3,') }, /projections\.json holds NaN at projections\[0\]\[0\] .*the program that wrote it had no number there/],
    ['-Infinity', { 'fixture/projections.json': points.replace('400.25', '-Infinity') }, /holds -Infinity at metadata\.s_centroid\[0\]/],
    ['an empty file', { 'fixture/projections.json': '' }, /projections\.json cannot be read: it is empty/],
    ['a web page in its place', { 'fixture/config.json': '<!doctype html><script>window.hacked=1</script>' }, /config\.json cannot be read: it is a web page/],
    ['nested without end', { 'fixture/config.json': '{"formatVersion":1,"files":'.padEnd(200000, '[') }, /config\.json cannot be read/],
    ['a key twice', { 'fixture/projections.json': points.replace('"s_centroid":', '"labels":[],"s_centroid":') }, /the key "labels" stands twice/],
    ['markup in a key', withPoints('metadata', { '<img src=x onerror=window.hacked=1>': ['a'] }), /metadata\.<img src=x onerror=window\.hacked=1> holds 1 entries/],
    ['a list of datasets with a path', { 'index.json': json({ formatVersion: 1, datasets: [{ name: '../x', layout: 'folder' }] }) }, /index\.json cannot be read: at datasets\[0\]\.name/],
  ];
  await refused(t, cases);
});

test('NaN in the original’s format is told as well', async () => {
  const data = {
    'index.json': json({ formatVersion: 1, datasets: [{ name: 'fixture', layout: 'flat' }] }),
    'fixture_config.json': json({ projectionsFile: './data/p.json', imgDim: 150 }),
    'p.json': '{"projections":[[0,NaN,1]]}',
  };
  const { page, seen, context } = await open(browser, { data, wait: false });
  await page.locator('#alert:not([hidden])').waitFor();
  assert.match(await page.locator('#alert').textContent(), /p\.json holds NaN at projections\[0\]\[1\]/);
  assert.deepEqual([seen.errors, seen.console], [[], []]);
  await context.close();
});

test('texts of any kind are shown as text, in their place, and end there', async () => {
  const long = `${'<b>x</b>'.repeat(12500)}.wav`;
  const names = [
    '<script>window.hacked=1</script>', '<img src=x onerror="window.hacked=1">', '"><svg onload=window.hacked=1>', 'a\u202egnp.exe', '\u2067\u202b\u202e\u2066',
    'two\nlines\r\n\ttab', long, '{{constructor.constructor("window.hacked=1")()}}', '\u0000\u0007\u001b[2J', 'https://evil.example/x.png', '&lt;b&gt;&#x202e;',
    'e\u0301'.repeat(3000), '\u0645\u0648\u062c.wav', '\ud83d\ude00'.repeat(500), ' ', '../../secret',
  ];
  const data = copy(projections);
  data.metadata.filenames = names.map((name, k) => `${names[(k + 3) % 16]}/${name}`);
  data.metadata.labelnames = names.map((_, k) => names[k % 5 === 0 ? 6 : k % 4]);
  data.metadata['<i>mood</i>\u202e'] = names;
  data.classes = { names: { 0: names[1], 7: `Dog\u202e` }, top: names.map(() => [7, 0]), scores: names.map(() => [0.9, 0.4]) };
  data.further = { [`<b>pca\u202e${'x'.repeat(5000)}`]: projections.further.pca };
  const told = copy(config);
  told.columns.push({ name: '<i>mood</i>\u202e', type: 'text', unit: '<u>\u202e' });
  told.projections[1].name = Object.keys(data.further)[0];
  const { page, seen, context, visit } = await visitor();
  await visit({ 'fixture/config.json': json(told), 'fixture/projections.json': json(data) });
  await ready(page);
  await colourBy(page, 'labels');
  await soundOn(page);
  for (let k = 0; k < COUNT; k++) {
    await page.locator('#cloud').focus();
    await page.keyboard.press('n');
    await settle(page);
    const card = await page.locator('#player').boundingBox();
    assert.ok(card.x >= 0 && card.x + card.width <= 1280 && card.y >= 0 && card.y + card.height <= 800, `point ${k}: ${json(card)}`);
  }
  assert.match(await page.locator('#player-rows').textContent(), /<i>mood<\/i>/);
  const [elements, sideways, title] = await page.evaluate(() => [
    document.querySelectorAll('#overlay :is(script, svg:not([aria-hidden]), u, [onerror], [onload]), #overlay img:not([src="icon.svg"]), #info h2 *, #player h2 *, #legend-list span *').length,
    document.documentElement.scrollWidth > innerWidth,
    document.title,
  ]);
  assert.deepEqual([elements, sideways, title], [0, false, 'fixture – Scatter Sounds']);
  // A mark that turns the direction must not turn what follows: the share stands right of the class, the count right of the name.
  const heard = page.locator('#player-classes li').first();
  const [name, share] = [await heard.locator('bdi').boundingBox(), await heard.locator('b').boundingBox()];
  assert.ok(name.x + name.width <= share.x + 1, json([name, share]));
  const isolated = await page.evaluate(() => ['#info-title', '#info-folder', '#info-label-text', '#player-title', '#player-folder', '#player-label', '#legend-list span', '#projection span']
    .map((place) => getComputedStyle(document.querySelector(place)).unicodeBidi));
  assert.deepEqual(isolated.filter((value) => value !== 'isolate' && value !== 'plaintext'), []);
  await unharmed(page, seen);
  await context.close();
});

/** A JPEG that says it has other sides. */
function sides(width, height) {
  const made = Buffer.from(SPRITE);
  const frame = made.indexOf(Buffer.from([0xff, 0xc0]));
  made.writeUInt16BE(height, frame + 5);
  made.writeUInt16BE(width, frame + 7);
  return made;
}

const PNG = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII=', 'base64');
const HTML = Buffer.from('<!doctype html><script>window.hacked=1</script>');
const answer = (status, body, contentType) => (route) => route.fulfill({ status, body, contentType });

test('pictures that are broken, a bomb or something else leave points that sound, and that is said', async (t) => {
  const flipped = Buffer.from(SPRITE);
  for (let k = 200; k < 700; k += 7) flipped[k] ^= 0x55;
  const cases = [
    ['cut short in its head', SPRITE.subarray(0, 100), /sprite\.jpg cannot be read as a picture/],
    ['of wrong sides', sides(192, 128), /sprite\.jpg is 192 × 128 pixels, where the tiles need 384 × 256 pixels/],
    ['a bomb', sides(65500, 65500), /sprite\.jpg is 65500 × 65500 pixels, where the tiles need 384 × 256/],
    ['empty', Buffer.alloc(0), /sprite\.jpg cannot be read as a picture/],
    ['a PNG', PNG, /sprite\.jpg cannot be read as a picture/],
    ['a web page', answer(200, HTML, 'text/html'), /sprite\.jpg cannot be read as a picture/],
    ['a picture with a script in it', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="window.hacked=1"/>'), /sprite\.jpg cannot be read as a picture/],
    ['refused', answer(403, 'no'), /sprite\.jpg is missing \(the server answered 403\)/],
    ['broken off', (route) => route.abort('connectionreset'), /sprite\.jpg could not be loaded/],
    ['damaged', flipped, null],
    ['cut short in its pixels', SPRITE.subarray(0, SPRITE.length - 500), /sprite\.jpg cannot be read as a picture/],
  ];
  const only = (body) => ({ 'fixture/sprite.jpg': body });
  await shown(t, cases.map(([name, body, expected]) => [name, only(body), expected]), async (page, expected) => {
    if (expected) assert.match(await page.locator('#notice').textContent(), expected);
    // What of a damaged picture a browser makes is its own affair, as long as it is drawn or told of.
    assert.equal(await page.locator('#draw-sprites').isDisabled(), await page.locator('#notice').isVisible());
    await soundOn(page);
    await hover(page, 7);
    // Five milliseconds at each end go to the fades.
    assert.deepEqual((await played(page))[0].samples.slice(80, -80), Array.from({ length: WINDOW - 160 }, (_, i) => sample(7, i + 80)));
  });
});

test('sounds that are broken, a bomb or something else leave pictures, and that is said', async (t) => {
  const head = (bytes) => Buffer.concat([SOUND.subarray(0, 42), bytes]);
  const cases = [
    ['empty', Buffer.alloc(0), /audio\.flac cannot be read as sound, so the map stays silent/],
    ['a web page', answer(200, HTML, 'text/html'), /audio\.flac cannot be read as sound/],
    ['a head alone', head(Buffer.alloc(0)), /audio\.flac cannot be read as sound/],
    ['noise behind a head', head(Buffer.from(Array.from({ length: 9000 }, (_, i) => (i * 7919) & 255))), /audio\.flac cannot be read as sound/],
    ['days of silence in a megabyte', flac({ block: 65535, frames: 60000 }), /audio\.flac holds 3932100000 samples of 16000 Hz in 1 channels, which cannot be unpacked here/],
    ['a rate of 1 Hz', flac({ rate: 1 }), /of 1 Hz in 1 channels, which cannot be unpacked/],
    ['broken off', (route) => route.abort('connectionreset'), /audio\.flac could not be loaded/],
    ['an error', answer(500, 'no'), /audio\.flac is missing \(the server answered 500\)/],
  ];
  const only = (body) => ({ 'fixture/audio.flac': body });
  await shown(t, cases.map(([name, body, expected]) => [name, only(body), expected]), async (page, expected) => {
    assert.match(await page.locator('#notice').textContent(), expected);
    assert.equal(await page.locator('#draw-sprites').isChecked(), true);
    await hover(page, 7);
    assert.match(await page.locator('#info-title').textContent(), /note <b>7<b>\.wav/);
    assert.deepEqual(await played(page), []);
  });
});

test('sound that is not what was said is played as far as it goes, and that is said', async (t) => {
  const flipped = Buffer.from(SOUND);
  flipped[flipped.length >> 1] ^= 0x10;
  const wave = (c, i) => ((i * 37 + c * 5000) % 20000) - 10000;
  const cases = [
    ['shorter than said', SOUND.subarray(0, SOUND.length >> 1), /holds \d+ samples where 245760 are expected: some sounds may be cut/],
    ['at another rate', flac({ rate: 44100, sample: wave }), /has 44100 Hz and one channel where 16000 Hz and one channel are expected/],
    ['of two channels', flac({ channels: 2, frames: 64, sample: wave }), /has 16000 Hz and several channels where 16000 Hz and one channel/],
    ['with a flipped bit', flipped, null],
    ['with a length in its head that is none', flac({ claimed: 68719476735, sample: wave }), null],
  ];
  const only = (body) => ({ 'fixture/audio.flac': body });
  await shown(t, cases.map(([name, body, expected]) => [name, only(body), expected]), async (page, expected) => {
    const said = await page.locator('#notice').textContent();
    if (expected) assert.match(said, expected);
    await soundOn(page).catch(() => {});
    await hover(page, 1);
    // Either it is heard, or it is said why not.
    assert.ok((await played(page)).length === 1 || said !== '', said);
  });
});

test('a server that breaks off, answers with its own page or with nothing is told of', async (t) => {
  const abort = (route) => route.abort('connectionreset');
  const cases = [
    ['the list breaks off', { 'index.json': abort }, /index\.json could not be loaded: .*Is the server still running\?/],
    ['the list is a web page', { 'index.json': answer(200, HTML, 'text/html') }, /index\.json cannot be read: it is a web page/],
    ['the configuration is missing', { 'fixture/config.json': undefined }, /There is no dataset “fixture” here/],
    ['the configuration is a web page', { 'fixture/config.json': answer(200, HTML, 'text/html') }, /config\.json cannot be read: it is a web page/],
    ['the configuration breaks off', { 'fixture/config.json': abort }, /config\.json could not be loaded/],
    ['the configuration has no end', { 'fixture/config.json': ' '.repeat(17 << 20) }, /config\.json is longer than 16 MB/],
    ['the points are a web page', { 'fixture/projections.json': answer(200, HTML, 'text/html') }, /projections\.json cannot be read: it is a web page/],
    ['the points break off', { 'fixture/projections.json': abort }, /projections\.json could not be loaded/],
    ['the points are an error', { 'fixture/projections.json': answer(500, 'no') }, /projections\.json is missing \(the server answered 500\)/],
    ['more comes than was said', {
      'fixture/config.json': json({ ...config, files: { 'projections.json': { bytes: 9, sha256: '' } } }),
    }, /projections\.json has \d+ bytes where 9 are expected/],
  ];
  await refused(t, cases);
});

test('on a slow line the page says what it waits for, and then goes on', async () => {
  let release;
  const gate = new Promise((done) => { release = done; });
  const late = (route) => gate.then(() => route.fulfill({ body: json(projections) }));
  const { page, seen, context, visit } = await visitor();
  await visit({ 'fixture/projections.json': late });
  await page.locator('#stage-name', { hasText: 'Loading the map' }).waitFor();
  assert.equal(await page.locator('#loading').isVisible(), true);
  release();
  await page.waitForFunction(() => document.body.classList.contains('ready'));
  await unharmed(page, seen);
  await context.close();
});

test('points in one place, or as far apart as numbers go, do not stop the page', async (t) => {
  const spread = (of) => ({ projections: projections.projections.map((_, k) => of(k)), spherical: projections.projections.map((_, k) => of(k)) });
  const cases = [
    ['in one place', () => [0, 0, 0]],
    ['far apart', (k) => [k % 2 ? 1e9 : -1e9, 0, k * 6e7]],
    ['hardly apart', (k) => [k * 1e-38, 0, 0]],
    ['one far away', (k) => (k ? [k, k, k] : [-1e9, 1e9, 1e9])],
  ];
  await shown(t, cases.map(([name, of]) => [name, { 'fixture/projections.json': json({ ...projections, ...spread(of) }) }]), async (page) => {
    await page.mouse.move(700, 400);
    await page.mouse.wheel(0, -500);
    await page.keyboard.press('f');
    await choose(page, 'draw-points');
  });
});

test('a collection of labels without end is listed in part', async () => {
  const count = 3000;
  const all = Array.from({ length: count }, (_, k) => k);
  const grid = all.map((k) => [k % 50, Math.floor(k / 50), 0]);
  const labels = all.map((k) => `label ${k >> 1}`);
  const data = { idx: all, metadata: { labels }, projections: grid, spherical: grid };
  const told = {
    ...config, count, projections: [config.projections[0]], columns: [config.columns[0]],
    audio: { ...config.audio, samples: count * WINDOW },
    sprite: { ...config.sprite, columns: 30, rows: 100 },
  };
  const { page, seen, context, visit } = await visitor();
  await visit({ 'fixture/config.json': json(told), 'fixture/projections.json': json(data) });
  await ready(page);
  await colourBy(page, 'labels');
  assert.equal(await page.locator('#legend-list li').count(), 501);
  assert.equal(await page.locator('#legend-list li').last().textContent(), '… and 1000 more');
  await unharmed(page, seen);
  await context.close();
});

test('the headers of the server leave the page whole', async () => {
  const answer = await fetch(`${base}/web/index.html`);
  // An answer that nobody reads keeps its line open, and this program with it.
  await answer.text();
  for (const [name, value] of [
    ['content-security-policy', /require-trusted-types-for 'script'; trusted-types 'none'; frame-ancestors 'none'$/],
    ['cross-origin-opener-policy', /^same-origin$/],
    ['cross-origin-resource-policy', /^same-origin$/],
    ['permissions-policy', /camera=\(\)/],
    ['x-content-type-options', /^nosniff$/],
    ['referrer-policy', /^no-referrer$/],
  ]) {
    assert.match(answer.headers.get(name) ?? '', value, name);
  }
  const { page, seen, context, visit } = await visitor();
  await visit();
  await ready(page);
  assert.equal(await page.locator('#notice').isVisible(), false);
  await unharmed(page, seen);
  await context.close();
});
