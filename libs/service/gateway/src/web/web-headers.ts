import type { FastifyRequest } from 'fastify';

const HOST = /^[0-9A-Za-z.-]{1,253}(:\d{1,5})?$|^\[[0-9a-f:.]{2,45}\](:\d{1,5})?$/i;
/** Whether a Host header is a name and a port, and nothing that would mean something where it is put. */
export const isHost = (host: string | undefined): host is string => host !== undefined && HOST.test(host);
/** What a page may ask the person for. Whatever is not named here it may not use at all, nor may a frame in it. */
const POLICIES: Record<string, '(self)' | '()'> = {
  ...{ camera: '(self)', microphone: '(self)', 'display-capture': '(self)', geolocation: '(self)' },
  ...{ fullscreen: '(self)', autoplay: '(self)', 'picture-in-picture': '(self)', 'screen-wake-lock': '(self)' },
  ...{ 'clipboard-read': '(self)', 'clipboard-write': '(self)' },
  ...{ payment: '()', usb: '()', serial: '()', hid: '()', midi: '()', 'encrypted-media': '()' },
  ...{ accelerometer: '()', gyroscope: '()', magnetometer: '()', 'publickey-credentials-get': '()' },
};
const PERMISSIONS = Object.entries(POLICIES)
  .map(([feature, allowed]) => `${feature}=${allowed}`)
  .join(', ');

/**
 * Headers of the web client's files, and of nothing else. Scripts and styles come from files of ours only, so what gets into a message
 * cannot run; connections go home and to the object store.
 */
export class WebHeaders {
  private readonly stores: string;

  /** @param storeUrls where files go up and come down, where that is not this server under the name that the page was opened with */
  constructor(storeUrls: readonly (string | undefined)[]) {
    const origins = storeUrls.flatMap((url) => URL.parse(url ?? '')?.origin ?? []);
    this.stores = [...new Set(origins)].map((origin) => ` ${origin}`).join('');
  }

  of(request: FastifyRequest): Record<string, string> {
    return {
      'content-security-policy': this.contentPolicy(request.host),
      'permissions-policy': PERMISSIONS,
      'cross-origin-resource-policy': 'same-origin',
      'cross-origin-opener-policy': 'same-origin',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    };
  }

  private contentPolicy(host: string | undefined): string {
    // Older browsers do not count websockets as `self`.
    const sockets = isHost(host) ? ` ws://${host} wss://${host}` : '';
    const media = `'self' blob: data:${this.stores}`;
    return [
      "default-src 'self'",
      "script-src 'self'",
      "style-src 'self'",
      `img-src ${media}`,
      `media-src ${media}`,
      `connect-src 'self'${sockets}${this.stores}`,
      "worker-src 'self' blob:",
      "object-src 'none'",
      "frame-src 'none'",
      "base-uri 'none'",
      "form-action 'self'",
      "frame-ancestors 'none'",
    ].join('; ');
  }
}
