import * as z from "zod";
import { checked, didYouMean, quote } from "./complaint.ts";
import { cronComplaint } from "./cron.ts";
import { durationComplaint, durationMs } from "./duration.ts";
import { isTimeZone, isWebAddress, recipientOf } from "./values.ts";

export const timeZone = checked(
  (value) => (isTimeZone(value) ? value : undefined),
  (value) => [
    `is ${quote(value)}, which is not a time zone`,
    didYouMean(value, Intl.supportedValuesOf("timeZone")) ??
      'use an IANA name such as "Europe/Berlin" or "UTC"',
  ],
);

const cron = checked(
  (value) => (cronComplaint(value.trim()) ? undefined : value.trim()),
  (value) => cronComplaint(value.trim()) ?? ["", ""],
);

/** In milliseconds. */
const duration = checked(durationMs, durationComplaint);

/** Who watches may be inside a network, and in clear too: what is said is only that a job ran. */
const pingUrl = checked(
  (value) => (isWebAddress(value) ? value : undefined),
  () => ["is not an http or https address", 'write it as "https://…"'],
);

const editor = checked(recipientOf, (value) => [
  `is ${quote(value)}, which is not an email address`,
  'write "name@domain" or "Name <name@domain>"',
]);

/** When issues are due, and what becomes of those that nobody was there for. */
export const schedule = z
  .strictObject({
    cron,
    zone: timeZone.optional(),
    catchUp: z.enum(["skip", "once", "merge"]).default("once"),
    maxLate: duration.default(12 * 3_600_000),
    approval: z.enum(["auto", "manual"]).default("auto"),
    notify: editor.optional(),
    ping: pingUrl.optional(),
  })
  .superRefine(({ approval, notify }, context) => {
    if (approval === "auto" || notify) return;
    const message = 'is "manual", and nobody is named who could approve';
    const params = {
      fix: 'add who is sent the issues to look at, such as notify: "desk@paper.example"',
    };
    context.addIssue({ code: "custom", path: ["approval"], message, params });
  });
