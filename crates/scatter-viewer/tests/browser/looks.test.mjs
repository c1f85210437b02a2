import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { recording, rich } from './fixture/variants.mjs';
import { colourBy, launch, open, settle, until } from './harness.mjs';
import { PAGE, pageIsAsBefore, squaresApart, wholePage } from './snapshot.mjs';

let browser;
before(async () => { browser = await launch({ composited: true }); });
after(() => browser.close());

/** Six states of the page: what is opened, and what is done there. */
const states = {
  opened: { data: rich, enter: async () => {} },
  player: {
    data: rich,
    enter: async (page) => {
      await page.locator('#cloud').focus();
      await page.keyboard.press('ArrowRight');
      // What it began to play ends by itself.
      await page.locator('#player-play-word:has-text("Play")').waitFor();
    },
  },
  searched: {
    data: rich,
    enter: async (page) => {
      await page.locator('#search').fill('cello');
      await page.locator('#table-toggle').click();
    },
  },
  selected: {
    data: rich,
    enter: async (page) => {
      for (const [word, name] of [['cello', 'Bows'], ['flute', 'Air & reeds']]) {
        await page.locator('#search').fill(word);
        await page.locator('#cloud').focus();
        await page.keyboard.press('a');
        await page.keyboard.press('t');
        await page.locator('#tags-name').fill(name);
        await page.locator('#tags-add').click();
        await page.locator('#tags-close').click();
      }
      await page.locator('#search').fill('');
      await page.locator('#cloud').focus();
      await page.keyboard.press('t');
      await page.locator('#tags-list [data-do=choose]').first().click();
      // On a phone the tags lie over what can be done with a selection.
      if (page.viewportSize().width < 760) await page.locator('#tags-close').click();
      await page.locator('#take-selection').click();
      await page.locator('#take').waitFor();
    },
  },
  number: { data: rich, colorScheme: 'light', enter: (page) => colourBy(page, 's_centroid') },
  recording: {
    data: recording,
    enter: async (page) => {
      await colourBy(page, '@time');
      const { x, y, width, height } = await page.locator('#timeline-view').boundingBox();
      await page.mouse.move(x + width * 0.3, y + height / 2);
      await page.mouse.down();
      await page.mouse.move(x + width * 0.6, y + height / 2, { steps: 4 });
      await page.mouse.up();
      await page.mouse.move(x + width * 0.5, y - 200);
    },
  },
};

const sizes = {
  desktop: { viewport: { width: 1280, height: 800 } },
  phone: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
};

for (const [size, screen] of Object.entries(sizes)) {
  for (const [state, { data, colorScheme, enter }] of Object.entries(states)) {
    test(`the page looks as it did when it was last looked at: ${state}, ${size}`, async () => {
      const { page, seen, context } = await open(browser, { ...screen, data: data(), ...(colorScheme && { colorScheme }) });
      if (state !== 'opened') {
        await page.keyboard.press('f');
        await until(page, 'soundIsOn', true);
      }
      await enter(page);
      await settle(page);
      await pageIsAsBefore(page, `page-${state}-${size}`);
      assert.deepEqual(seen.errors, []);
      await context.close();
    });
  }
}

test('a comparison sees a button that is gone, and not a page that was opened twice', async () => {
  const take = async (change) => {
    const { page, context } = await open(browser, { data: rich() });
    await change(page);
    await settle(page);
    const taken = await wholePage(page);
    await context.close();
    return taken;
  };
  const first = await take(async () => {});
  assert.ok(squaresApart(first, await take(async () => {})) < PAGE / 2);
  for (const id of ['table-toggle', 'theme', 'take-open', 'show-all']) {
    const changed = await take((page) => page.evaluate((name) => {
      const button = document.getElementById(name);
      // What is hidden appears, what is shown goes.
      if (button.hidden) button.hidden = false;
      else button.style.visibility = 'hidden';
    }, id));
    assert.ok(squaresApart(first, changed) > PAGE, `${id}: ${squaresApart(first, changed)}`);
  }
});
