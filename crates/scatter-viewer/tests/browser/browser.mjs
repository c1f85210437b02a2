// The browser, and the rooms in it that pages are opened in.
import { chromium } from 'playwright-core';

const FLAGS = [
  '--headless=new', '--no-sandbox', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync', '--use-angle=swiftshader', '--enable-unsafe-swiftshader',
  '--force-color-profile=srgb',
  // A process for all pages of a room.
  '--process-per-site',
];
// Without it the page is put together by the processor, as browsers do where there is no graphics card; WebGL is the same.
const IN_SOFTWARE = '--disable-gpu-compositing';
const ANY_TIME = '--autoplay-policy=no-user-gesture-required';

export const base = (process.env.SCATTER_URL ?? '').replace(/\/$/, '');
if (!base) throw new Error('SCATTER_URL is not set: start a server of the page and set it to its address');

/** Browsers in which WebGL puts the page together. */
const devices = new WeakSet();

/** A browser. `strictSound`: it is silent until a gesture. `composited`: WebGL also puts the page together, as a graphics card does. */
export async function launch({ strictSound = false, composited = false } = {}) {
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
    args: [...FLAGS, ...(strictSound ? [] : [ANY_TIME]), ...(composited ? [] : [IN_SOFTWARE])],
  });
  if (composited) devices.add(browser);
  return browser;
}

/** Whether the browser says this of itself: without a device for the page it waits for each picture of the cloud. */
export const ownAffair = (browser, text) => !devices.has(browser) && /GPU stall due to ReadPixels/.test(text);

/** Rooms of each browser, by what was asked of them. */
const rooms = new WeakMap();

/**
 * A context of the browser for pages with these `options`. It is kept, with a page of the same site that does nothing: so the
 * process lasts in which the viewer is compiled already, and a page opens in less than half of the time.
 */
function room(browser, options) {
  if (!rooms.has(browser)) rooms.set(browser, new Map());
  const known = rooms.get(browser);
  const key = JSON.stringify(options);
  if (!known.has(key)) {
    known.set(key, furnish(browser, options));
    // One that could not be had fails the test that wanted it, and not those after it.
    known.get(key).catch(() => known.delete(key));
  }
  return known.get(key);
}

async function furnish(browser, options) {
  const context = await browser.newContext(options);
  await (await context.newPage()).goto(`${base}/web/icon.svg`);
  return context;
}

/**
 * A page of its own, empty, and with what closes it: nothing that pages keep in the browser's store lasts from one to the
 * next. `alone` shares no process.
 */
export async function visit(browser, { alone = false, ...options }) {
  const shared = alone ? await browser.newContext(options) : await room(browser, options);
  const page = await shared.newPage();
  await page.addInitScript(forget);
  let granted = false;
  const context = {
    newCDPSession: (of) => shared.newCDPSession(of),
    grantPermissions: (list) => { granted = true; return shared.grantPermissions(list); },
    close: async () => {
      if (alone) return shared.close();
      if (granted) await shared.clearPermissions();
      return page.close();
    },
  };
  return { page, context };
}

/** Runs in a page before anything else: empties the store, once. A tab's own outlives a reload, and nothing more. */
function forget() {
  try {
    if (sessionStorage.getItem('visited')) return;
    localStorage.clear();
    sessionStorage.setItem('visited', 'yes');
  } catch {
    // An empty page has no store.
  }
}
