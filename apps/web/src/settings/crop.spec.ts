import { describe, expect, it } from 'vitest';
import { cut, fitted, MAX_ZOOM } from './crop';

describe('cropping a picture to a square', () => {
  it('takes the middle to begin with', () => {
    expect(cut(400, 200, 100, { x: 0, y: 0, zoom: 1 })).toEqual({ left: 100, top: 0, side: 200 });
    expect(cut(200, 400, 100, { x: 0, y: 0, zoom: 2 })).toEqual({ left: 50, top: 150, side: 100 });
  });

  it('follows the finger: moved to the right, more of the left is seen', () => {
    expect(cut(400, 200, 100, { x: 50, y: 0, zoom: 1 })).toEqual({ left: 0, top: 0, side: 200 });
  });

  it('leaves no gap and keeps zoom within reason', () => {
    expect(fitted(400, 200, 100, { x: 999, y: 999, zoom: 1 })).toEqual({ x: 50, y: 0, zoom: 1 });
    expect(fitted(400, 200, 100, { x: -999, y: 0, zoom: 0.1 })).toEqual({ x: -50, y: 0, zoom: 1 });
    expect(fitted(100, 100, 100, { x: 0, y: 0, zoom: 99 }).zoom).toBe(MAX_ZOOM);
    const { left, top, side } = cut(300, 500, 240, fitted(300, 500, 240, { x: -1e4, y: 1e4, zoom: 3 }));
    expect(left + side).toBeCloseTo(300);
    expect(top).toBeCloseTo(0);
  });
});
