import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { endless } from './fixture/endless.mjs';
import { flac } from './fixture/flac.mjs';
import { collection, ordinary, serve } from './fixture/server.mjs';
import { ask, base, hover, launch, open, played, until } from './harness.mjs';

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

const SOUND = endless(200);
const plain = ordinary(SOUND);
/** An ordinary answer to the first request, then `other`. */
const later = (other) => {
  let first = true;
  return (request) => {
    const answer = first ? plain : other;
    first = false;
    return answer(request);
  };
};
const part = (start, end, whole = SOUND.length) => ({ 'content-range': `bytes ${start}-${end - 1}/${whole}` });
/** The file with other bytes at a place. */
const changed = (place, bytes) => ({ start, end, send }) => {
  const body = Buffer.from(SOUND.read(start, end));
  bytes.forEach((byte, k) => { if (place + k >= start && place + k < end) body[place + k - start] = byte; });
  return send(206, part(start, end), body);
};
const [CLIP, NEXT] = SOUND.clip(150);
/** Frames of silence, as many as fit into a clip's bytes, numbered as the clip's own. */
const BOMB = (() => {
  const frames = flac({ block: 65535, frames: 700 }).subarray(42);
  return Buffer.concat(Array.from({ length: 4 }, () => frames)).subarray(0, NEXT - CLIP);
})();

test('a host that does not keep to ranges, and a file that is not what its head says, are told of once', async (t) => {
  const cases = [
    ['no such range', ({ send }) => send(416, { 'content-range': `bytes */${SOUND.length}` }, Buffer.alloc(0)), /audio\.flac cannot be read in parts: the server has no bytes=0-65535\. Serve the folder with/, true],
    ['another range', ({ start, end, send }) => send(206, part(start + 1, end + 1), SOUND.read(start + 1, end + 1)), /the server answered “bytes 1-65536\/\d+” to bytes=0-65535/, true],
    ['no range said', ({ start, end, send }) => send(206, {}, SOUND.read(start, end)), /the server answered “” to bytes=0-65535/, true],
    ['another length', ({ start, end, send }) => send(206, part(start, end, 99_999_999), SOUND.read(start, end)), /audio\.flac has 99999999 bytes where \d+ are expected/, true],
    ['too few bytes', ({ start, end, send }) => send(206, part(start, end), SOUND.read(start, end - 10)), /65526 bytes came for bytes=0-65535/, true],
    ['no FLAC', ({ start, end, send }) => send(206, part(start, end), Buffer.alloc(end - start, 60)), /audio\.flac cannot be read as sound/, true],
    ['another range later', later(({ start, end, send }) => send(206, part(0, end - start), SOUND.read(0, end - start))), /the server answered “bytes 0-/, false],
    ['broken off later', later(({ response }) => response.destroy()), /audio\.flac could not be loaded/, false],
    ['an error later', later(({ send }) => send(500, {}, Buffer.from('no'))), /audio\.flac is missing \(the server answered 500\)/, false],
    ['a table that leads out of the file', changed(46 + 18 * 150 + 8, [255, 255, 255, 255]), /audio\.flac is broken at 2:24\.00 \(it has a seek table that leads nowhere\)/, false],
    ['a table that leads into another clip', changed(54 + 18 * 150, SOUND.head.subarray(54 + 18 * 151, 62 + 18 * 151)), /audio\.flac is broken at 2:24/, false],
    ['another clip’s frames', changed(CLIP, SOUND.read(...SOUND.clip(149))), /broken at 2:24\.00 \(another part of it lies there\)/, false],
    ['a bomb', changed(CLIP, BOMB), /broken at 2:24\.00 \((another part|\d+ samples)/, false],
    ['a flipped bit', changed(CLIP + 5_000, [0x55, 0xaa, 0x55]), /broken at 2:24\.00/, false],
  ];
  for (const [name, answer, expected, atOnce] of cases) {
    await t.test(name, async () => {
      const server = await serve(base, collection(200, [3, 150], SOUND), answer);
      const { page, seen, context } = await open(browser, { data: null, origin: server.origin });
      if (!atOnce) {
        await page.keyboard.press('m');
        await page.keyboard.press('m');
        await until(page, 'soundIsOn', true);
        await hover(page, 150);
        await page.locator('#notice', { hasText: expected }).waitFor();
        // The pointer comes back: nothing is said twice, and nothing is asked for without end.
        await page.mouse.move(5, 5);
        await hover(page, 150);
        await page.waitForTimeout(200);
        assert.ok(server.asked.length < 60, `${server.asked.length} requests`);
      }
      const said = await page.locator('#notice').textContent();
      assert.match(said, expected);
      assert.equal(said.match(/audio\.flac/g).length, 1, said);
      assert.deepEqual(await played(page), []);
      assert.equal(await ask(page, 'pointCount'), 200);
      assert.deepEqual(seen.errors, []);
      await context.close();
      server.close();
    });
  }
});
