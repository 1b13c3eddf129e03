import { describe, expect, it } from 'vitest';
import { fitBars, levelOf, waveformOf } from './waveform';

describe('waveformOf', () => {
  it('takes the peak of each part and makes the loudest 1', () => {
    expect(waveformOf(Float32Array.from([0, 0.25, -0.5, 0.1]), 2)).toEqual([0.5, 1]);
  });

  it('does not make a voice of noise', () => {
    expect(waveformOf(Float32Array.from([0.001, -0.002]), 2)).toEqual([0, 0]);
  });

  it('has as many bars as were asked for, also of nothing', () => {
    expect(waveformOf(new Float32Array(0), 3)).toEqual([0, 0, 0]);
    expect(waveformOf(Float32Array.from([1]), 4)).toHaveLength(4);
  });
});

describe('fitBars', () => {
  it('keeps peaks when there is less room, repeats when there is more', () => {
    expect(fitBars([0, 1, 0.2, 0.4], 2)).toEqual([1, 0.4]);
    expect(fitBars([0.5, 1], 4)).toEqual([0.5, 0.5, 1, 1]);
    expect(fitBars([], 2)).toEqual([0, 0]);
  });
});

describe('levelOf', () => {
  it('is 0 in silence and at most 1', () => {
    expect(levelOf(Uint8Array.from([128, 128]))).toBe(0);
    expect(levelOf(Uint8Array.from([0, 255]))).toBe(1);
  });
});
