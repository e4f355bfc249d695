import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { Hono } from 'hono';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.map': 'application/json',
  '.woff2': 'font/woff2',
};
/** Names that the build gives the start page. */
const START_PAGES = ['index.html', 'app.html'];

/** The built pages: the files of one folder, read once, by their names only. */
export function pagesApp(folder: string): Hono {
  const app = new Hono();
  const files = existsSync(folder)
    ? readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile() && extname(entry.name) in TYPES)
    : [];
  const start = START_PAGES.find((name) => files.some((file) => file.name === name));
  for (const { name } of files) {
    const body = readFileSync(join(folder, name));
    const tag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
    const type = TYPES[extname(name)] as string;
    // asked for each time, and sent only when it is another one: after an update nobody sees old pages
    const headers = { 'content-type': type, 'cache-control': 'no-cache', etag: tag };
    app.get(name === start ? '/' : `/${name}`, (c) =>
      c.req.header('if-none-match') === tag ? c.body(null, 304, headers) : c.body(new Uint8Array(body), 200, headers),
    );
  }
  if (start === undefined) app.get('/', (c) => c.text('The pages are not built: run `npm run build`. The API is at /api/v1.\n', 404));
  return app;
}
