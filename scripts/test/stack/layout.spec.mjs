import { describe, expect, it } from 'vitest';
import { ENGINES } from '../../stack/engines/index.mjs';
import { DEFAULT_PORTS, layoutOf, PORTS_TAKEN, portsOf } from '../../stack/layout.mjs';

describe('ports of the stack', () => {
  it('are known for every engine', () => {
    const names = ENGINES.map(({ name }) => name).sort();
    expect(Object.keys(DEFAULT_PORTS).sort()).toEqual(names);
    expect(Object.keys(PORTS_TAKEN).sort()).toEqual(names);
  });

  it('are moved together for a second stack', () => {
    const moved = portsOf({ PARLEY_STACK_PORT_SHIFT: '1000' });
    for (const [name, port] of Object.entries(DEFAULT_PORTS)) expect(moved[name]).toBe(port + 1000);
  });

  it('are each a setting, which the shift does not move', () => {
    const ports = portsOf({ PARLEY_STACK_PORT_SHIFT: '1000', PARLEY_STACK_REDIS_PORT: '6390' });
    expect(ports.redis).toBe(6390);
  });

  it('are refused by name and form when they are no ports', () => {
    expect(() => portsOf({ PARLEY_STACK_MYSQL_PORT: 'x' })).toThrow(
      /^PARLEY_STACK_MYSQL_PORT: must be a whole number from 1 to 65535/,
    );
    expect(() => portsOf({ PARLEY_STACK_MYSQL_PORT: '70000' })).toThrow(/PARLEY_STACK_MYSQL_PORT/);
    expect(() => portsOf({ PARLEY_STACK_PORT_SHIFT: '1.5' })).toThrow(/PARLEY_STACK_PORT_SHIFT/);
  });

  it('are refused when two engines would share one, also by the ports that follow', () => {
    expect(() => portsOf({ PARLEY_STACK_REDIS_PORT: String(DEFAULT_PORTS.consul + 2) })).toThrow(
      /PARLEY_STACK_REDIS_PORT.*lies within the ports of consul/,
    );
  });
});

describe('the folder of the stack', () => {
  it('holds everything', () => {
    const layout = layoutOf({ PARLEY_STACK_DIR: '/srv/stack' });
    const paths = [layout.bin('x'), layout.data('x'), layout.log('x'), layout.pid('x'), layout.engines, layout.secrets];
    for (const path of paths) expect(path).toMatch(/^\/srv\/stack\//);
  });
});
