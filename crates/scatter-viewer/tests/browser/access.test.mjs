import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { colourBy, launch, open, settle } from './harness.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

/** What axe-core finds wrong, with where and why. */
async function violations(page) {
  await settle(page);
  // Through the debugger: the page's own policy lets no script in.
  await page.evaluate(axe);
  const { violations, passes } = await page.evaluate(async (values) => {
    // Of the rules that hold no more is wanted than how many there are.
    const { violations, passes } = await window.axe.run(document, { runOnly: values, resultTypes: ['violations'] });
    return { violations, passes: passes.length };
  }, RULES);
  assert.ok(passes > 20, `only ${passes} rules had something to look at`);
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html.slice(0, 120)}: ${node.failureSummary}`));
}

const states = {
  'as it opens': async () => {},
  'coloured, with its legend': (page) => colourBy(page, 'labels'),
  'with a point in the player': async (page) => {
    await page.locator('#cloud').focus();
    await page.keyboard.press('n');
  },
  'searched, with its list': async (page) => {
    await page.locator('#search').fill('wav');
    await page.locator('#table-toggle').click();
  },
  'with filters': (page) => page.locator('#filters-toggle').click(),
  'with the keys that there are': (page) => page.keyboard.press('?'),
  'with tags': async (page) => {
    await page.locator('#cloud').focus();
    await page.keyboard.press('t');
  },
};

for (const [size, viewport] of Object.entries({ desktop: { width: 1280, height: 800 }, phone: { width: 390, height: 844 } })) {
  for (const colorScheme of ['dark', 'light']) {
    test(`axe-core finds nothing wrong with the page: ${size}, ${colorScheme}`, async (t) => {
      for (const [state, enter] of Object.entries(states)) {
        await t.test(state, async () => {
          const { page, context } = await open(browser, { viewport, colorScheme });
          await enter(page);
          assert.deepEqual(await violations(page), []);
          await context.close();
        });
      }
    });
  }
}
