const SIZE = 64;
const COLOURS = { unread: '#6d5ef0', mention: '#d93a3a' };
let shown: 'none' | 'unread' | 'mention' = 'none';
let icon: Promise<HTMLImageElement> | undefined;

/** A dot on the icon of the tab. */
export function markFavicon(mark: 'none' | 'unread' | 'mention'): void {
  if (mark === shown) return;
  shown = mark;
  const link = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
  if (link === null) return;
  if (mark === 'none') link.href = '/icon.svg';
  else
    void drawn(mark).then(
      (url) => shown === mark && (link.href = url),
      () => undefined,
    );
}

async function drawn(mark: 'unread' | 'mention'): Promise<string> {
  icon ??= load('/icon.svg');
  const image = await icon;
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = SIZE;
  const pen = canvas.getContext('2d');
  if (pen === null) throw new Error('no canvas');
  pen.drawImage(image, 0, 0, SIZE, SIZE);
  pen.beginPath();
  pen.arc(46, 18, 17, 0, 2 * Math.PI);
  pen.globalCompositeOperation = 'destination-out';
  pen.fill();
  pen.globalCompositeOperation = 'source-over';
  pen.beginPath();
  pen.arc(46, 18, 13, 0, 2 * Math.PI);
  pen.fillStyle = COLOURS[mark];
  pen.fill();
  return canvas.toDataURL('image/png');
}

function load(url: string): Promise<HTMLImageElement> {
  return new Promise((resolve, reject) => {
    const image = new Image(SIZE, SIZE);
    image.onload = () => resolve(image);
    image.onerror = () => reject(new Error('no icon'));
    image.src = url;
  });
}
