import { createHash, timingSafeEqual } from 'node:crypto';
import { SERVICE_TOKEN_KEY } from '@parley/contracts/rpc';
import {
  type Metadata,
  ResponderBuilder,
  ServerInterceptingCall,
  type ServerInterceptor,
  ServerListenerBuilder,
  status,
} from '@grpc/grpc-js';

/** Load balancers and orchestrators ask for health without being one of us. */
const OPEN = '/grpc.health.v1.Health/';

/**
 * Lets only our services in: before the message of a call is read, its metadata has to show the secret. The refusal carries no error
 * of ours on purpose: at the caller it is `server.unavailable`, never a 401 that would log an end user out.
 */
export function requireServiceToken(token: string): ServerInterceptor {
  const expected = digest(token);
  const shown = (metadata: Metadata): boolean => {
    const [value] = metadata.get(SERVICE_TOKEN_KEY);
    return typeof value === 'string' && timingSafeEqual(digest(value), expected);
  };
  return (method, call) => {
    if (method.path.startsWith(OPEN)) return new ServerInterceptingCall(call);
    const guard = new ServerListenerBuilder()
      .withOnReceiveMetadata((metadata, next) => {
        if (shown(metadata)) next(metadata);
        else call.sendStatus({ code: status.UNAUTHENTICATED, details: 'The service credential is missing or wrong.' });
      })
      .build();
    return new ServerInterceptingCall(call, new ResponderBuilder().withStart((next) => next(guard)).build());
  };
}

/** Equal length for every token, so that the comparison takes equal time. */
function digest(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
