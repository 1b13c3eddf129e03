const TIMEOUT_MS = 3_000;

async function get(url) {
  const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS), redirect: 'manual' }).catch((error) => {
    throw new Error(error.cause?.message ?? error.message);
  });
  return { status: response.status, body: await response.text() };
}

async function ok(url) {
  const { status, body } = await get(url);
  if (status !== 200) throw new Error(`${url} answers ${status}`);
  return body;
}

/** Ready to write, not only alive. */
export const askMinio = ({ endpoint }) => ok(`${endpoint}/minio/health/cluster`);

/** A registry without a leader answers, but takes no registration. */
export async function askConsul({ url }) {
  const leader = await ok(`${url}/v1/status/leader`);
  if (leader.trim() === '""') throw new Error('Consul has no leader yet');
  // The agent joins the catalogue some moments after the election; until then it knows no service.
  const nodes = JSON.parse(await ok(`${url}/v1/catalog/nodes`));
  if (nodes.length === 0) throw new Error('Consul has no node in its catalogue yet');
}

export const askToxiproxy = ({ url }) => ok(`${url}/version`);

/** Whatever the edge says, it is the edge that says it: it refuses what is not signed. A 502 to 504 means that the store behind is gone. */
export async function askEdge({ publicUrl }) {
  const { status } = await get(`${publicUrl}/`);
  if (status >= 502 && status <= 504) throw new Error(`${publicUrl} answers ${status}: the store behind it does not`);
}
