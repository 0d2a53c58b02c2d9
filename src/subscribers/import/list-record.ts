/** A row of a list as it stands there. */
export interface ListRecord {
  /** The line of the file that it ends on; of an object, begins. */
  readonly line: number;
  readonly cells: readonly string[];
  /** Why it isn't one: continues the sentence "the row …". */
  readonly fault?: string;
}
