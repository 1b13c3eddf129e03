import { encode } from 'blurhash';
import sharp from 'sharp';

/** What the parent sends, one at a time. */
export interface ImageJob {
  image: Uint8Array;
  edge: number;
  maxPixels: number;
}

/** `broken`: why nothing can be made of it, for the log. */
export type ImageAnswer = { webp: Uint8Array; width: number; height: number; blurhash: string } | { broken: string };

/** Enough for a hash of 4 by 3 components. */
const BLURRED_EDGE = 32;
/** What is told apart by content before it comes here; of all that libvips reads, nothing else is ever opened. */
const LOADERS = ['Jpeg', 'Png', 'Nsgif', 'Webp', 'Heif'].map((name) => `VipsForeignLoad${name}`);

sharp.cache(false);
sharp.concurrency(1);
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({ operation: LOADERS });

async function picture({ image, edge, maxPixels }: ImageJob): Promise<ImageAnswer> {
  const source = sharp(image, { limitInputPixels: maxPixels, failOn: 'error' });
  // Before anything is decoded: a header that promises too much ends here.
  const { autoOrient: shown } = await source.metadata();
  const resized = source.autoOrient().resize({ width: edge, height: edge, fit: 'inside', withoutEnlargement: true });
  // Metadata are left out unless asked for: no place, no camera, no profile. Colours are converted to sRGB.
  const webp = await resized.webp({ quality: 80, effort: 3 }).toBuffer();
  return { webp, width: shown.width, height: shown.height, blurhash: await blurhash(webp) };
}

async function blurhash(webp: Uint8Array): Promise<string> {
  const tiny = sharp(webp).resize({
    width: BLURRED_EDGE,
    height: BLURRED_EDGE,
    fit: 'inside',
    withoutEnlargement: true,
  });
  const { data, info } = await tiny.ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  const wide = info.width >= info.height;
  return encode(new Uint8ClampedArray(data), info.width, info.height, wide ? 4 : 3, wide ? 3 : 4);
}

process.on('message', (job: ImageJob) => {
  void picture(job)
    .catch((error: unknown): ImageAnswer => ({ broken: error instanceof Error ? error.message : String(error) }))
    .then((answer) => process.send?.(answer));
});
// Ctrl-C goes to the whole group: the parent finishes what it began, and then lets go.
process.on('SIGINT', () => undefined);
process.on('disconnect', () => process.exit(0));
