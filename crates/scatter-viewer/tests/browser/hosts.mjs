// Two plain hosts for a folder of files: one that knows no Range, and one that does.
import { spawn } from 'node:child_process';
import { createReadStream, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize, sep } from 'node:path';

/** Python's own: it answers every request with the whole file. Null where there is no Python. */
export async function withoutRange(folder) {
  const child = spawn('python3', ['-u', '-m', 'http.server', '0', '--bind', '127.0.0.1', '--directory', folder], { stdio: ['ignore', 'pipe', 'ignore'] });
  const line = await new Promise((done) => {
    let text = '';
    child.on('error', () => done(''));
    child.on('exit', () => done(''));
    child.stdout.on('data', (data) => {
      text += data;
      if (text.includes('\n')) done(text);
    });
  });
  const port = line.match(/port (\d+)/)?.[1];
  return port ? { origin: `http://127.0.0.1:${port}`, partial: () => 0, end: () => child.kill() } : null;
}

const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.wasm': 'application/wasm', '.json': 'application/json', '.svg': 'image/svg+xml', '.jpg': 'image/jpeg', '.flac': 'audio/flac' };

/** One that answers Range, and counts how often it did. */
export async function withRange(folder) {
  let parts = 0;
  const server = createServer((request, response) => {
    let path = join(folder, normalize(decodeURIComponent(new URL(request.url, 'http://host').pathname)));
    if (path.endsWith(sep)) path = join(path, 'index.html');
    let size;
    try {
      size = statSync(path).size;
    } catch {
      response.writeHead(404).end('no such file');
      return;
    }
    const head = { 'content-type': TYPES[extname(path)] ?? 'application/octet-stream', 'accept-ranges': 'bytes' };
    const [, from, to] = request.headers.range?.match(/^bytes=(\d+)-(\d*)$/) ?? [];
    if (from === undefined) {
      response.writeHead(200, { ...head, 'content-length': size });
      createReadStream(path).pipe(response);
      return;
    }
    const [start, end] = [Number(from), Math.min(to ? Number(to) : size - 1, size - 1)];
    if (start > end) {
      response.writeHead(416, { ...head, 'content-range': `bytes */${size}` }).end();
      return;
    }
    parts += 1;
    response.writeHead(206, { ...head, 'content-range': `bytes ${start}-${end}/${size}`, 'content-length': end - start + 1 });
    createReadStream(path, { start, end }).pipe(response);
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  return { origin: `http://127.0.0.1:${server.address().port}`, partial: () => parts, end: () => server.close() };
}
