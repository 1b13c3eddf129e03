/** The look of a conversation's picture by its kind. */
export function shapeOf(kind: string | undefined): 'person' | 'group' | 'room' | 'self' {
  return kind === 'group' || kind === 'room' || kind === 'self' ? kind : 'person';
}
