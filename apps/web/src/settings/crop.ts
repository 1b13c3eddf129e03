/** A picture behind a square window: where it lies, in the window's pixels. */
export interface Placement {
  /** Of the picture's centre, from the window's centre. */
  x: number;
  y: number;
  /** 1 fills the window exactly. */
  zoom: number;
}

export const MAX_ZOOM = 4;

/** How many window pixels one picture pixel is. */
export function scaleOf(width: number, height: number, window: number, zoom: number): number {
  return (window / Math.min(width, height)) * zoom;
}

/** The nearest placement that leaves no gap. */
export function fitted(width: number, height: number, window: number, wanted: Placement): Placement {
  const zoom = Math.min(Math.max(wanted.zoom, 1), MAX_ZOOM);
  const scale = scaleOf(width, height, window, zoom);
  const clamp = (value: number, room: number): number => Math.min(Math.max(value, -room), room);
  return {
    zoom,
    x: clamp(wanted.x, Math.max(0, (width * scale - window) / 2)),
    y: clamp(wanted.y, Math.max(0, (height * scale - window) / 2)),
  };
}

/** The part of the picture that is in the window, in the picture's pixels. */
export function cut(width: number, height: number, window: number, { x, y, zoom }: Placement) {
  const scale = scaleOf(width, height, window, zoom);
  const side = window / scale;
  return { left: (width - side) / 2 - x / scale, top: (height - side) / 2 - y / scale, side };
}
