import { Cron } from "croner";
import * as z from "zod";
import { checked, type Complaint, duration, quote, withoutComplaint } from "../platform/setting.ts";
import { address } from "../subscribers/settings.ts";
import { timeZone } from "./newsletter.ts";

/** A rhythm in the clock of a time zone. */
export interface Rhythm {
  /** Five fields of cron(5), or a nickname such as `@weekly`. */
  readonly cron: string;
  /** IANA name. */
  readonly zone: string;
}

/**
 * The instants of a rhythm after a moment, soonest first, without an end unless the rhythm has one. A time of
 * day that the clock skips in spring comes at the hour it skips to; one that comes twice in autumn comes once.
 */
export function* occurrencesAfter({ cron, zone }: Rhythm, moment: Date): Generator<Date> {
  const pattern = patternOf(cron, zone);
  for (let at = pattern.nextRun(moment); at; at = pattern.nextRun(at)) yield at;
}

/** What is wrong with a pattern; undefined where nothing is. */
function cronComplaint(cron: string): Complaint | undefined {
  try {
    // 29 February comes within eight years, and a day that never comes in none.
    if (patternOf(cron, "UTC").nextRun(new Date("2000-01-01T00:00:00Z"))) return undefined;
    return [`is ${quote(cron)}, a day that never comes`, EXAMPLE];
  } catch (error) {
    const why = error instanceof Error ? error.message : "";
    if (/parts/.test(why)) {
      return [`is ${quote(cron)}, which has not the five fields of cron`, EXAMPLE];
    }
    return [`is ${quote(cron)}: ${why.replace(/^CronPattern: /, "")}`, EXAMPLE];
  }
}

const EXAMPLE =
  'write minute, hour, day, month and weekday, such as "0 7 * * 2" for Tuesdays at 7:00';

const PATTERNS = new Map<string, Cron>();

/** `broadsheet schedule` asks once a minute. */
function patternOf(cron: string, zone: string): Cron {
  const key = `${cron} in ${zone}`;
  // UTC is no zone that has to be looked up, which takes a tenth of a run that finds nothing due.
  const clock = zone === "UTC" ? { utcOffset: 0 } : { timezone: zone };
  const pattern = PATTERNS.get(key) ?? new Cron(cron, { mode: "5-part", ...clock, paused: true });
  PATTERNS.set(key, pattern);
  return pattern;
}

const cron = withoutComplaint(
  (value) => cronComplaint(value.trim()),
  (value) => value.trim(),
);

export function isWebAddress(value: string): boolean {
  return /^https?:$/.test(URL.parse(value)?.protocol ?? "");
}

/** Who watches may be inside a network, and in clear too: what is said is only that a job ran. */
const pingUrl = checked(
  (value) => (isWebAddress(value) ? value : undefined),
  () => ["is not an http or https address", 'write it as "https://…"'],
);

const schedule = z
  .strictObject({
    cron: cron.meta({
      description:
        'Five fields of cron: minute, hour, day, month, weekday. "0 7 * * 2" is Tuesdays at 7:00.',
      example: "0 7 * * 2",
    }),
    zone: timeZone
      .optional()
      .meta({ description: "IANA name; `timeZone` by default.", example: "Europe/Berlin" }),
    catchUp: z.enum(["skip", "once", "merge"]).default("once").meta({
      description:
        'What becomes of an issue whose time passed while nothing ran. "once": the latest is sent late, up to `maxLate`. "skip": never. "merge": as "once", with the stories that the missed ones would have had.',
    }),
    maxLate: duration.prefault("12h").meta({
      description: "An issue that is later isn't sent.",
      example: "3h",
    }),
    approval: z.enum(["auto", "manual"]).default("auto").meta({
      description:
        '"auto": what passes its checks is sent, unless all of it was read with doubt or the check marked lines of a model. "manual": `notify` is sent the issue with its findings, and it goes out with `broadsheet approve` or `broadsheet send`, or not at all.',
    }),
    notify: address
      .optional()
      .meta({ description: "Who is sent the issues to approve.", example: "desk@letter.example" }),
    ping: pingUrl.optional().meta({
      description:
        "Pinged when a run begins, ends well (the address itself) or fails (its exit code), in the manner of Healthchecks. BROADSHEET_PING_URL in the environment wins.",
      example: "https://watch.example/ping/letter",
    }),
  })
  .superRefine(({ approval, notify }, context) => {
    if (approval === "auto" || notify) return;
    const message = 'is "manual", and no editor is named who could approve';
    const params = {
      fix: 'add who is sent the issues to look at, such as notify: "desk@paper.example"',
    };
    context.addIssue({ code: "custom", path: ["approval"], message, params });
  });

/** When issues are due, and what becomes of those whose time passed while nothing ran. */
export const scheduleSettings = {
  schedule: schedule
    .optional()
    .meta({ description: "When issues are due; `broadsheet schedule explain` shows it." }),
};
