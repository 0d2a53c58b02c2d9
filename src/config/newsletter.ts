import * as z from "zod";
import {
  checked,
  type Complaint,
  didYouMean,
  line,
  quote,
  urlComplaint,
  webUrl,
  withoutComplaint,
  duration,
  isWebAddress,
} from "../platform/setting.ts";
import { canonicalLanguage } from "../subscribers/subscriber.ts";
import { modulesSetting } from "../digest/modules.ts";
import { cronComplaint } from "../platform/rhythm.ts";
import { address } from "../subscribers/settings.ts";
import { attempt } from "../platform/attempt.ts";

/** File systems allow names of 255 bytes, and a prefix or suffix may be added. */
const SLUG_BYTES = 240;

const slug = checked(
  (value) => (isSlug(value) ? value : undefined),
  (value) => [
    `is ${quote(value)}, which can't be the name of a folder in the outbox`,
    `use lower-case letters, digits and hyphens, such as "${slugify(value) || "morning-letter"}"`,
  ],
);

function isSlug(value: string): boolean {
  if (Buffer.byteLength(value) > SLUG_BYTES) return false;
  return /^[\p{Ll}\p{Lo}\p{N}]+(?:-[\p{Ll}\p{Lo}\p{N}]+)*$/u.test(value);
}

