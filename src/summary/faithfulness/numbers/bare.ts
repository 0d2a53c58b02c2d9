/** A number before its unit is known. */
export interface Bare {
  readonly start: number;
  readonly end: number;
  readonly values: readonly number[];
  /** What the values are multiplied by: "million". */
  readonly scale: number;
}
