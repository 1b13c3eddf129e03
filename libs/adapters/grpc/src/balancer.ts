import { bestOf } from './rendezvous.js';
import type { Peer } from './peer.js';

export interface Wanted {
  instance?: string | undefined;
  key?: string | undefined;
  prefer?: string | undefined;
  /** Those that failed this call already. */
  tried: readonly Peer[];
}

const nameOf = (peer: Peer) => peer.at.instance || peer.at.address;

/** Chooses who is asked. Undefined when nobody is left. */
export function pick(peers: readonly Peer[], wanted: Wanted, zone: string): Peer | undefined {
  const { instance, key, prefer, tried } = wanted;
  if (instance !== undefined) {
    const named = peers.find(({ at }) => at.instance === instance || at.instance === '');
    return named === undefined || tried.includes(named) || named.rank === 2 ? undefined : named;
  }
  if (peers.length === 1) {
    const only = peers[0] as Peer;
    return tried.includes(only) || only.rank === 2 ? undefined : only;
  }
  const worth = worthAsking(peers, tried);
  if (worth.length < 2) return worth[0];
  if (prefer !== undefined) {
    const preferred = worth.find(({ at }) => at.instance === prefer);
    if (preferred !== undefined) return preferred;
  }
  // The zone does not matter to a key: all zones have to agree on where it goes.
  if (key !== undefined) return bestOf(key, worth, nameOf);
  const near = zone === '' ? [] : worth.filter(({ at }) => at.zone === zone);
  return lessBusyOfTwo(near.length > 0 ? near : worth);
}

/** Where calls with this key go while nothing is wrong. */
export function routeOf(peers: readonly Peer[], key: string): string | undefined {
  return peers.length < 2 ? undefined : bestOf(key, worthAsking(peers, []), nameOf)?.at.instance;
}

function worthAsking(peers: readonly Peer[], tried: readonly Peer[]): readonly Peer[] {
  if (tried.length === 0 && peers.every((peer) => peer.rank === 0)) return peers;
  const left = peers.filter((peer) => peer.rank < 2 && !tried.includes(peer));
  const good = left.filter((peer) => peer.rank === 0);
  return good.length > 0 ? good : left;
}

/** The power of two choices (Mitzenmacher): almost as even as knowing everybody's load, without everybody rushing to the least busy. */
function lessBusyOfTwo(peers: readonly Peer[]): Peer {
  const first = Math.floor(Math.random() * peers.length);
  const second = (first + 1 + Math.floor(Math.random() * (peers.length - 1))) % peers.length;
  const [a, b] = [peers[first] as Peer, peers[second] as Peer];
  return b.inFlight < a.inFlight ? b : a;
}
