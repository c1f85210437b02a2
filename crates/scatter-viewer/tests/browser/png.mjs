// PNG as screenshots are: eight bits a channel, with or without alpha, not interlaced.
import { crc32, deflateSync, inflateSync } from 'node:zlib';

const SIGNATURE = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]);
/** Channels by the colour type of the header. */
const CHANNELS = { 2: 3, 6: 4 };

/** The picture as an RGBA array, with `read(x, y)`. */
export function decode(png) {
  if (!png.subarray(0, 8).equals(SIGNATURE)) throw new Error('this is no PNG');
  const parts = [];
  let width, height, channels;
  for (let at = 8; at < png.length;) {
    const length = png.readUInt32BE(at);
    const type = png.toString('latin1', at + 4, at + 8);
    const body = png.subarray(at + 8, at + 8 + length);
    if (type === 'IHDR') {
      [width, height] = [body.readUInt32BE(0), body.readUInt32BE(4)];
      channels = CHANNELS[body[9]];
      if (body[8] !== 8 || !channels || body[12] !== 0) throw new Error(`a PNG of another kind: ${[...body.subarray(8)]}`);
    }
    if (type === 'IDAT') parts.push(body);
    at += length + 12;
  }
  const pixels = unfilter(inflateSync(Buffer.concat(parts)), width, height, channels);
  const read = (x, y) => {
    const at = (Math.round(y) * width + Math.round(x)) * 4;
    return [pixels[at], pixels[at + 1], pixels[at + 2]];
  };
  return { width, pixels, read };
}

/** Of left, above and upper left the one that is nearest to left + above − upper left. */
function paeth(left, above, corner) {
  const guess = left + above - corner;
  const [a, b, c] = [Math.abs(guess - left), Math.abs(guess - above), Math.abs(guess - corner)];
  if (a <= b && a <= c) return left;
  return b <= c ? above : corner;
}

/** What each filter adds to a byte (PNG specification, section 9). */
const FILTERS = [
  () => 0,
  (left) => left,
  (_, above) => above,
  (left, above) => (left + above) >> 1,
  paeth,
];

function unfilter(bytes, width, height, channels) {
  const row = width * channels;
  const pixels = Buffer.alloc(width * height * 4, 255);
  let above = new Uint8Array(row);
  let here = new Uint8Array(row);
  for (let y = 0; y < height; y += 1) {
    const from = y * (row + 1);
    const added = FILTERS[bytes[from]];
    for (let i = 0; i < row; i += 1) {
      const before = i >= channels;
      here[i] = bytes[from + 1 + i] + added(before ? here[i - channels] : 0, above[i], before ? above[i - channels] : 0);
    }
    for (let x = 0; x < width; x += 1) {
      const to = (y * width + x) * 4;
      for (let c = 0; c < channels; c += 1) pixels[to + c] = here[x * channels + c];
    }
    [above, here] = [here, above];
  }
  return pixels;
}

/** A PNG of an RGBA array, without its alpha and without filters. */
export function encode(width, pixels) {
  const height = pixels.length / 4 / width;
  const rows = Buffer.alloc(height * (1 + width * 3));
  for (let i = 0; i < width * height; i += 1) {
    for (let c = 0; c < 3; c += 1) rows[Math.floor(i / width) + 1 + i * 3 + c] = pixels[i * 4 + c];
  }
  const chunk = (type, data) => {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
    const ends = Buffer.alloc(8);
    ends.writeUInt32BE(data.length, 0);
    ends.writeUInt32BE(crc32(body), 4);
    return Buffer.concat([ends.subarray(0, 4), body, ends.subarray(4)]);
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([SIGNATURE, chunk('IHDR', head), chunk('IDAT', deflateSync(rows, { level: 9 })), chunk('IEND', Buffer.alloc(0))]);
}
