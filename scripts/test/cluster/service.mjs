import { createServer } from 'node:http';

// What a service is for the cluster: an admin port that says when it is ready, and a drain on SIGTERM.
const { PARLEY_ADMIN_PORT, PARLEY_INSTANCE, TEST_FAILS } = process.env;
if (TEST_FAILS === PARLEY_INSTANCE) {
  console.error('PARLEY_X: must be y');
  process.exit(1);
}
const readyAt = Date.now() + 200;
createServer((request, response) => {
  const ready = request.url === '/readyz' && Date.now() >= readyAt;
  response.writeHead(ready ? 200 : 503).end(ready ? 'ok' : 'kafka: not yet');
}).listen(Number(PARLEY_ADMIN_PORT), '127.0.0.1', () => console.log(`${PARLEY_INSTANCE} listens`));
process.on('SIGTERM', () => {
  console.log('drained');
  process.exit(0);
});
