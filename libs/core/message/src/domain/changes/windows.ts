/** How long a sender may change their mind, in milliseconds. */
export interface MessageWindows {
  editMs: number;
  recallMs: number;
}
