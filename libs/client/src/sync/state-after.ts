import type { ConversationEvent } from '../api.js';
import type { ConversationRecord } from '../store/shapes.js';

type State = ConversationRecord['state'];

/** Fields that an event may bring. */
const FIELDS = ['title', 'description', 'avatarFileId', 'joinPolicy', 'sendPolicy', 'historyBeforeJoin', 'ownerId'];

/** What the server would say of the conversation after an event. */
export function stateAfter(state: State, event: ConversationEvent, me: string): State {
  const { data } = event;
  switch (event.type) {
    case 'message.created':
      return { ...state, lastActivityAt: event.at > state.lastActivityAt ? event.at : state.lastActivityAt };
    case 'conversation.changed':
      return merged(state, Object.fromEntries(Object.entries(data).filter(([field]) => FIELDS.includes(field))));
    case 'announcement.changed':
      return merged(state, { announcement: data['text'] === '' ? null : data });
    case 'conversation.disbanded':
      return { ...state, disbanded: true };
    case 'member.joined':
      return { ...state, memberCount: state.memberCount + ((data['members'] as unknown[] | undefined)?.length ?? 0) };
    case 'member.left':
    case 'member.removed':
      return { ...state, memberCount: state.memberCount - 1 };
    case 'member.changed': {
      const owner = data['role'] === 'owner' ? { ownerId: data['userId'] } : {};
      const mine = data['userId'] === me ? { role: data['role'], mutedUntil: data['mutedUntil'] } : {};
      return merged(state, { ...owner, ...mine });
    }
    default:
      return state;
  }
}

/** Whether an event says of me what only the server knows fully: my role after a hand-over, a tier. */
export function needsRefresh(event: ConversationEvent, me: string): boolean {
  return (
    (event.type === 'member.changed' && (event.data['userId'] === me || event.data['role'] === 'owner')) ||
    event.type === 'conversation.changed' ||
    event.type === 'conversation.disbanded'
  );
}

/** null takes a field away, undefined leaves it. */
function merged(state: State, change: Record<string, unknown>): State {
  const next: Record<string, unknown> = { ...state };
  for (const [field, value] of Object.entries(change))
    if (value === null) delete next[field];
    else if (value !== undefined) next[field] = value;
  return next as unknown as State;
}
