// Shows index.html:   node examples/web/serve.mjs [PORT]      (PARLEY_URL names the server, http://localhost:8080 where not said)
// Made for reading: any web server that has index.html and parley-client.js side by side will do.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { bundleClient } from '../../scripts/lib/client-bundle.mjs';

const port = Number(process.argv[2] ?? 8090);
const server = process.env.PARLEY_URL ?? 'http://localhost:8080';
const page = readFileSync(new URL('index.html', import.meta.url), 'utf8').replace(
  '<html ',
  `<html data-server="${encodeURI(server)}" `,
);
const files = {
  '/': ['text/html; charset=utf-8', page],
  '/parley-client.js': ['text/javascript; charset=utf-8', await bundleClient({ withSocket: true })],
};

createServer((request, response) => {
  const [type, body] = files[request.url] ?? [];
  if (type === undefined) response.writeHead(404).end();
  else response.writeHead(200, { 'content-type': type, 'cache-control': 'no-store' }).end(body);
}).listen(port, () => console.log(`http://localhost:${port} talks to ${server}`));