/** Turns a name into a folder name: "The Café Letter" becomes "the-cafe-letter". Empty if no letter remains. */
export function slugify(name: string): string {
  const folded = name
    .normalize("NFKD")
    .replace(/(?<=\p{Script=Latin})\p{M}+/gu, "")
    .normalize("NFC")
    .toLowerCase()
    .replace(/['’\p{M}\p{Lm}]+/gu, "")
    .replace(/[^\p{Ll}\p{Lo}\p{N}]+/gu, "-");
  return Array.from(folded)
    .slice(0, 60)
    .join("")
    .replace(/^-+|-+$/g, "");
}

const language = checked(canonicalLanguage, (value) => [
  `is ${quote(value)}, which is not a language`,
  'use a BCP 47 tag such as "en", "pt-BR" or "ar"',
]);

const timeZone = checked(
  (value) => (isTimeZone(value) ? value : undefined),
  (value) => [
    `is ${quote(value)}, which is not a time zone`,
    didYouMean(value, Intl.supportedValuesOf("timeZone")) ??
      'use an IANA name such as "Europe/Berlin" or "UTC"',
  ],
);

/** Offsets such as "+01:00" are rejected, because they have no daylight saving time. */
function isTimeZone(value: string): boolean {
  const format = attempt(() => Intl.DateTimeFormat("en", { timeZone: value }));
  return /^[a-z]/i.test(value) && format !== undefined;
}

const unsubscribeUrl = withoutComplaint(
  (value) => urlComplaint(value, "token") ?? readerComplaint(value),
);

/** RFC 8058 §3.1: the address must identify the reader. Servers do not receive the part after a `#`. */
function readerComplaint(value: string): Complaint | undefined {
  const { pathname = "", search = "" } = URL.parse(value.replaceAll("{token}", "0token0")) ?? {};
  if ((pathname + search).includes("0token0")) return undefined;
  return [
    `is ${quote(value)}, which has no {token} in its path or query: it can't tell which reader leaves`,
    'put {token} into it, such as "https://letter.example/leave/{token}"',
  ];
}

/** The identity of a newsletter, and what readers see of it. */
export const newsletterSettings = {
  name: line.default("Broadsheet").meta({
    description: "The newsletter's name, as readers see it.",
    example: "The Tidewrack",
  }),
  slug: slug.optional().meta({
    description:
      "Its folder in the outbox: lower-case letters, digits and hyphens. Made from the name by default.",
    example: "tidewrack",
  }),
  tagline: line.optional().meta({
    description: "The line under the name.",
    example: "What the tide leaves, weekly",
  }),
  language: language.optional().meta({
    description:
      "BCP 47: the language of all text outside articles; by default that of most stories. docs/templates.md lists the available languages.",
    example: "en",
  }),
  languages: z
    .array(language)
    .optional()
    .meta({
      description:
        "Other languages that its stories may be in. A collected story in another language is left out.",
      example: ["de"],
      since: "the next version",
    }),
  leastReady: z.number().min(0).max(1).default(0).meta({
    description:
      "The least probability, 0 to 1, that an editor would send an issue unchanged. An issue below it is not called ready, and the schedule does not send it without approval. By default there is no limit; report.json has the probability.",
    example: 0.7,
    since: "the next version",
  }),
  timeZone: timeZone.default("UTC").meta({
    description: "IANA name: decides the date of an issue.",
    example: "Europe/Berlin",
  }),
  number: z.int().positive().optional().meta({
    description:
      "The number readers see on the front page. The schedule counts up from it: it is that of its first issue.",
    example: 12,
  }),
  postalAddress: line.optional().meta({
    description: "Shown in the footer: the anti-spam laws of most countries require one.",
    example: "The Tidewrack, 2 Sailcloth Row, Thornsea",
  }),
  reason: line.optional().meta({
    description: "The reason why the reader gets the mail, shown in the footer.",
    example: "You get this because you signed up for The Tidewrack.",
  }),
  editor: line.optional().meta({
    description:
      "The editor of the issues. The footer names the editor and says that answers are read, so answers must reach that person.",
    example: "Wren Aldous",
    since: "the next version",
  }),
  urls: z
    .strictObject({
      web: webUrl("slot").optional().meta({
        description:
          "The issue on the web; `{slot}` stands for the issue's slot, such as its date.",
        example: "https://letter.example/issues/{slot}",
      }),
      unsubscribe: unsubscribeUrl.optional().meta({
        description:
          "One click ends the subscription; `{token}`, in the path or the query, stands for the reader.",
        example: "https://letter.example/leave/{token}",
      }),
      archive: webUrl("slot").optional().meta({
        description:
          "Earlier issues, for the header field List-Archive; `{slot}` stands for the issue's slot, such as its date.",
        example: "https://letter.example/issues",
      }),
    })
    .default({})
    .meta({ description: "Links at the foot of every issue." }),
};

/** Names by hosts such as "courier.example", normalised by `hostOf`. */
const papers = z
  .record(z.string(), line)
  .check(({ value, issues }) => {
    for (const host of Object.keys(value).filter((key) => !HOST.test(key))) {
      const fix = 'write a host as in an address, without "https://", such as "courier.example"';
      const message = `has ${quote(host)} in it, which is not a host`;
      issues.push({ code: "custom", message, params: { fix }, input: value });
    }
  })
  .transform((given): Readonly<Record<string, string>> => {
    const named = Object.entries(given).map(([host, name]) => [
      host.toLowerCase().replace(/^www\./, ""),
      name,
    ]);
    return Object.fromEntries(named);
  });

const HOST = /^[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+$/u;

/** An https folder, which may contain `{slot}`. The slash at its end is optional. */
const folderUrl = withoutComplaint(folderUrlComplaint, (value) => value.replace(/\/*$/, "/"));

function folderUrlComplaint(value: string): Complaint | undefined {
  const complaint = urlComplaint(value, "slot");
  if (complaint) return complaint;
  return /[?#]/.test(value)
    ? [`is ${quote(value)}, to which no file's name can be added`, "end it with the folder"]
    : undefined;
}

/** The modules of an issue, its pictures, and the places of templates, issues and state. */
export const issueSettings = {
  modules: modulesSetting,
  papers: papers.prefault({}).meta({
    description:
      "Names of papers by host, for pages that give no good name. A host includes its subdomains.",
    example: { "courier.example": "The Thornsea Courier" },
    since: "the next version",
  }),
  images: z
    .strictObject({
      copy: z.boolean().default(true).meta({
        description: "Copy pictures of the web into the issue. false: link to them where they are.",
      }),
      baseUrl: folderUrl.optional().meta({
        description:
          "The address of the issue's `images/` for readers; `{slot}` stands for the issue's slot, such as its date. Without it each message contains the pictures.",
        example: "https://letter.example/mail/{slot}/",
      }),
    })
    .prefault({})
    .meta({ description: "How pictures reach readers." }),
  outbox: line.default("outbox").meta({
    description: "Folder of the issues built. `BROADSHEET_OUTBOX` in the environment overrides it.",
    example: "/var/lib/letter/outbox",
  }),
  templates: line.default("templates").meta({
    description: "Folder of your own templates.",
    example: "look",
  }),
  store: line.default(".broadsheet/broadsheet.db").meta({
    description:
      "The file with the subscribers and what they were sent. `DATABASE_URL` in the environment or in `.env` wins: it names a database of PostgreSQL.",
    example: "/var/lib/letter/letter.db",
  }),
};

const cron = withoutComplaint(
  (value) => cronComplaint(value.trim()),
  (value) => value.trim(),
);

/** The address of a monitoring service. It may be internal and without TLS, because the message only says that a job ran. */
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
        'What happens to an issue whose time passed while no run took place. "once": the latest is sent late, up to `maxLate`. "skip": never. "merge": as "once", with the stories that the missed ones would have had.',
    }),
    maxLate: duration.prefault("12h").meta({
      description: "An issue is not sent later than this.",
      example: "3h",
    }),
    approval: z.enum(["auto", "manual"]).default("auto").meta({
      description:
        '"auto": what passes its checks is sent, unless all of it was read with doubt or the check marked lines of a model. "manual": `notify` is sent the issue with its findings, and it goes out with `broadsheet approve` or `broadsheet send`, or not at all.',
    }),
    notify: address.optional().meta({
      description: "The address to which issues are sent for approval.",
      example: "desk@letter.example",
    }),
    ping: pingUrl.optional().meta({
      description:
        "The address to call when a run begins, ends well (the address itself) or fails (its exit code), as Healthchecks expects. BROADSHEET_PING_URL in the environment overrides it.",
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

/** The times at which issues are due, and the handling of missed times. */
export const scheduleSettings = {
  schedule: schedule
    .optional()
    .meta({ description: "When issues are due; `broadsheet schedule explain` shows it." }),
};
