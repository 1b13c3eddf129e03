import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { at } from '../../lib/root.mjs';
import { askEdge } from '../ask/http.mjs';

const TEMPLATE = at('deploy/object-edge/nginx.conf.template');

/** As nginx' own image does it: only these names are replaced, what else begins with a dollar is nginx' own variable. */
export const rendered = (template, values) =>
  template.replace(/\$\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole));

/** A whole configuration around what the image of nginx includes from conf.d. All that it writes lies in its own folder. */
const around = (root) => `
${process.getuid?.() === 0 ? 'user root;' : ''}
worker_processes 1;
pid ${join(root, 'nginx.pid')};
error_log stderr warn;
events { worker_connections 1024; }
http {
  access_log off;
  client_body_temp_path ${join(root, 'tmp')};
  proxy_temp_path ${join(root, 'tmp')};
  fastcgi_temp_path ${join(root, 'tmp')};
  uwsgi_temp_path ${join(root, 'tmp')};
  scgi_temp_path ${join(root, 'tmp')};
  include ${join(root, 'edge.conf')};
}
`;

/** nginx in front of MinIO, that lets signed requests in and nothing else: the way that clients take. Takes one port. */
export const edge = {
  name: 'edge',
  title: 'Object edge (nginx)',
  needs: ['s3'],
  system: [{ command: 'nginx', package: 'nginx' }],
  version: { command: ['nginx', '-v'], pattern: /nginx\/([\d.]+)/ },
  stopWithinMs: 5_000,
  readyWithinMs: 20_000,
  /** Without it clients go to MinIO itself. */
  isThere: () => existsSync(TEMPLATE),
  async prepare({ layout, ports }) {
    const root = layout.data('edge');
    mkdirSync(join(root, 'tmp'), { recursive: true });
    const values = { S3_UPSTREAM: `127.0.0.1:${ports.s3}`, EDGE_PORT: String(ports.edge) };
    writeFileSync(join(root, 'edge.conf'), rendered(readFileSync(TEMPLATE, 'utf8'), values));
    writeFileSync(join(root, 'nginx.conf'), around(root));
  },
  command: ({ layout }) => {
    const root = layout.data('edge');
    return {
      command: 'nginx',
      args: ['-p', root, '-e', 'stderr', '-c', join(root, 'nginx.conf'), '-g', 'daemon off;'],
    };
  },
  describe: ({ ports }) => ({ s3: { publicUrl: `http://127.0.0.1:${ports.edge}` } }),
  isSaidIn: ({ s3: place }) => place.publicUrl !== place.endpoint,
  ask: ({ s3: place }) => askEdge(place),
  address: ({ s3: place }) => new URL(place.publicUrl).host,
};
