// `npm run golden` writes this file from the settings that each room declares.

/** A place that new articles come from, with what is taken of it. */
interface SourceSetting {
  /** A folder, a file, an export or OPML, relative to the config, or the address of a feed or a page. */
  from: string;
  /** The most new articles of it in an issue. The latest are taken, and the others wait for the next issue. */
  limit?: number;
  /**
   * Only articles with one of these in the title or address: whole words in any case. `*` stands for any
   * characters: "ferr*" finds ferry and ferries, "paper.example/sport*" a part of a site.
   */
  include?: string | string[];
  /** No article with one of these. */
  exclude?: string | string[];
  /** Tags added before those of its articles; `sections` may use them. */
  tags?: string | string[];
  /** Its stories come first, after `pins`. false by default. */
  pin?: boolean;
  /** The weight of its news against that of other sources. Twice the weight counts as one day newer. 1 by default. */
  weight?: number;
  /** Whether it is not collected for now. Its earlier articles stay known. false by default. */
  paused?: boolean;
  /** Whether it may be inside your network. Its links to other servers may not lead there. false by default. */
  allowPrivate?: boolean;
}

/** A section of your own. */
interface SectionSetting {
  /** The heading above its stories. */
  heading: string;
  /** The section takes the stories with one of these tags. */
  tags?: string[];
  /** The section takes the stories of these papers, given by name or by host such as "paper.example". */
  sources?: string[];
  /** "line" shows all its stories in brief; by default each is a row. */
  weight?: "pair" | "row" | "line";
}

/** An address, `"Name <address>"`, or the two apart. */
type SenderSetting =
  | string
  | {
      /** `name@domain`. */
      address: string;
      /** Shown before it. */
      name?: string;
    };

/** A key to sign with. */
interface DkimKeySetting {
  /** Names the DNS record with the public key: `<selector>._domainkey.<domain>`. */
  selector: string;
  /** That of `from` by default. */
  domain?: string;
  /** The file of the private key, in PEM; that in `BROADSHEET_DKIM_KEY` by default. */
  keyFile?: string;
}

/**
 * What a config may say. Every key has a default, so an empty file is a newsletter too. docs/config.md has an
 * example of each.
 */
