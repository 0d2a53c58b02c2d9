import * as z from "zod";
import { isOnThisMachine } from "../platform/http/web-address.ts";
import {
  type Complaint,
  line,
  quote,
  urlComplaint,
  withoutComplaint,
} from "../platform/setting.ts";

const since = "the next version";

/** The address of a site, without the slash at its end. */
const site = withoutComplaint(siteComplaint, (value) =>
  (URL.parse(value)?.href ?? value).replace(/\/+$/, ""),
);

/**
 * The fault of a site's address. An address on this machine is for trials: no reader gets a link to it, and it needs no
 * certificate.
 */
export function siteComplaint(value: string): Complaint | undefined {
  const url = URL.parse(value);
  if (url && /[?#]/.test(value))
    return [
      `is ${quote(value)}, to which no page can be added`,
      "end it with the path, if it has one",
    ];
  const isHere = url?.protocol === "http:" && isOnThisMachine(url);
  return isHere && !/[{}]/.test(value) && !url.password ? undefined : urlComplaint(value);
}

/** The address at which a provider reports the results of messages. A token in each message identifies its reader. */
const hooks = z.strictObject({
  ses: z
    .strictObject({
      topic: withoutComplaint(topicComplaint).meta({
        description: "The ARN of the SNS topic that the events come from.",
        example: "arn:aws:sns:eu-west-1:123456789012:letter-events",
      }),
      configurationSet: withoutComplaint(configurationSetComplaint).meta({
        description: "The configuration set that publishes the events; each message names it.",
        example: "letter",
      }),
    })
    .optional()
    .meta({
      description: "Amazon SES, by SNS: `/hooks/ses`.",
      example: {
        topic: "arn:aws:sns:eu-west-1:123456789012:letter-events",
        configurationSet: "letter",
      },
    }),
  postmark: z.boolean().default(false).meta({
    description: "Postmark: `/hooks/postmark`. `broadsheet doctor` prints its password.",
    example: true,
  }),
});

function topicComplaint(value: string): Complaint | undefined {
  if (/^arn:aws(?:-[a-z]+)*:sns:[a-z0-9-]+:\d{12}:[\w.-]+$/.test(value)) return undefined;
  return [
    `is ${quote(value)}, which is no ARN of an SNS topic`,
    'copy it from the console of SNS, such as "arn:aws:sns:eu-west-1:123456789012:letter-events"',
  ];
}

function configurationSetComplaint(value: string): Complaint | undefined {
  if (/^[\w-]{1,64}$/.test(value)) return undefined;
  return [
    `is ${quote(value)}, which is no name of a configuration set`,
    "use the name from the console of SES: letters, digits, hyphens and underscores",
  ];
}

const serve = z.strictObject({
  host: line.default("127.0.0.1").meta({
    description:
      "The address to listen on. 0.0.0.0 is every address of the machine, as a container needs it.",
    example: "0.0.0.0",
  }),
  port: z.int().min(0).max(65_535).default(8025).meta({
    description: "The port to listen on. 0 is any port that is free.",
    example: 8080,
  }),
  trustProxy: z
    .union([z.boolean(), z.int().min(1).max(10)])
    .default(false)
    .meta({
      description:
        "How many reverse proxies stand before the server; true is one. The last of them names the reader's network in X-Forwarded-For. false: no header is believed.",
      example: true,
    }),
  joinsPerHour: z.int().positive().default(60).meta({
    description:
      "The most confirming mails that the subscribe form sends in an hour; a sixth of them for browsers without JavaScript.",
    example: 200,
  }),
  hooks: hooks.optional().meta({
    description:
      "The providers that report bounces and complaints to the server. Messages then carry the reader's token in the field that the provider sends back.",
    example: { postmark: true },
    since,
  }),
});

/** The addresses at which readers find the newsletter on the web. */
export const siteSettings = {
  site: site.optional().meta({
    description:
      "The address of the newsletter's pages, which `serve` and `archive` make; a path is allowed. BROADSHEET_SITE in the environment overrides it.",
    example: "https://letter.example/news",
    since,
  }),
  serve: serve.optional().meta({
    description:
      "The pages by which readers leave, join and change what they get, served by `broadsheet serve`. Needs `site`. The links of every issue lead there, unless `urls.unsubscribe` and `modules.subscribe` say otherwise.",
    example: {},
    since,
  }),
  archive: z
    .strictObject({
      dir: line
        .default("public")
        .meta({ description: "The folder of the pages.", example: "public" }),
    })
    .optional()
    .meta({
      description:
        "The sent issues as web pages, written by `broadsheet archive` and before each issue is sent. Needs `site`. `urls.web` and `urls.archive` are there, unless they say otherwise.",
      example: {},
      since,
    }),
};

/** The settings from which links follow. */
interface Site {
  readonly site?: string | undefined;
  readonly serve?: object | undefined;
  readonly archive?: object | undefined;
}

/** The key that needs a site, if the config has no site. */
export function siteless({ site, serve, archive }: Site): "serve" | "archive" | undefined {
  if (site !== undefined) return undefined;
  return serve ? "serve" : archive && "archive";
}

/** The links that follow from a site, with `{token}` and `{slot}` in them. Without a server, readers unsubscribe by mail. */
export function urlsOfSite({ site, serve, archive }: Site) {
  return {
    ...(serve && { unsubscribe: `${site}/u/{token}`, preferences: `${site}/p/{token}` }),
    ...(archive && { web: `${site}/{slot}/`, archive: `${site}/` }),
  };
}
