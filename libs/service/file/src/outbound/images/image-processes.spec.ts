import { execFileSync } from 'node:child_process';
import { decode } from 'blurhash';
import sharp from 'sharp';
import { afterAll, describe, expect, it } from 'vitest';
import { ImageProcesses } from './image-processes.js';

const code = (expected: string) => expect.objectContaining({ code: expected });

/** Left half red, right half blue. */
async function halves(width: number, height: number) {
  const blue = await sharp({ create: { width: width / 2, height, channels: 3, background: 'blue' } })
    .png()
    .toBuffer();
  return sharp({ create: { width, height, channels: 3, background: 'red' } }).composite([
    { input: blue, left: width / 2, top: 0 },
  ]);
}

async function pixel(webp: Uint8Array, left: number, top: number): Promise<'red' | 'blue'> {
  const [r = 0, , b = 0] = await sharp(webp).extract({ left, top, width: 1, height: 1 }).raw().toBuffer();
  return r > b ? 'red' : 'blue';
}

describe('pictures made in processes of their own', () => {
  const troubles: string[] = [];
  const options = { atOnce: 2, maxPixels: 4_000_000, onTrouble: (line: string) => troubles.push(line) };
  const pictures = new ImageProcesses(options);
  const make = (image: Uint8Array, edge = 64) => pictures.make(async () => image, edge);
  afterAll(() => pictures.stop());

  it.each(['png', 'jpeg', 'webp', 'gif', 'avif'] as const)('shrinks a %s and says what it looks like', async (type) => {
    const image = await (await halves(400, 200)).toFormat(type).toBuffer();
    const { webp, width, height, blurhash } = await make(image);
    expect({ width, height }).toEqual({ width: 400, height: 200 });
    expect(await sharp(webp).metadata()).toMatchObject({ format: 'webp', width: 64, height: 32 });
    expect([await pixel(webp, 8, 16), await pixel(webp, 56, 16)]).toEqual(['red', 'blue']);
    const blurred = decode(blurhash, 8, 4);
    expect(blurred[0]).toBeGreaterThan(blurred[2] as number);
    expect(blurred[28]).toBeLessThan(blurred[30] as number);
  });

  it('turns it the way it is shown and keeps nothing of camera and place', async () => {
    const image = await (await halves(400, 200))
      .withMetadata({ orientation: 6 })
      .withExifMerge({ IFD0: { Make: 'A camera' }, IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '51/1 30/1 0/1' } })
      .jpeg()
      .toBuffer();
    expect((await sharp(image).metadata()).exif?.includes('A camera')).toBe(true);
    const { webp, width, height } = await make(image);
    expect({ width, height }).toEqual({ width: 200, height: 400 });
    const found = await sharp(webp).metadata();
    expect(found).toMatchObject({ width: 32, height: 64 });
    for (const name of ['exif', 'icc', 'xmp', 'iptc', 'orientation'] as const)
      expect(found[name], name).toBeUndefined();
    expect([await pixel(webp, 16, 8), await pixel(webp, 16, 56)]).toEqual(['red', 'blue']);
  });

  it('never enlarges, and takes the first frame of what moves', async () => {
    const small = await make(await (await halves(20, 10)).png().toBuffer(), 1280);
    expect(await sharp(small.webp).metadata()).toMatchObject({ width: 20, height: 10 });
    const frames = [
      await (await halves(40, 20)).png().toBuffer(),
      await (await halves(40, 20)).negate().png().toBuffer(),
    ];
    const moving = await sharp(frames, { join: { animated: true } })
      .gif()
      .toBuffer();
    expect((await sharp(moving).metadata()).pages).toBe(2);
    const { webp, width, height } = await make(moving);
    expect({ width, height }).toEqual({ width: 40, height: 20 });
    expect((await sharp(webp).metadata()).pages ?? 1).toBe(1);
    expect(await pixel(webp, 4, 10)).toBe('red');
  });

  it('refuses what is broken, what is none of ours, and what would fill the memory', async () => {
    const whole = await (await halves(400, 200)).jpeg().toBuffer();
    const huge = await sharp({ create: { width: 3000, height: 3000, channels: 3, background: 'red' } })
      .png()
      .toBuffer();
    const svg = Buffer.from(
      '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>',
    );
    const broken = [whole.subarray(0, whole.length / 2), Buffer.alloc(500, 7), Buffer.alloc(0), svg, huge];
    for (const image of [...broken, await (await halves(40, 20)).tiff().toBuffer()])
      await expect(make(image)).rejects.toEqual(code('file.no_thumbnail'));
    expect(troubles).toHaveLength(6);
    expect((await make(whole)).width).toBe(400);
  });

  it('does two at once, lets others wait, and refuses when too many do', async () => {
    const image = await (await halves(400, 200)).png().toBuffer();
    let [now, most] = [0, 0];
    const read = async () => {
      most = Math.max(most, (now += 1));
      await new Promise((resolve) => setTimeout(resolve, 1));
      now -= 1;
      return image;
    };
    const outcomes = await Promise.allSettled(Array.from({ length: 70 }, () => pictures.make(read, 64)));
    expect(outcomes.filter((one) => one.status === 'fulfilled')).toHaveLength(66);
    const refused = outcomes.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
    expect(refused).toEqual(Array.from({ length: 4 }, () => code('server.busy')));
    expect(most).toBeLessThanOrEqual(2);
  });

  it('goes on when a process is killed in the middle or while it waits, and blames the image for crashes only', async () => {
    const lonely = new ImageProcesses({ ...options, atOnce: 1 });
    const image = await (await halves(1600, 1600)).png({ compressionLevel: 0 }).toBuffer();
    const others = new Set(decoders());
    const own = () => decoders().filter((pid) => !others.has(pid));
    const killed = async (signal: NodeJS.Signals) => {
      const making = lonely.make(async () => {
        const [pid] = own();
        if (pid !== undefined) setTimeout(() => process.kill(pid, signal), 5);
        return image;
      }, 1280);
      return making.then(
        () => 'made',
        (error: { code: string }) => error.code,
      );
    };
    expect(await killed('SIGKILL')).toBe('made');
    const [idle] = own();
    process.kill(idle as number, 'SIGKILL');
    expect((await lonely.make(async () => image, 64)).width).toBe(1600);
    expect(await killed('SIGKILL')).toBe('made');
    expect(await killed('SIGSEGV')).toBe('file.no_thumbnail');
    expect((await lonely.make(async () => image, 64)).width).toBe(1600);
    lonely.stop();
  });
});

/** Of this process. */
function decoders(): number[] {
  const lines = execFileSync('ps', ['-o', 'pid=,args=', '--ppid', String(process.pid)], { encoding: 'utf8' }).split(
    '\n',
  );
  return lines.filter((line) => line.includes('image-process.js')).map((line) => Number.parseInt(line, 10));
}
