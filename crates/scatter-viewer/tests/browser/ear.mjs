// What a page gives to the loudspeakers: what each source is asked to play, and what is heard in the end.
import { pack, unpack } from './packing.mjs';

/** Runs in a page before anything else: writes down what every source is asked to play. */
export function record() {
  window.played = [];
  const { get } = Object.getOwnPropertyDescriptor(BaseAudioContext.prototype, 'currentTime');
  window.clock = (context) => get.call(context);
  let panner = null;
  const create = BaseAudioContext.prototype.createStereoPanner;
  BaseAudioContext.prototype.createStereoPanner = function () {
    panner = create.call(this);
    return panner;
  };
  const start = AudioBufferSourceNode.prototype.start;
  AudioBufferSourceNode.prototype.start = function (when, offset, duration) {
    // The silence that iOS wants within a gesture.
    if (this.buffer.length === 1) return start.call(this, when, offset, duration);
    const entry = {
      when,
      now: this.context.currentTime,
      clock: performance.now(),
      latency: this.context.baseLatency,
      speed: this.playbackRate.value,
      samples: Int32Array.from(this.buffer.getChannelData(0), (s) => Math.round(s * 32768)),
      rate: this.buffer.sampleRate,
      contextRate: this.context.sampleRate,
      offset,
      duration,
      loop: this.loop,
      loopStart: this.loopStart,
      loopEnd: this.loopEnd,
      pan: panner?.pan.value,
      stopped: false,
      ended: false,
    };
    this.addEventListener('ended', () => { Object.assign(entry, { ended: true, endedClock: performance.now() }); });
    window.played.push(entry);
    const stop = this.stop;
    this.stop = function (...values) {
      entry.stopped = true;
      entry.toldAt = window.clock(this.context);
      entry.toldClock = performance.now();
      entry.stopAt = values[0] ?? entry.toldAt;
      return stop.apply(this, values);
    };
    return start.call(this, when, offset, duration);
  };
}

/** What was given to the loudspeakers so far, samples as 16-bit integers. */
export async function played(page) {
  const entries = await page.evaluate(() => window.played.map((entry) => ({ ...entry, samples: window.pack(entry.samples) })));
  return entries.map((entry) => ({ ...entry, samples: Array.from(unpack(entry.samples, Int32Array)) }));
}

/** Samples of a FLAC file of `data`, decoded by a page of their own that knows nothing of the viewer. */
export async function decodeSound(browser, bytes) {
  const page = await browser.newPage();
  await page.route('http://decoder.test/**', (route) =>
    route.fulfill(route.request().url().endsWith('.flac') ? { body: bytes } : { body: '<!doctype html>', contentType: 'text/html' }));
  await page.goto('http://decoder.test/');
  await page.evaluate(pack);
  const text = await page.evaluate(async () => {
    const file = await (await fetch('/a.flac')).arrayBuffer();
    const sound = await new OfflineAudioContext(1, 1, 16000).decodeAudioData(file);
    return window.pack(Int16Array.from(sound.getChannelData(0), (s) => Math.round(s * 32768)));
  });
  await page.close();
  return unpack(text, Int16Array);
}

/**
 * Runs an ear behind the loudspeakers of `page`, which must not have been woken yet: everything that they are given is
 * kept, sample by sample. The page needs `bypassCSP: true`: its own policy lets no such script in. `(await heard(page)).left` and `.right` are it so far, `.gaps` what is missing.
 */
export async function listenIn(page) {
  const processor = `registerProcessor('ear', class extends AudioWorkletProcessor {
    process([input]) {
      const silence = new Float32Array(128);
      this.port.postMessage([currentFrame, input[0] ?? silence, input[1] ?? input[0] ?? silence]);
      return true;
    }
  });`;
  await page.evaluate((source) => {
    window.ear = [];
    const module = URL.createObjectURL(new Blob([source], { type: 'text/javascript' }));
    const connect = AudioNode.prototype.connect;
    AudioNode.prototype.connect = function (to, ...more) {
      if (to instanceof AudioDestinationNode && to.context instanceof AudioContext && !window.hearing) {
        const context = to.context;
        window.context = context;
        window.hearing = context.audioWorklet.addModule(module).then(() => {
          const ear = new AudioWorkletNode(context, 'ear', { channelCount: 2, channelCountMode: 'explicit' });
          ear.port.onmessage = ({ data }) => window.ear.push(data);
          connect.call(this, ear);
          connect.call(ear, to);
        });
      }
      return connect.call(this, to, ...more);
    };
  }, processor);
}

/** Keeps `page` busy for up to `most` milliseconds whenever it has looked at the audio clock, as a crowded machine may. */
export const keepBusy = (page, most) => page.evaluate((most) => {
  Object.defineProperty(BaseAudioContext.prototype, 'currentTime', {
    get() {
      const [now, until] = [window.clock(this), performance.now() + Math.random() * most];
      while (performance.now() < until);
      return now;
    },
  });
}, most);

/** The greatest step from one sample to the next, but where a busy machine left some out. */
export const steepest = (samples, gaps = []) =>
  samples.reduce((most, v, i) => (i && !gaps.includes(i) ? Math.max(most, Math.abs(v - samples[i - 1])) : most), 0);

/** What `listenIn` kept, in order, from the first sample on; `gaps` are places where a block is missing. */
export async function heard(page) {
  // A new ear misses a block among its first.
  const packed = await page.evaluate(() => {
    const blocks = window.ear.slice(8);
    const side = (k) => {
      const samples = new Float32Array(blocks.length * 128);
      blocks.forEach((block, at) => samples.set(block[k], at * 128));
      return window.pack(samples);
    };
    return { frames: blocks.map(([frame]) => frame), left: side(1), right: side(2) };
  });
  const { frames } = packed;
  const [left, right] = [packed.left, packed.right].map((text) => Array.from(unpack(text, Float32Array)));
  const gaps = frames.flatMap((frame, k) => (k && frame !== frames[k - 1] + 128 ? [k * 128] : []));
  const place = (sample) => frames.indexOf(sample - (sample % 128)) * 128 + (sample % 128);
  return { left, right, gaps, place };
}
