import type { AttachmentKind } from './attachments';

/** Pixels, milliseconds and the picture of the sound, as the content of a message has them. */
export interface Measured {
  width?: number;
  height?: number;
  durationMs?: number;
  waveform?: number[];
}

const PATIENCE_MS = 8000;

/** Reads a file as the browser does; undefined where it cannot. */
export async function measureFile(file: Blob, kind: AttachmentKind): Promise<Measured | undefined> {
  try {
    if (kind === 'image') return await picture(file);
    return kind === 'file' ? undefined : await track(file, kind);
  } catch {
    return undefined;
  }
}

async function picture(file: Blob): Promise<Measured> {
  const bitmap = await createImageBitmap(file);
  const { width, height } = bitmap;
  bitmap.close();
  return { width, height };
}

function track(file: Blob, kind: 'audio' | 'video'): Promise<Measured | undefined> {
  const url = URL.createObjectURL(file);
  const element = document.createElement(kind);
  element.preload = 'metadata';
  return new Promise<Measured | undefined>((resolve) => {
    const timer = setTimeout(resolve, PATIENCE_MS, undefined);
    const done = (): void => {
      clearTimeout(timer);
      const durationMs = Math.round(element.duration * 1000);
      const size =
        element instanceof HTMLVideoElement ? { width: element.videoWidth, height: element.videoHeight } : {};
      resolve(Number.isFinite(durationMs) ? { durationMs, ...size } : undefined);
    };
    element.onerror = () => resolve(undefined);
    element.onloadedmetadata = () => {
      if (Number.isFinite(element.duration)) return done();
      // Recordings of browsers do not say how long they are; going beyond the end finds it out.
      element.ondurationchange = () => Number.isFinite(element.duration) && done();
      element.currentTime = Number.MAX_SAFE_INTEGER;
    };
    element.src = url;
  }).finally(() => {
    element.removeAttribute('src');
    URL.revokeObjectURL(url);
  });
}
