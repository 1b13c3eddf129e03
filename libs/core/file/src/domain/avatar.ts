/** Whose picture a file may be. */
export interface AvatarHolder {
  kind: 'user' | 'conversation';
  id: string;
}
