import { launch, open, settle, ask } from './harness.mjs';
const [dataset, out, device, script = ''] = process.argv.slice(2);
const viewport = device === 'phone' ? { width: 390, height: 844 } : { width: 1280, height: 800 };
const browser = await launch();
try {
  const { page, seen } = await open(browser, { dataset, data: null, viewport, hasTouch: device === 'phone' });
  const run = new (Object.getPrototypeOf(async function () {}).constructor)('page', 'settle', 'ask', script);
  await run(page, settle, ask);
  await page.waitForTimeout(400);
  await page.screenshot({ path: out });
  console.log(seen.errors.join('\n'), seen.console.filter((l) => l.startsWith('error')).join('\n'));
  console.log(await page.locator('#alert').textContent());
} finally { await browser.close(); }
