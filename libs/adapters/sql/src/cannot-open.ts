/** A store cannot be opened, for a reason that whoever runs the process can mend; the message says which and how. */
export class CannotOpen extends Error {
  override readonly name: string = 'CannotOpen';
}
