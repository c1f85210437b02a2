// Frames a second of this page and of scatter-gl in the same browser, with the same points and pictures, while the pointer
// moves and points are looked for under it. Prints a table, and with --json the figures.
import { chromium } from 'playwright-core';
import { dataset, grid } from './data.mjs';
import { processorTime } from './processor.mjs';
import { serve } from './server.mjs';

const FLAGS = [
  '--headless=new', '--no-sandbox', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync',
];
/** Drawn in software, unless GPU names the interface by which ANGLE reaches a graphics card: vulkan, gl-egl, metal, d3d11. */
const GPU = process.env.GPU;
const DRAWN_BY = GPU
  ? [`--use-angle=${GPU}`, '--enable-gpu', '--ignore-gpu-blocklist', ...(GPU === 'vulkan' ? ['--enable-features=Vulkan', '--disable-vulkan-surface'] : [])]
  : ['--use-angle=swiftshader', '--enable-unsafe-swiftshader'];
const SIZES = (process.env.SIZES ?? '2000,20000,100000,1000000').split(',').map(Number);
const SECONDS = Number(process.env.SECONDS ?? 5);
/** Beyond it scatter-gl takes minutes to begin. */
const MOST_OF_SCATTER_GL = 100_000;

const program = await chromium.launchServer({ executablePath: process.env.CHROMIUM || '/usr/bin/chromium', args: [...FLAGS, ...DRAWN_BY] });
const browser = await chromium.connect(program.wsEndpoint());
const maps = new Map();
const server = await serve(maps);

/** What draws WebGL in this browser. */
async function renderer() {
  const page = await browser.newPage();
  const name = await page.evaluate(() => {
    const gl = document.createElement('canvas').getContext('webgl2');
    const names = gl?.getExtension('WEBGL_debug_renderer_info');
    return gl ? String(names ? gl.getParameter(names.UNMASKED_RENDERER_WEBGL) : gl.getParameter(gl.RENDERER)) : 'nothing';
  });
  await page.close();
  return name;
}

/** A page of grey tiles, each with bands at places of its own, made by the browser. */
async function sprite(columns, rows) {
  const page = await browser.newPage();
  const text = await page.evaluate(async ([columns, rows]) => {
    const canvas = new OffscreenCanvas(columns * 96, rows * 64);
    const pen = canvas.getContext('2d');
    for (let k = 0; k < columns * rows; k++) {
      for (let band = 0; band < 8; band++) {
        const light = (k * 53 + band * 97) % 230;
        pen.fillStyle = `rgb(${light} ${light} ${light})`;
        pen.fillRect((k % columns) * 96, Math.floor(k / columns) * 64 + band * 8, 96, 8);
      }
    }
    const bytes = new Uint8Array(await (await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.8 })).arrayBuffer());
    let text = '';
    for (let i = 0; i < bytes.length; i += 32768) text += String.fromCharCode(...bytes.subarray(i, i + 32768));
    return btoa(text);
  }, [columns, rows]);
  await page.close();
  return Buffer.from(text, 'base64');
}

/**
 * Moves the pointer over the middle of `selector` with each frame. Frames a second, the median time of one, and the processor
 * time of one, in which a busy machine does not count.
 */
async function watch(page, selector, seconds) {
  const before = processorTime(program.process().pid);
  const seen = await move(page, selector, seconds);
  return { ...seen, work: (processorTime(program.process().pid) - before) / seen.frames };
}

function move(page, selector, seconds) {
  return page.evaluate(([selector, seconds]) => new Promise((done) => {
    const target = document.querySelector(selector);
    const times = [];
    let begin = null;
    const frame = (now) => {
      begin ??= now;
      times.push(now);
      const t = (now - begin) / 1000;
      const at = { clientX: 660 + 260 * Math.sin(t * 1.9), clientY: 390 + 220 * Math.sin(t * 2.7), bubbles: true, pointerType: 'mouse', pointerId: 1 };
      target.dispatchEvent(new PointerEvent('pointermove', at));
      if (t < seconds || times.length < 4) return requestAnimationFrame(frame);
      const gaps = times.slice(1).map((time, k) => time - times[k]).sort((a, b) => a - b);
      done({ frames: gaps.length, fps: (1000 * gaps.length) / (times.at(-1) - times[0]), median: gaps[gaps.length >> 1] });
    };
    requestAnimationFrame(frame);
  }), [selector, seconds]);
}

