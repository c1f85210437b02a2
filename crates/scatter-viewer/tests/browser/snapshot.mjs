// Pictures that were looked at and committed, and how far from them a page may be.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decode, encode } from './png.mjs';

const place = (name) => new URL(`snapshots/${name}.png`, import.meta.url);
const updates = process.env.SCATTER_UPDATE_SNAPSHOTS === '1';

/** Writes the picture where it is asked for; else compares it, where `apart(found, expected)` says what share differs. */
function compare(name, found, apart, most) {
  const png = () => found.png ?? encode(found.width, found.pixels);
  if (updates) {
    mkdirSync(new URL('snapshots/', import.meta.url), { recursive: true });
    writeFileSync(place(name), png());
    return;
  }
  const expected = decode(readFileSync(place(name)));
  assert.equal(found.pixels.length, expected.pixels.length, 'the picture has another size');
  const share = apart(found, expected);
  const seen = join(tmpdir(), `scatter-viewer-${name.replace('/', '-')}.png`);
  if (share >= most) writeFileSync(seen, png());
  assert.ok(share < most, `${(share * 100).toFixed(2)} % of snapshots/${name}.png differs; see ${seen}`);
}

/** Share of the pixels that differ by more than an eye forgives. */
export function pixelsApart(found, expected) {
  let far = 0;
  for (let i = 0; i < found.pixels.length; i += 4) {
    const apart = Math.max(...[0, 1, 2].map((c) => Math.abs(found.pixels[i + c] - expected.pixels[i + c])));
    if (apart > 24) far += 1;
  }
  return far / (found.pixels.length / 4);
}

/** The means of squares of `side` pixels: edges of letters and discs that fall a pixel apart vanish in them. */
function squares({ width, pixels }, side) {
  const columns = Math.floor(width / side);
  const rows = Math.floor(pixels.length / 4 / width / side);
  const means = new Float32Array(columns * rows * 3);
  for (let y = 0; y < rows * side; y += 1) {
    for (let x = 0; x < columns * side; x += 1) {
      const from = (y * width + x) * 4;
      const to = (Math.floor(y / side) * columns + Math.floor(x / side)) * 3;
      for (let c = 0; c < 3; c += 1) means[to + c] += pixels[from + c] / (side * side);
    }
  }
  return means;
}

const SIDE = 5;

/** Share of the squares of 5 by 5 pixels whose means differ: a letter is one or two of them, an icon
 * a dozen. */
export function squaresApart(found, expected) {
  const [a, b] = [squares(found, SIDE), squares(expected, SIDE)];
  let far = 0;
  for (let i = 0; i < a.length; i += 3) far += [0, 1, 2].some((c) => Math.abs(a[i + c] - b[i + c]) > 12);
  return far / (a.length / 3);
}

// Edges fall a pixel apart from driver to driver; a missing or misplaced tile is 0.5 % of a picture of 800 by 560.
const CLOUD = 0.003;
// The strokes of a single icon are 0.03 % of a page of 1280 by 800.
export const PAGE = 0.00025;

/** Compares a picture of the cloud, as `picture` of the harness takes it. */
export const cloudIsAsBefore = (name, taken) => compare(name, taken, pixelsApart, CLOUD);

/** A picture of the whole page. */
export async function wholePage(page) {
  const { width, pixels } = decode(await page.screenshot({ animations: 'disabled', caret: 'hide' }));
  // In steps of four of each colour it takes a third of the bytes, and an eye misses nothing.
  for (let i = 0; i < pixels.length; i += 1) if (i % 4 < 3) pixels[i] = (Math.min(pixels[i], 253) + 2) & 0xfc;
  return { width, pixels };
}

/** Compares the whole page. */
export const pageIsAsBefore = async (page, name) => compare(name, await wholePage(page), squaresApart, PAGE);
