import { z } from 'zod';
import { boundedJson, fits } from './bounded-json.js';
import { id, text, timestamp } from './common.js';

const MAX_KIB = 16;
const MAX_TEXT_BYTES = MAX_KIB * 1024;

const uint = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
const fileContent = { fileId: id, caption: text(1000).optional() };
const item = z.strictObject({ senderName: text(100), sentAt: timestamp, type: z.string().max(20), text: text(4000) });

/** What each message type holds. Unknown fields are refused. */
export const contents = {
  text: z.strictObject({
    text: text(MAX_TEXT_BYTES, 1).refine((value) => fits(value, MAX_TEXT_BYTES), {
      message: 'must be at most 16 KiB of UTF-8',
      params: { code: 'limit.size' },
    }),
  }),
  image: z.strictObject({ ...fileContent, width: uint, height: uint, blurhash: z.string().max(100).optional() }),
  file: z.strictObject({ ...fileContent, name: text(255, 1), size: uint }),
  audio: z.strictObject({
    ...fileContent,
    durationMs: uint,
    waveform: z.array(z.number().min(0).max(1)).max(200).optional(),
  }),
  video: z.strictObject({ ...fileContent, durationMs: uint, width: uint, height: uint }),
  location: z.strictObject({
    lat: z.number().min(-90).max(90),
    lon: z.number().min(-180).max(180),
    title: text(200).optional(),
  }),
  contact: z.strictObject({ userId: id }),
  merged: z.strictObject({ title: text(200), items: z.array(item).min(1).max(100) }),
  custom: z.strictObject({ kind: z.string().min(1).max(64), data: boundedJson(MAX_KIB) }),
} as const;

export type MessageType = keyof typeof contents;
export const messageTypes = Object.keys(contents) as MessageType[];
/** Types whose content names a file, which the members of the conversation may then read. */
export const fileMessageTypes: ReadonlySet<string> = new Set<MessageType>(['image', 'file', 'audio', 'video']);