const rest = (page, milliseconds) => page.waitForTimeout(milliseconds);

async function ours(name, sprites) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, colorScheme: 'dark' });
  const page = await context.newPage();
  page.on('pageerror', (error) => console.error(`viewer: ${error.message}`));
  page.setDefaultTimeout(600_000);
  const began = Date.now();
  await page.goto(`${server.origin}/web/index.html?dataset=${name}`);
  await page.waitForFunction(() => document.body.classList.contains('ready'));
  const opened = (Date.now() - began) / 1000;
  const ask = (question) => page.evaluate(async (q) => (await import('./pkg/scatter_viewer.js'))[q](), question);
  if (!sprites) await page.locator('label:has(#draw-points)').click();
  while (await ask('picturesWait')) await rest(page, 100);
  await rest(page, 1500);
  const still = await watch(page, '#cloud', SECONDS);
  await page.locator('#auto-orbit').evaluate((input) => input.click());
  await watch(page, '#cloud', 2);
  const moving = await watch(page, '#cloud', SECONDS);
  const drawn = await ask('drawnPoints');
  await context.close();
  return { opened, still, moving, drawn };
}

async function theirs(name, sprites, columns) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  page.on('pageerror', (error) => console.error(`scatter-gl: ${error.message}`));
  page.setDefaultTimeout(600_000);
  await page.goto(`${server.origin}/scatter-gl/`);
  await page.evaluate(([name, sprites, columns]) => window.show(name, sprites, columns), [name, sprites, columns]);
  await rest(page, 1500);
  const still = await watch(page, '#plot canvas', SECONDS);
  if (!(await page.evaluate(() => window.hovers))) throw new Error('scatter-gl met no point under the pointer');
  await page.evaluate(() => window.orbit(true));
  await watch(page, '#plot canvas', 2);
  const moving = await watch(page, '#plot canvas', SECONDS);
  await context.close();
  return { still, moving };
}

const drawnBy = await renderer();
console.error(`WebGL by ${drawnBy}`);
if (GPU && /nothing|swiftshader|llvmpipe|software/i.test(drawnBy)) {
  throw new Error(`no graphics card by ${GPU}: WebGL is drawn by ${drawnBy}; try another of vulkan, gl-egl, metal, d3d11`);
}
const rows = [];
for (const count of SIZES) {
  const name = `made-${count}`;
  maps.clear();
  maps.set(name, await dataset(name, count, sprite));
  for (const sprites of [false, true]) {
    const mine = await ours(name, sprites);
    const other = count <= MOST_OF_SCATTER_GL ? await theirs(name, sprites, grid(count).columns) : null;
    for (const camera of ['still', 'moving']) {
      const [a, b] = [mine[camera], other?.[camera]];
      const row = {
        points: count, 'drawn as': sprites ? 'sprites' : 'points', camera: camera === 'still' ? 'at rest' : 'orbiting',
        'frames/s': a.fps.toFixed(1), 'median ms': a.median.toFixed(1), 'cpu ms': a.work.toFixed(1),
        'scatter-gl frames/s': b?.fps.toFixed(1) ?? '', 'its median ms': b?.median.toFixed(1) ?? '', 'its cpu ms': b?.work.toFixed(1) ?? '',
        ratio: b ? (a.fps / b.fps).toFixed(2) : '', 'points drawn': camera === 'still' ? count : mine.drawn,
      };
      rows.push(row);
      console.error(Object.values(row).join(' | '));
    }
  }
}
await browser.close();
await program.close();
server.close();
if (process.argv.includes('--json')) console.log(JSON.stringify(rows));
else console.table(rows);
