import * as z from "zod";
import {
  type Complaint,
  line,
  quote,
  urlComplaint,
  withoutComplaint,
  checked,
  webUrl,
} from "../platform/setting.ts";
import { recipientOf } from "../subscribers/settings.ts";

/** An https folder, in which `{slot}` may stand; written with or without the slash at its end. */
const folderUrl = withoutComplaint(folderUrlComplaint, (value) => value.replace(/\/*$/, "/"));

function folderUrlComplaint(value: string): Complaint | undefined {
  const complaint = urlComplaint(value, "slot");
  if (complaint) return complaint;
  return /[?#]/.test(value)
    ? [`is ${quote(value)}, to which no file's name can be added`, "end it with the folder"]
    : undefined;
}

const SINCE = "the next version";

const sponsor = z.strictObject({
  name: line.meta({
    description: "Who pays for it, which readers see.",
    example: "Halyard & Tow",
    since: SINCE,
  }),
  title: line.meta({ description: "Its headline.", example: "Rope that floats", since: SINCE }),
  text: line.optional().meta({
    description: "A sentence or two below it.",
    example: "Forty metres, spliced by hand.",
    since: SINCE,
  }),
  url: webUrl().meta({
    description: "Where it leads.",
    example: "https://rope.example/",
    since: SINCE,
  }),
  link: line.meta({
    description: "The words of its link: where it goes.",
    example: "See the rope",
    since: SINCE,
  }),
});

/** Two pages or an address: where an answer goes says which it is, and of which issue, and nothing of its reader. */
const feedback = checked(
  (value) => {
    const isPage = value.includes("{answer}") && urlComplaint(filledForCheck(value)) === undefined;
    return isPage || recipientOf(value) ? value : undefined;
  },
  (value) => [
    `is ${quote(value)}, which is neither an https address with {answer} in it nor an email address`,
    'write it as "https://letters.example/{slot}/{answer}" or "desk@letters.example"',
  ],
);

function filledForCheck(url: string): string {
  return url.replaceAll("{answer}", "yes").replaceAll("{slot}", "2026-11-24");
}

/** What an issue says beside its stories. */
const modulesSetting = z
  .strictObject({
    contents: z.boolean().optional().meta({
      description: "Numbered contents, from four stories on; shown by default.",
      since: SINCE,
    }),
    quote: z.boolean().optional().meta({
      description: "A pull quote of a story; shown by default.",
      since: SINCE,
    }),
    number: z.boolean().optional().meta({
      description: "A number of a story, set big; shown by default.",
      since: SINCE,
    }),
    sponsor: sponsor.optional().meta({
      description: "One advertisement, marked as such.",
      since: SINCE,
    }),
    feedback: feedback.optional().meta({
      description:
        "Whether an issue was worth the time: a page in whose address `{answer}` becomes yes or no and `{slot}` the issue's date, or an email address.",
      example: "https://letter.example/{slot}/{answer}",
      since: SINCE,
    }),
    subscribe: webUrl().optional().meta({
      description: "Where a reader whom an issue was forwarded to can subscribe.",
      example: "https://letter.example/subscribe",
      since: SINCE,
    }),
    share: z.boolean().optional().meta({
      description:
        "Links to forward an issue and to share its page, where `urls.web` says where that is; shown by default.",
      since: SINCE,
    }),
    closing: line.optional().meta({
      description: "A note at the end of every issue.",
      example: "Back on Thursday.",
      since: SINCE,
    }),
  })
  .default({})
  .meta({ description: "What an issue says beside its stories.", since: SINCE });

/** What an issue says beside its stories, what becomes of pictures, and where what an issue is made of and made into is kept. */
export const issueSettings = {
  modules: modulesSetting,
  images: z
    .strictObject({
      copy: z.boolean().default(true).meta({
        description: "Copy pictures of the web into the issue. false: link to them where they are.",
      }),
      baseUrl: folderUrl.optional().meta({
        description:
          "Where readers find what is in the issue's `images/`; `{slot}` stands for the issue's date. Without it the pictures travel inside each message.",
        example: "https://letter.example/mail/{slot}/",
      }),
    })
    .prefault({})
    .meta({ description: "How pictures reach readers." }),
  outbox: line.default("outbox").meta({
    description: "Folder of the issues built. `BROADSHEET_OUTBOX` in the environment wins.",
    example: "/var/lib/letter/outbox",
  }),
  templates: line.default("templates").meta({
    description: "Folder of your own templates.",
    example: "look",
  }),
  store: line.default(".broadsheet/broadsheet.db").meta({
    description: "The file with the subscribers and what they were sent.",
    example: "/var/lib/letter/letter.db",
  }),
};
