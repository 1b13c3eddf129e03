import { levelOf, waveformOf } from './waveform';

/** Why there is no recording: `composer.voice…` says it. */
export type RecorderProblem = 'insecure' | 'refused' | 'missing' | 'failed';

export interface Recording {
  file: Blob;
  durationMs: number;
  waveform: number[];
}

export interface Recorder {
  /** How loud it is now, 0 to 1. */
  level: () => number;
  elapsedMs: () => number;
  stop: () => Promise<Recording>;
  cancel: () => void;
}

const FORMATS = ['audio/webm;codecs=opus', 'audio/mp4', 'audio/ogg;codecs=opus'];
const BARS = 64;

export function problemOf(error: unknown): RecorderProblem {
  const name = error instanceof DOMException ? error.name : '';
  if (name === 'NotAllowedError' || name === 'SecurityError') return 'refused';
  return name === 'NotFoundError' || name === 'OverconstrainedError' ? 'missing' : 'failed';
}

/** Starts to record at once. Rejects as `getUserMedia` does. */
export async function record(): Promise<Recorder> {
  const stream = await navigator.mediaDevices.getUserMedia({
    audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true },
  });
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  analyser.fftSize = 1024;
  context.createMediaStreamSource(stream).connect(analyser);
  const samples = new Uint8Array(analyser.fftSize);

  const mimeType = FORMATS.find((format) => MediaRecorder.isTypeSupported(format));
  const recorder = new MediaRecorder(stream, {
    ...(mimeType === undefined ? {} : { mimeType }),
    audioBitsPerSecond: 32_000,
  });
  const parts: Blob[] = [];
  recorder.ondataavailable = ({ data }) => parts.push(data);
  const ended = new Promise<void>((resolve) => (recorder.onstop = () => resolve()));
  recorder.start(1000);
  const since = performance.now();

  const release = (): void => {
    for (const track of stream.getTracks()) track.stop();
    if (context.state !== 'closed') void context.close();
  };
  return {
    level: () => {
      analyser.getByteTimeDomainData(samples);
      return levelOf(samples);
    },
    elapsedMs: () => performance.now() - since,
    cancel: () => {
      if (recorder.state !== 'inactive') recorder.stop();
      release();
    },
    stop: async () => {
      const durationMs = Math.round(performance.now() - since);
      recorder.stop();
      await ended;
      const type = (recorder.mimeType.split(';')[0] ?? '') || 'audio/webm';
      const file = new Blob(parts, { type });
      const waveform = await decodeWaveform(context, file);
      release();
      return { file, durationMs, waveform };
    },
  };
}

async function decodeWaveform(context: AudioContext, file: Blob): Promise<number[]> {
  try {
    const sound = await context.decodeAudioData(await file.arrayBuffer());
    return waveformOf(sound.getChannelData(0), BARS);
  } catch {
    return new Array<number>(BARS).fill(0);
  }
}
