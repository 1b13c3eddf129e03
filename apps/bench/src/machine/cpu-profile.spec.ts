import { describe, expect, it } from 'vitest';
import { summarize } from './cpu-profile.js';

const frame = (functionName: string, url: string) => ({ functionName, url, lineNumber: 9 });

describe('the summary of a CPU profile', () => {
  it('adds up self time by function, file and package, without idle time', () => {
    const summary = summarize([
      {
        nodes: [
          { id: 1, callFrame: frame('(idle)', '') },
          { id: 2, callFrame: frame('send', 'file:///x/libs/core/message/dist/application/send.js') },
          { id: 3, callFrame: frame('encode', 'file:///x/node_modules/socket.io-parser/build/index.js') },
        ],
        samples: [1, 2, 3, 2],
        timeDeltas: [5000, 1000, 2000, 1000],
      },
    ]);
    expect(summary.busyMs).toBe(4);
    expect(summary.functions[0]).toMatchObject({
      name: 'send libs/core/message/dist/application/send.js:10',
      percent: 50,
    });
    expect(summary.packages.map((one) => one.name)).toEqual(['libs/core/message', 'socket.io-parser']);
    expect(summary.files.map((one) => one.selfMs)).toEqual([2, 2]);
  });
});
