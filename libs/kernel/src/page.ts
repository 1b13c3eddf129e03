/** One page of a list. `nextCursor` is opaque and absent on the last page. */
export interface Page<T> {
  items: T[];
  nextCursor?: string;
}

export interface PageRequest {
  cursor?: string;
  /** 1…100; 50 where the caller names none. */
  limit: number;
}
