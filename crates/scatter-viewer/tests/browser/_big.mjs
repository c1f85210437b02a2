import { launch, open } from './harness.mjs';
import { readFileSync } from 'node:fs';
const src = readFileSync('find.test.mjs', 'utf8');
const browser = await launch();
const count = Number(process.argv[2]);
const { config, files, WINDOW } = await import('./fixture/dataset.mjs');
const column = (name, type, unit) => ({ name, type, unit });
const body = src.slice(src.indexOf("  const many ="), src.indexOf("  const { page, context } = await open(browser, { data });\n  await page.locator('#table-toggle').click();\n  await settle(page);\n  assert.equal(await page.locator('#table-grid').getAttribute('aria-rowcount'), '100001')"));
const data = new Function('count', 'config', 'files', 'WINDOW', 'column', body + '; return data;')(count, config, files, WINDOW, column);
const { page, seen } = await open(browser, { data, wait: false });
const began = Date.now();
for (let k = 0; k < 30; k += 1) {
  await page.waitForTimeout(1000);
  const s = await Promise.race([page.evaluate(() => [document.body.className, document.getElementById('stage-name').textContent, document.getElementById('notice').textContent, document.getElementById('alert').textContent, document.getElementById('sound-loading').hidden]), new Promise((d) => setTimeout(() => d('stuck'), 900))]);
  console.log(Date.now() - began, JSON.stringify(s));
}
console.log(seen.errors);
await browser.close();
