// Maps of any size, made in code: clusters of points, and one sprite page that all pages repeat.

const TILE = [96, 64];
const MOST = [42, 64]; // tiles in a row and rows of a page of 4,096 pixels

/** The same numbers from 0 to 1 each time (Mulberry32 by Tommy Ettinger). */
function random(seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** `[count][3]` coordinates in forty clusters of unlike sizes. */
export function points(count) {
  const next = random(7);
  const normal = () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
  const clusters = Array.from({ length: 40 }, () => ({ at: [normal() * 4, normal() * 4, normal() * 4], width: 0.2 + next() }));
  return Array.from({ length: count }, () => {
    const { at, width } = clusters[Math.floor(next() * clusters.length)];
    return at.map((v) => Math.round((v + normal() * width) * 1e4) / 1e4);
  });
}

/** Columns, rows and pages of the sprite of `count` tiles, as scatter-dataset lays them out. */
export function grid(count) {
  if (count > MOST[0] * MOST[1]) return { columns: MOST[0], rows: MOST[1], pages: Math.ceil(count / (MOST[0] * MOST[1])) };
  const square = Math.ceil(Math.sqrt((count * TILE[1]) / TILE[0]));
  const columns = Math.min(Math.max(square, Math.ceil(count / MOST[1])), MOST[0]);
  return { columns, rows: Math.ceil(count / columns), pages: 1 };
}

const page = (k) => (k === 0 ? 'sprite.jpg' : `sprite_${k}.jpg`);

/** The dataset's files by name; `sprite(columns, rows)` makes a page. */
export async function dataset(name, count, sprite) {
  const { columns, rows, pages } = grid(count);
  const places = points(count);
  const all = Array.from({ length: count }, (_, k) => k);
  const config = {
    formatVersion: 1, name, kind: 'clips', count, audioFile: null, spriteFile: page(0), projectionsFile: 'projections.json', imgDim: TILE[0],
    audio: { sampleRate: 16000, windowSamples: 15360, hopSamples: 15360, blockSize: 3840 },
    sprite: { tileWidth: TILE[0], tileHeight: TILE[1], columns, rows, pages: Array.from({ length: pages }, (_, k) => page(k)), floor: -7, ceiling: 2, unit: 'ln mel' },
    projections: [{ name: 'umap', dims: 3, params: {} }],
    columns: [],
  };
  const files = new Map();
  const full = await sprite(columns, rows);
  const last = Math.ceil((count - (pages - 1) * columns * rows) / columns);
  for (let k = 0; k < pages; k++) files.set(page(k), full);
  if (last < rows) files.set(page(pages - 1), await sprite(columns, last));
  files.set('config.json', JSON.stringify(config));
  files.set('projections.json', JSON.stringify({ idx: all, metadata: {}, projections: places, spherical: places }));
  return { files, points: places, tiles: columns * rows };
}
