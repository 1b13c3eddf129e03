import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { at } from '../../lib/root.mjs';
import { askEdge } from '../ask/http.mjs';

const TEMPLATE = at('deploy/object-edge/nginx.conf.template');
/** A pattern, for here every test has a bucket of its own; where Parley is at home it is the name of the one bucket. */
const ANY_BUCKET = '[a-z0-9][a-z0-9-]{1,61}[a-z0-9]';
/** As much as S3 takes in one request. */
const MOST_BYTES = 5 * 1024 ** 3;

/** As nginx' own image does it: only these names are replaced, what else begins with a dollar is nginx' own variable. */
export const rendered = (template, values) =>
  template.replace(/\$\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole));

/** nginx in front of MinIO, that lets signed requests in and nothing else: the way that clients take. Takes one port. */
export const edge = {
  name: 'edge',
  title: 'Object edge (nginx)',
  needs: ['s3'],
  system: [{ command: 'nginx', package: 'nginx' }],
  version: { command: ['nginx', '-v'], pattern: /nginx\/([\d.]+)/ },
  stopWithinMs: 5_000,
  readyWithinMs: 20_000,
  async prepare({ layout, ports }) {
    const folder = layout.data('edge');
    mkdirSync(folder, { recursive: true });
    const text = rendered(readFileSync(TEMPLATE, 'utf8'), {
      EDGE_PORT: `127.0.0.1:${ports.edge}`,
      EDGE_RUN_DIR: folder,
      S3_UPSTREAM: `127.0.0.1:${ports.s3}`,
      S3_BUCKET: ANY_BUCKET,
      ALLOWED_ORIGINS: '*',
      MAX_BODY_BYTES: String(MOST_BYTES),
    });
    writeFileSync(join(folder, 'nginx.conf'), text);
  },
  command: ({ layout }) => {
    const folder = layout.data('edge');
    // Its workers would be nobody, who may have no way into our folder.
    const user = process.getuid?.() === 0 ? ' user root;' : '';
    return {
      command: 'nginx',
      args: ['-p', folder, '-e', 'stderr', '-c', join(folder, 'nginx.conf'), '-g', `daemon off;${user}`],
    };
  },
  describe: ({ ports }) => ({ s3: { publicUrl: `http://127.0.0.1:${ports.edge}` } }),
  /** Without it the way to the store is the store. */
  withdraw(places) {
    if (places.s3 !== undefined) places.s3 = { ...places.s3, publicUrl: places.s3.endpoint };
  },
  isSaidIn: ({ s3: place }) => place.publicUrl !== place.endpoint,
  ask: ({ s3: place }) => askEdge(place),
  address: ({ s3: place }) => new URL(place.publicUrl).host,
};
