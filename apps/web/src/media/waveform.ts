/** What is drawn of a recording: the loudest of each part, 0 to 1, the loudest of all being 1. */
export function waveformOf(samples: Float32Array, bars: number): number[] {
  if (samples.length === 0) return new Array<number>(bars).fill(0);
  const peaks = Array.from({ length: bars }, (_, bar) => {
    const from = Math.floor((bar * samples.length) / bars);
    const to = Math.max(from + 1, Math.floor(((bar + 1) * samples.length) / bars));
    let peak = 0;
    for (let i = from; i < to && i < samples.length; i++) peak = Math.max(peak, Math.abs(samples[i] ?? 0));
    return peak;
  });
  const loudest = Math.max(...peaks);
  // Silence stays silence: noise is not blown up to a voice.
  return peaks.map((peak) => round(loudest < 0.004 ? 0 : peak / loudest));
}

/** As many bars as there is room for, out of however many were sent. */
export function fitBars(waveform: readonly number[], bars: number): number[] {
  if (waveform.length === 0) return new Array<number>(bars).fill(0);
  return Array.from({ length: bars }, (_, bar) => {
    const from = Math.floor((bar * waveform.length) / bars);
    const to = Math.max(from + 1, Math.floor(((bar + 1) * waveform.length) / bars));
    return Math.max(...waveform.slice(from, to));
  });
}

/** How loud it is now, 0 to 1, out of the last samples of a microphone (bytes around 128). */
export function levelOf(bytes: Uint8Array): number {
  let sum = 0;
  for (const byte of bytes) sum += ((byte - 128) / 128) ** 2;
  return Math.min(1, Math.sqrt(sum / Math.max(1, bytes.length)) * 3);
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
