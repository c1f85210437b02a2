// What both pages need, on a free port of this machine: the built viewer, the made maps, and scatter-gl's page.
import { createReadStream, existsSync } from 'node:fs';
import { createServer } from 'node:http';
import { dirname, extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.wasm': 'application/wasm', '.css': 'text/css', '.svg': 'image/svg+xml', '.json': 'application/json', '.jpg': 'image/jpeg' };

const SCRIPTS = {
  '/scatter-gl/three.js': 'node_modules/three/build/three.min.js',
  '/scatter-gl/library.js': 'node_modules/scatter-gl/lib/scatter-gl.min.js',
  '/scatter-gl/show.js': 'scatter_gl.js',
};
const PAGE = `<!doctype html><style>html,body,div{margin:0;width:100vw;height:100vh;overflow:hidden}</style><div id="plot"></div>
${Object.keys(SCRIPTS).map((path) => `<script src="${path}"></script>`).join('')}`;

/** Serves `maps`, which hold files by dataset and name and may still grow; resolves to the address. */
export async function serve(maps) {
  const web = join(here, '../../web');
  const server = createServer((request, response) => {
    const path = normalize(decodeURIComponent(new URL(request.url, 'http://bench').pathname));
    const send = (body, name) => response.setHeader('content-type', TYPES[extname(name)] ?? 'application/octet-stream').end(body);
    if (path === '/scatter-gl/') return send(PAGE, 'index.html');
    const script = SCRIPTS[path];
    if (script) {
      response.setHeader('content-type', TYPES['.js']);
      return createReadStream(join(here, script)).pipe(response);
    }
    const [, top, name, file] = path.split('/');
    const body = top === 'data' && maps.get(name)?.files.get(file);
    if (body) return send(body, file);
    const local = join(web, path.slice('/web'.length));
    if (top === 'web' && existsSync(local)) {
      response.setHeader('content-type', TYPES[extname(local)] ?? 'application/octet-stream');
      return createReadStream(local).pipe(response);
    }
    return response.writeHead(404).end('no such file');
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  return { origin: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}
