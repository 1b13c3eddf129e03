/** Runs `work` once at the end of the present turn, however often it is asked to. */
export function batched(work: () => void): () => void {
  let asked = false;
  return () => {
    if (asked) return;
    asked = true;
    queueMicrotask(() => {
      asked = false;
      work();
    });
  };
}
