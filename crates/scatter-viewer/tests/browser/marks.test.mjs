import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ask, choose, hover, launch, open, picture, settle } from './harness.mjs';

let browser;
before(async () => { browser = await launch({ composited: true }); });
after(() => browser.close());

const marks = (page) => page.locator('#marks canvas').evaluateAll((list) => list.filter((canvas) => !canvas.hidden)
  .map((canvas) => canvas.getBoundingClientRect()).map((box) => [box.x + box.width / 2, box.y + box.height / 2]));

test('of a resting cloud only the point under the pointer is drawn again', async () => {
  const { page, context } = await open(browser);
  assert.equal(await hover(page, 3), 3);
  await settle(page);
  await page.evaluate(() => {
    window.drawn = [];
    const draw = WebGL2RenderingContext.prototype.drawElements;
    WebGL2RenderingContext.prototype.drawElements = function (mode, count, ...rest) {
      window.drawn.push(count);
      return draw.call(this, mode, count, ...rest);
    };
  });
  for (const k of [5, 3, 6]) {
    assert.equal(await hover(page, k), k);
    await settle(page);
    const at = await ask(page, 'screenPosition', k);
    const found = await marks(page);
    assert.ok(found.some(([x, y]) => Math.hypot(x - at[0], y - at[1]) < 2), `${found} where ${at} is expected`);
  }
  const drawn = await page.evaluate(() => window.drawn);
  assert.ok(drawn.length >= 3 && drawn.every((count) => count === 1), `${drawn}`);
  // Once it turns, the point is drawn with the others.
  await page.keyboard.press('f');
  await page.locator('#auto-orbit').evaluate((input) => input.click());
  await page.waitForFunction(() => window.drawn.some((count) => count > 1));
  await page.waitForFunction(() => [...document.querySelectorAll('#marks canvas')].every((canvas) => canvas.hidden));
  await context.close();
});

test('a mark looks as if the cloud had been drawn with it', async () => {
  for (const draw of ['draw-sprites', 'draw-points']) {
    const seen = [];
    for (const refused of [false, true]) {
      const { page, context } = await open(browser);
      await choose(page, draw);
      if (refused) {
        await page.evaluate(() => {
          document.querySelector('#marks').appendChild = () => { throw new Error('no more elements'); };
        });
      }
      assert.equal(await hover(page, 6), 6);
      await settle(page);
      assert.equal((await marks(page)).length, refused ? 0 : 1);
      const { read } = await picture(page);
      const [x, y] = await ask(page, 'screenPosition', 6);
      const places = Array.from({ length: 81 * 61 }, (_, i) => [Math.round(x) - 40 + (i % 81), Math.round(y) - 30 + Math.floor(i / 81)]);
      seen.push(places.map(([px, py]) => read(px, py)));
      await context.close();
    }
    const apart = seen[0].map((found, i) => Math.max(...[0, 1, 2].map((c) => Math.abs(found[c] - seen[1][i][c]))));
    assert.ok(Math.max(...apart) <= 6, `${draw}: colours differ by ${Math.max(...apart)}`);
  }
});
