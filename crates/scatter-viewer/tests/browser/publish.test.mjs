import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { ask, launch, open, ready, until } from './harness.mjs';
import { withRange, withoutRange } from './hosts.mjs';

const program = process.env.SCATTER_PREP;
const data = process.env.SCATTER_DATA;
const lacking = program && data ? false : 'SCATTER_PREP and SCATTER_DATA are not set';

let browser;
let folder;
before(async () => {
  browser = await launch();
  folder = mkdtempSync(join(tmpdir(), 'scatter-publish-'));
});
after(async () => {
  await browser.close();
  rmSync(folder, { recursive: true });
});

for (const [name, host] of Object.entries({ 'knows no Range': withoutRange, 'answers Range': withRange })) {
  test(`what is published opens and sounds below a folder of a host that ${name}`, { skip: lacking }, async (t) => {
    const { datasets } = JSON.parse(readFileSync(join(data, 'index.json')));
    const maps = datasets.filter(({ layout }) => layout === 'folder').slice(0, 2).map((map) => map.name);
    const web = new URL('../../../../web', import.meta.url).pathname;
    execFileSync(program, ['publish', '--data', data, '--web', web, ...maps, join(folder, 'project/site')]);
    const served = await host(folder);
    if (!served) {
      t.skip('there is no python3');
      return;
    }
    try {
      const address = `${served.origin}/project/site/`;
      const { page, seen, context } = await open(browser, { address, data: null, wait: false });
      await page.waitForURL(`${address}web/index.html?dataset=${maps[0]}`);
      await ready(page);
      assert.deepEqual(await page.locator('#dataset option').allTextContents(), [...maps].sort());
      assert.ok(await ask(page, 'pointCount') > 2);
      await page.locator('#cloud').focus();
      await page.keyboard.press('n');
      await until(page, 'focusedPoint', 0);
      // A recording may begin with silence.
      const loudest = () => page.evaluate(() => Math.max(0, ...window.played.map(({ samples }) => samples.reduce((most, s) => Math.max(most, Math.abs(s)), 0))));
      for (let k = 0; k < 20 && await loudest() < 100; k += 1) {
        await page.keyboard.press('n');
        await page.waitForTimeout(200);
      }
      assert.ok(await loudest() >= 100, `the loudest sample of what was played is ${await loudest()}`);
      if (maps[1]) {
        await page.locator('#dataset').selectOption(maps[1]);
        await page.waitForURL(`${address}web/index.html?dataset=${maps[1]}`);
        await ready(page);
        assert.equal(await ask(page, 'datasetName'), maps[1]);
      }
      const outside = seen.requests.filter((url) => !/^(data|blob):/.test(url) && !url.startsWith(address));
      assert.deepEqual(outside, []);
      assert.deepEqual(seen.errors, []);
      t.diagnostic(`${served.partial()} answers were parts of files`);
      await context.close();
    } finally {
      served.end();
    }
  });
}
