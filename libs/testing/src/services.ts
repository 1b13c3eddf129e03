/** Every process of the product, by the folder of its app. */
export const SERVICES = [
  'identity',
  'conversation',
  'message',
  'delivery',
  'presence',
  'file',
  'media-signal',
  'api-gateway',
] as const;
export type Service = (typeof SERVICES)[number];
