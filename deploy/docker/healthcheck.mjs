// node healthcheck.mjs /healthz|/readyz: exit code 0 when the service in this container says so.
const port = process.env.PARLEY_ADMIN_PORT || '9090';
try {
  const response = await fetch(`http://127.0.0.1:${port}${process.argv[2]}`, { signal: AbortSignal.timeout(4_000) });
  if (!response.ok) console.error(`${response.status} ${await response.text()}`);
  process.exitCode = response.ok ? 0 : 1;
} catch (error) {
  console.error(error.cause?.message ?? error.message);
  process.exitCode = 1;
}
