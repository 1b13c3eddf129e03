import { shallowReactive } from 'vue';

/** The one recording that plays on this page: starting another stops it. */
export const player = shallowReactive({
  /** Of the message. */
  key: undefined as string | undefined,
  playing: false,
  failed: false,
  /** Seconds. */
  at: 0,
  speed: 1,
});

const SPEEDS = [1, 1.5, 2] as const;
let audio: HTMLAudioElement | undefined;

function element(): HTMLAudioElement {
  if (audio !== undefined) return audio;
  audio = new Audio();
  audio.preload = 'auto';
  const sync = (): void => {
    player.at = audio?.currentTime ?? 0;
    player.playing = audio !== undefined && !audio.paused && !audio.ended;
  };
  for (const event of ['timeupdate', 'play', 'pause', 'ended', 'seeked']) audio.addEventListener(event, sync);
  audio.addEventListener('ended', () => (player.at = 0));
  audio.addEventListener('error', () => (player.failed = audio?.getAttribute('src') != null));
  return audio;
}

export async function toggle(key: string, url: () => Promise<string>, from = 0): Promise<void> {
  const sound = element();
  if (player.key === key && !player.failed) {
    if (sound.paused) await sound.play().catch(() => (player.failed = true));
    else sound.pause();
    return;
  }
  sound.pause();
  Object.assign(player, { key, failed: false, at: from, playing: true });
  try {
    const src = await url();
    if (player.key !== key) return;
    sound.src = src;
    sound.playbackRate = player.speed;
    sound.currentTime = from;
    await sound.play();
  } catch {
    if (player.key === key) Object.assign(player, { failed: true, playing: false });
  }
}

export function seek(seconds: number): void {
  if (audio !== undefined) audio.currentTime = seconds;
  player.at = seconds;
}

export function nextSpeed(): void {
  player.speed = SPEEDS[(SPEEDS.indexOf(player.speed as (typeof SPEEDS)[number]) + 1) % SPEEDS.length] ?? 1;
  if (audio !== undefined) audio.playbackRate = player.speed;
}

/** What plays stops when its conversation is left. */
export function stopPlaying(): void {
  audio?.pause();
  Object.assign(player, { key: undefined, playing: false, failed: false, at: 0 });
}
