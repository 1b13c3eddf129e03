import type { Abstract, FactoryProvider, InjectionToken, Type } from '@nestjs/common';

type Constructor<T> = new (...args: never[]) => T;
type Build<T> = new (...args: unknown[]) => T;

/** One line per use case: `provide(SendMessages, ConversationLog, Clock)` constructs it with those, in that order. Core stays free of decorators. */
export function provide<T>(target: Constructor<T>, ...needs: InjectionToken[]): FactoryProvider<T> {
  return {
    provide: target,
    inject: needs,
    useFactory: (...parts: unknown[]) => new (target as unknown as Build<T>)(...parts),
  };
}

/** Binds a port (an abstract class is type and token in one) to its adapter. */
export function bind<T>(
  port: Abstract<T>,
  adapter: Type<T> | Constructor<T>,
  ...needs: InjectionToken[]
): FactoryProvider<T> {
  return {
    provide: port,
    inject: needs,
    useFactory: (...parts: unknown[]) => new (adapter as unknown as Build<T>)(...parts),
  };
}
