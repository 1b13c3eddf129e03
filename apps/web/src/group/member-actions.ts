type Role = 'owner' | 'admin' | 'member';

export interface MemberSeen {
  userId: string;
  role: Role;
  mutedUntil?: string | undefined;
}

export interface MayDo {
  changeRole: boolean;
  mute: boolean;
  unmute: boolean;
  remove: boolean;
  nickname: boolean;
}

const RANK: Record<Role, number> = { member: 0, admin: 1, owner: 2 };

/** What the server would let me do to a member: buttons that would be refused are not shown. */
export function mayDo(me: { userId: string; role: Role | undefined }, member: MemberSeen, now: number): MayDo {
  const self = me.userId === member.userId;
  const above = !self && me.role !== undefined && RANK[me.role] > RANK[member.role];
  const muted = isMuted(member, now);
  return {
    changeRole: !self && me.role === 'owner',
    mute: above && !muted,
    unmute: above && muted,
    remove: above,
    nickname: self || above,
  };
}

export function isMuted(member: MemberSeen, now: number): boolean {
  return member.mutedUntil !== undefined && Date.parse(member.mutedUntil) > now;
}