export interface UserConfig {
  /** The newsletter's name, as readers see it. "Broadsheet" by default. */
  name?: string;
  /** Its folder in the outbox: lower-case letters, digits and hyphens. Made from the name by default. */
  slug?: string;
  /** The line under the name. */
  tagline?: string;
  /**
   * BCP 47: the language of everything that isn't an article; that of most stories by default. docs/templates.md
   * lists those that an issue's own words are in.
   */
  language?: string;
  /** Other languages that its stories may be in. A collected story in another language is left out. */
  languages?: string[];
  /**
   * The least probability, 0 to 1, that an editor would send an issue unchanged. An issue below it is not called
   * ready, and the schedule does not send it without approval. By default there is no limit; report.json has the
   * probability. 0 by default.
   */
  leastReady?: number;
  /** IANA name: decides which day an issue is built on. "UTC" by default. */
  timeZone?: string;
  /** The number readers see on the front page. The schedule counts up from it: it is that of its first issue. */
  number?: number;
  /** Shown in the footer: anti-spam law in most countries asks for one. */
  postalAddress?: string;
  /** The reason why the reader gets the mail, shown in the footer. */
  reason?: string;
  /** Who edits the issues. The footer says so, and that answers are read: answers have to reach that person. */
  editor?: string;
  /** Links at the foot of every issue. */
  urls?: {
    /** The issue on the web; `{slot}` stands for the slot, such as its date. */
    web?: string;
    /** One click ends the subscription; `{token}`, in the path or the query, stands for the reader. */
    unsubscribe?: string;
    /** Earlier issues, for the header field List-Archive; `{slot}` stands for the slot, such as its date. */
    archive?: string;
  };
  /**
   * The address of the newsletter's pages, which `serve` and `archive` make; a path is allowed. BROADSHEET_SITE in
   * the environment wins.
   */
  site?: string;
  /**
   * The pages by which readers leave, join and change what they get, served by `broadsheet serve`. Needs `site`.
   * The links of every issue lead there, unless `urls.unsubscribe` and `modules.subscribe` say otherwise.
   */
  serve?: {
    /**
     * The address to listen on. 0.0.0.0 is every address of the machine, as a container needs it. "127.0.0.1" by
     * default.
     */
    host?: string;
    /** The port to listen on. 0 is any port that is free. 8025 by default. */
    port?: number;
    /**
     * How many reverse proxies stand before the server; true is one. The last of them names the reader's network in
     * X-Forwarded-For. false: no header is believed. false by default.
     */
    trustProxy?: boolean | number;
    /**
     * The most confirming mails that the subscribe form sends in an hour; a sixth of them for browsers without
     * JavaScript. 60 by default.
     */
    joinsPerHour?: number;
    /**
     * The providers that report bounces and complaints to the server. Messages then carry the reader's token in the
     * field that the provider sends back.
     */
    hooks?: {
      /** Amazon SES, by SNS: `/hooks/ses`. */
      ses?: {
        /** The ARN of the SNS topic that the events come from. */
        topic: string;
        /** The configuration set that publishes the events; each message names it. */
        configurationSet: string;
      };
      /** Postmark: `/hooks/postmark`. `broadsheet doctor` prints its password. false by default. */
      postmark?: boolean;
    };
  };
  /**
   * The sent issues as web pages, written by `broadsheet archive` and before each issue is sent. Needs `site`.
   * `urls.web` and `urls.archive` are there, unless they say otherwise.
   */
  archive?: {
    /** The folder of the pages. "public" by default. */
    dir?: string;
  };
  /**
   * Where new articles come from: folders, files, documents, exports, OPML, feeds and pages. The content folder
   * alone by default.
   */
  sources?: (string | SourceSetting)[];
  /** Folder of the articles. Folders are relative to the config. "content" by default. */
  content?: string;
  /** Fetch the page of a feed's item where the feed has only a part of it. true by default. */
  follow?: boolean;
  /** An issue has so many stories at least; fewer wait for the next one. 1 by default. */
  minItems?: number;
  /** An issue has so many stories at most; the others wait. 20 by default where there are `sources`. */
  maxItems?: number;
  /**
   * The age before the last issue from which an article is too old: "14d" by default where there are `sources`.
   * Before the first issue it counts from now. An article without a date is new once, and so is a page that a
   * source names by its address.
   */
  window?: string;
  /** "again": an article that was in an issue is new again when more than a typo changed. "ignore" by default. */
  edited?: "ignore" | "again";
  /** Parts of a story to leave out, such as `{ timeline: false }`; all but `follows` are shown by default. */
  parts?: {
    /** Key points. */
    keyPoints?: boolean;
    /** The pull quote. */
    quote?: boolean;
    /** Who's who. */
    people?: boolean;
    /** The timeline. */
    timeline?: boolean;
    /** What is counted, in figures. */
    figures?: boolean;
    /** The earlier story that it follows; shown if true. */
    follows?: boolean;
  };
  /** Merge articles about one story. true by default. */
  merge?: boolean;
  /**
   * "given": as the files and addresses are named. "weight": by news value. By default articles that you name one
   * by one stay as given, and the items of feeds and exports are ordered by weight.
   */
  order?: "given" | "weight";
  /** Stories that come first, in this order: addresses, headlines or file names. The first one leads. */
  pins?: string[];
  /**
   * How the stories after the lead are grouped. "auto": 13 and more by tag or else by source, where most of them
   * then stand under a heading. Stories of no section come last. "auto" by default.
   */
  sections?: SectionSetting[] | "auto" | "none" | "tag" | "source";
  /**
   * A language model that writes the gist, the key points and the subject, and merges and orders the stories. Its
   * texts are checked against the articles. Without it, summaries are the articles' own sentences. Its key comes
   * from the environment: BROADSHEET_MODEL_KEY, or ANTHROPIC_API_KEY or OPENAI_API_KEY for those two.
   */
  summary?: {
    /** "openai-compatible" is any server that speaks OpenAI's chat completions; it needs `baseURL`. */
    provider: "anthropic" | "openai" | "openai-compatible";
    /** The name that the provider gives it. */
    model: string;
    /** The address of the model; by default the provider's own. */
    baseURL?: string;
    /** The time limit of one question, retries included: 60000 by default, 1200000 on this machine. */
    timeoutMs?: number;
    /** The number of retries of a failed request. 2 by default. */
    retries?: number;
    /** The number of articles summarised at a time: 4 by default, 1 on this machine. */
    concurrency?: number;
    /**
     * The most input and output tokens of one issue. The rest of the issue does without the model. 200000 by
     * default.
     */
    maxTokens?: number;
  };
  /** "digest", "brief", "letter" or a template of your own. By default one story makes a brief, several a digest. */
  template?: string;
  /** A picture instead of the name. */
  logo?: {
    /** A file, relative to the config, or an https address. */
    src: string;
    /** The logo for dark backgrounds. Without it, a logo with a transparent background gets a light plate there. */
    dark?: string;
    /** The alt text of the logo; the newsletter's name by default. */
    alt?: string;
    /** The width in the email, px; by default half the width of the picture, at most 280. */
    width?: number;
  };
  /** The accent colour, `#RRGGBB`. */
  accent?: string;
  /** The accent colour on a dark background; derived from `accent` by default. */
  accentDark?: string;
  /** Font lists in the syntax of CSS. The fonts have to be on the readers' devices: none is downloaded. */
  fonts?: {
    /** Fonts instead of the template's serif. */
    serif?: string;
    /** Fonts instead of its sans-serif. */
    sans?: string;
  };
  /** More content at the foot of every issue. */
  footer?: {
    /** Lines of text. */
    lines?: string[];
    /** Links below the lines. */
    links?: {
      /** The text of the link. */
      text: string;
      /** The address of the link. */
      url: string;
    }[];
  };
  /** The parts of an issue beside its stories. */
  modules?: {
    /** Numbered contents, from four stories on; shown by default. */
    contents?: boolean;
    /** A pull quote of a story; shown by default. */
    quote?: boolean;
    /** A number of a story, set big; shown by default. */
    number?: boolean;
    /** One advertisement, marked as such. */
    sponsor?: {
      /** Who pays for it, which readers see. */
      name: string;
      /** Its headline. */
      title: string;
      /** A sentence or two below it. */
      text?: string;
      /** The address of the link. */
      url: string;
      /** The text of its link, which says where it leads. */
      link: string;
      /** A picture above its headline. */
      image?: {
        /** A file, relative to the config, or an https address. */
        src: string;
        /** The alt text. */
        alt?: string;
      };
    };
    /**
     * Whether an issue was worth the time: a page in whose address `{answer}` becomes yes or no and `{slot}` the
     * issue's slot, such as its date, or an email address.
     */
    feedback?: string;
    /** Where a reader of a forwarded issue can subscribe. */
    subscribe?: string;
    /** Links to forward an issue and to share its page, where `urls.web` says where that is; shown by default. */
    share?: boolean;
    /** A note at the end of every issue. */
    closing?: string;
  };
  /** The names of papers that their pages do not give well, by host. A host stands for its subdomains too. */
  papers?: Record<string, string>;
  /** How pictures reach readers. */
  images?: {
    /** Copy pictures of the web into the issue. false: link to them where they are. true by default. */
    copy?: boolean;
    /**
     * Where readers find what is in the issue's `images/`; `{slot}` stands for the slot, such as its date.
     * Without it the pictures travel inside each message.
     */
    baseUrl?: string;
  };
  /** Folder of the issues built. `BROADSHEET_OUTBOX` in the environment wins. "outbox" by default. */
  outbox?: string;
  /** Folder of your own templates. "templates" by default. */
  templates?: string;
  /**
   * The file with the subscribers and what they were sent. `DATABASE_URL` in the environment or in `.env` wins: it
   * names a database of PostgreSQL. ".broadsheet/broadsheet.db" by default.
   */
  store?: string;
  /** The sender. No issue is sent from an example address such as one of example.org. */
  from?: SenderSetting;
  /** The address for answers, if it is not `from`. */
  replyTo?: SenderSetting;
  /** Keys to sign every message with (DKIM): RSA, Ed25519 or one of each. Without any the relay may sign. */
  dkim?: DkimKeySetting | DkimKeySetting[];
  /**
   * "sendmail" gives each message to a mail server's program on this machine, "outbox" writes it to a file in the
   * issue's `messages/`. "smtp" by default.
   */
  transport?: "smtp" | "sendmail" | "outbox";
  /** The program that `transport: "sendmail"` gives messages to. "/usr/sbin/sendmail" by default. */
  sendmail?: string;
  /** The text before the subject of a copy that `send --to` sends. */
  testSubject?: string;
  /** How messages go to the server in `SMTP_URL`. */
  smtp?: {
    /** Never send unencrypted. A server on this machine may be without TLS. true by default. */
    requireTls?: boolean;
    /**
     * The number of messages in flight. Half of them are on their way, each over a connection of its own, and half
     * are ready to follow. With "sendmail" all of them are on their way, each in a process of its own. If Broadsheet
     * is killed, the readers of the messages on their way are in doubt. If the power fails, up to 200 readers are.
     * 20 by default.
     */
    concurrency?: number;
    /**
     * The limits that the server sets for your account: a number of messages a second, or limits by `/s`, `/min`,
     * `/h` and `/day`. When the limit by `/h` or `/day` is used up, the run ends with 75 and says when to go on.
     * Without this setting the rate is learned when the server complains, and kept for the next run.
     */
    rate?: number | string;
    /**
     * Ceilings for each recipient domain. Below them a domain begins with two messages in flight, and gets one more
     * for each message that it accepts.
     */
    perDomain?: {
      /** The most messages in flight to one domain. */
      concurrency?: number;
      /** The most messages a second to one domain. */
      rate?: number;
    };
    /** How long the server may take. All limits are times such as `"30s"` or `"2m"`. */
    timeouts?: {
      /** Until the connection is made, the name looked up and TLS included. "20s" by default. */
      connect?: string;
      /** For the server's first words. "30s" by default. */
      greeting?: string;
      /**
       * For each answer, also the one after a message. If two messages to a recipient domain get no answer in time,
       * the domain is left alone for 15 minutes. "2m" by default.
       */
      reply?: string;
      /** For one message from first to last. "5m" by default. */
      send?: string;
    };
  };
  /**
   * Sends each issue to a few readers first. The others get it after a while, unless too many of the first were
   * refused, bounced or complained: then the issue is held, and `hold ISSUE --off` sends the rest.
   */
  canary?: {
    /**
     * The number of readers who get the issue first. A list that is no longer than this has no canary. 200 by
     * default.
     */
    readers?: number;
    /** How long the others wait for the bounces of the first. "15m" by default. */
    wait?: string;
    /** The share of the first readers at which the issue is held. "2%" by default. */
    stopAt?: string;
  };
  /**
   * For how long an issue is worth sending, from when its sending began. A reader that a server puts off is tried
   * for so long, up to two days, and gets it no more after that. "48h" by default.
   */
  expires?: string;
  /**
   * The address in the mailto: link by which readers leave; `from` by default. A mail to it counts by the token in
   * its subject, which the link writes there.
   */
  unsubscribeMailto?:
    | string
    | {
        /** The address. */
        address: string;
        /**
         * The mail server that receives these mails, as it names itself in Authentication-Results and in Received. Where
         * it reports that From passed DMARC, a mail counts for its sender too.
         */
        trustAuthserv?: string;
      };
  /**
   * The address to which undeliverable messages return; `from` by default. Each reader's copy has an address of
   * its own there: `bounces+TOKEN@domain` for `bounces@domain`.
   */
  bounce?: string;
  /**
   * Where `run` first reads returned messages: Maildirs, folders of .eml files, mboxes. For a mailbox on a server
   * set BOUNCES_URL.
   */
  bounces?: string | string[];
  /**
   * The number of issues in a row with a temporary bounce, such as a full mailbox, over two weeks at least, after
   * which an address gets no more. false: no limit. 5 by default.
   */
  softBounces?: number | false;
  /** When issues are due; `broadsheet schedule explain` shows it. */
  schedule?: {
    /** Five fields of cron: minute, hour, day, month, weekday. "0 7 * * 2" is Tuesdays at 7:00. */
    cron: string;
    /** IANA name; `timeZone` by default. */
    zone?: string;
    /**
     * What happens to an issue whose time passed while no run took place. "once": the latest is sent late, up to
     * `maxLate`. "skip": never. "merge": as "once", with the stories that the missed ones would have had. "once" by
     * default.
     */
    catchUp?: "skip" | "once" | "merge";
    /** An issue that is later isn't sent. "12h" by default. */
    maxLate?: string;
    /**
     * "auto": what passes its checks is sent, unless all of it was read with doubt or the check marked lines of a
     * model. "manual": `notify` is sent the issue with its findings, and it goes out with `broadsheet approve` or
     * `broadsheet send`, or not at all. "auto" by default.
     */
    approval?: "auto" | "manual";
    /** The address that gets the issues to approve. */
    notify?: string;
    /**
     * The address to call when a run begins, ends well (the address itself) or fails (its exit code), as
     * Healthchecks expects. BROADSHEET_PING_URL in the environment wins.
     */
    ping?: string;
  };
  /**
   * The mail programs of your readers, with shares or counts: `check` weighs unsupported features by them. A mixed
   * list by default; docs/checks.md has the names.
   */
  audience?: Record<string, number>;
}
