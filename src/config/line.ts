import { checked } from "./complaint.ts";

/** A text of one line that isn't empty. */
export const line = checked(
  (value) => (/\p{Cc}/u.test(value.trim()) ? undefined : value.trim() || undefined),
  (value) =>
    value.trim() === ""
      ? ["is empty", "write something there, or remove the line"]
      : ["has a line break or a control character in it", "keep it on one line"],
);
