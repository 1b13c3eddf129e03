import { askMinio } from '../ask/http.mjs';
import { GO, install } from '../get/golang.mjs';

const ACCESS_KEY = 'parley';
const REGION = 'us-east-1';
/** RELEASE.2026-02-12. Releases carry no version that Go understands, so it is named by its commit. */
const MODULE = 'github.com/minio/minio@v0.0.0-20260212201848-7aac2a2c5b7c';

/** MinIO on one folder. Takes two ports: S3, and the console. */
export const s3 = {
  name: 's3',
  title: 'MinIO',
  system: [],
  cached: { path: 'minio', stamp: MODULE },
  tools: [GO],
  version: 'RELEASE.2026-02-12',
  stopWithinMs: 15_000,
  readyWithinMs: 60_000,
  get: (context) => install(context, { module: MODULE, binary: 'minio' }),
  command: ({ layout, ports, secrets }) => ({
    command: layout.bin('minio'),
    args: [
      'server',
      '--address',
      `127.0.0.1:${ports.s3}`,
      '--console-address',
      `127.0.0.1:${ports.s3 + 1}`,
      layout.data('s3'),
    ],
    env: {
      MINIO_ROOT_USER: ACCESS_KEY,
      MINIO_ROOT_PASSWORD: secrets.s3,
      MINIO_REGION: REGION,
      // It asks for updates at every start, and waits when nobody answers.
      MINIO_UPDATE: 'off',
      MINIO_BROWSER_REDIRECT: 'off',
    },
  }),
  /** Where the edge is up as well, it replaces the public address. */
  describe: ({ ports, secrets }) => {
    const endpoint = `http://127.0.0.1:${ports.s3}`;
    return { s3: { endpoint, publicUrl: endpoint, accessKey: ACCESS_KEY, secretKey: secrets.s3, region: REGION } };
  },
  ask: ({ s3: place }) => askMinio(place),
  address: ({ s3: place }) => new URL(place.endpoint).host,
};
