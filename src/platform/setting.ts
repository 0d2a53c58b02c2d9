import * as z from "zod";
import { nearest } from "../errors.ts";

/**
 * The parts from which the `settings.ts` of each room declares its keys of the config. The `.meta()` of a key has its
 * meaning; an `example` if its type does not imply one; and `since`, the version that added it, if that is not the first.
 */

/** The fault of a value, as the end of a sentence that begins with the key, and its fix. */
export type Complaint = readonly [says: string, fix: string];

/** A text that `accept` turns into a setting, or a complaint about it. */
export function checked<Setting>(
  accept: (value: string) => Setting | undefined,
  complain: (value: string) => Complaint,
) {
  return z.string().transform((value, context): Setting => {
    const setting = accept(value);
    if (setting !== undefined) return setting;
    const [message, fix] = complain(value);
    context.addIssue({ code: "custom", message, params: { fix } });
    return z.NEVER;
  });
}

/** A text for which `complain` returns nothing, normalised by `settle`. */
export function withoutComplaint(
  complain: (value: string) => Complaint | undefined,
  settle = (value: string) => value,
) {
  return checked(
    (value) => (complain(value) ? undefined : settle(value)),
    (value) => complain(value) ?? ["", ""],
  );
}

/** "did you mean …?", if a candidate is similar. */
export function didYouMean(
  word: string,
  candidates: Iterable<string>,
  parent: readonly string[] = [],
): string | undefined {
  const near = nearest(word, candidates);
  return near && `did you mean "${[...parent, near].join(".")}"?`;
}

/** A value as the user wrote it, in quotes, and shortened if it is long. */
export function quote(value: string): string {
  return JSON.stringify(value.length > 60 ? `${value.slice(0, 59)}…` : value);
}

/** A text of one line that isn't empty. */
export const line = checked(
  (value) => (/\p{Cc}/u.test(value.trim()) ? undefined : value.trim() || undefined),
  (value) =>
    value.trim() === ""
      ? ["is empty", "write something there, or remove the line"]
      : ["has a line break or a control character in it", "keep it on one line"],
);

/** A time, in milliseconds. `examples` has one of each unit that the time may have. */
function timeIn(name: string, examples: readonly string[], longestMs = Infinity) {
  const units = examples.map((example) => example.at(-1)).join("");
  const form = new RegExp(`^(\\d{1,5})\\s?([${units}])$`);
  const written = examples.map(quote);
  return checked(
    (text) => {
      const [, count, unit = ""] = form.exec(text.trim()) ?? [];
      const ms = Number(count ?? 0) * (UNIT_MS.get(unit) ?? 0);
      return ms <= longestMs ? ms || undefined : undefined;
    },
    (text) => [
      `is ${quote(text)}, which is not a ${name}`,
      `write ${written.slice(0, -1).join(", ")} or ${written.at(-1)}`,
    ],
  );
}

const UNIT_MS = new Map([
  ["s", 1_000],
  ["m", 60_000],
  ["h", 3_600_000],
  ["d", 86_400_000],
  ["w", 604_800_000],
]);

export const duration = timeIn("time", ["90m", "12h", "3d", "2w"]);

/** The longest time that a server may take: a day at most, since Node's timers can't count more than 24 days. */
export const timeLimit = timeIn("time limit", ["30s", "2m"], 86_400_000);

/** An https URL that may contain the given placeholder and no other. */
export function webUrl(placeholder?: string) {
  return withoutComplaint((value) => urlComplaint(value, placeholder));
}

/** Says what is wrong with an https address, in which a placeholder may stand. */
export function urlComplaint(value: string, placeholder?: string): Complaint | undefined {
  const plain = placeholder === undefined ? value : value.replaceAll(`{${placeholder}}`, "x");
  const url = URL.parse(plain);
  if (url?.password) return ["contains a password", "remove it: every reader would see it"];
  if (/[{}]/.test(plain)) {
    const fix = placeholder
      ? `the only placeholder it may have is {${placeholder}}`
      : "write the address in full, without placeholders";
    return [`is ${quote(value)}`, fix];
  }
  if (url?.protocol === "https:") return undefined;
  return [`is ${quote(value)}, which is not an https address`, 'write it as "https://…"'];
}

/** Whether a text is an http or https address. */
export function isWebAddress(value: string): boolean {
  return /^https?:$/.test(URL.parse(value)?.protocol ?? "");
}
