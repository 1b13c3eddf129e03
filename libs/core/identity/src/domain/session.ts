import { invalid } from './identity.errors.js';

/** One login of one device. Its id is in every access token; refresh tokens are its chain of generations. */
export interface Session {
  sessionId: string;
  userId: string;
  deviceId: string;
  deviceName: string;
  platform: string;
  /** Where it was opened or last refreshed from; shown to its owner only. */
  address: string;
  createdAt: number;
  lastUsedAt: number;
  /** Absolute: no refresh goes beyond it. */
  expiresAt: number;
  /** The highest generation of refresh tokens that was used; 0 before the first refresh. */
  usedGeneration: number;
  /** Marks refresh tokens as made by us, so that a used-up one is told from an invented one. Opens nothing by itself. */
  refreshKey: string;
  revokedAt?: number;
  /** Published error code that says why. */
  revokedCode?: string;
}

export interface DeviceInput {
  /** Empty: the server makes one. */
  deviceId: string;
  name: string;
  platform: string;
}

const DEVICE_ID = /^[\x21-\x7e]{1,64}$/;
const TEXT_MAX = 100;

export function checkDevice(device: DeviceInput): DeviceInput {
  if (device.deviceId !== '' && !DEVICE_ID.test(device.deviceId))
    throw invalid({ path: 'device.deviceId', message: 'must be 1 to 64 printable ASCII characters without spaces' });
  for (const [path, text] of [
    ['device.name', device.name],
    ['device.platform', device.platform],
  ] as const)
    if (text.length > TEXT_MAX || !text.isWellFormed() || /\p{Cc}/u.test(text))
      throw invalid({ path, message: `must be at most ${TEXT_MAX} printable characters` });
  return device;
}

export function isLive(session: Session, now: number): boolean {
  return session.revokedAt === undefined && session.expiresAt > now;
}
