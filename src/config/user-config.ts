/** An address, `"Name <address>"`, or the two apart. */
type UserAddress = string | { address: string; name?: string };

/** A section of your own: the stories with one of the tags, or from one of the sources. */
interface UserSection {
  heading: string;
  tags?: string[];
  /** Names of papers, or hosts such as "paper.example". */
  sources?: string[];
}

/** A key to sign with. */
interface UserDkimKey {
  /** Names the DNS record with the public key: `<selector>._domainkey.<domain>`. */
  selector: string;
  /** That of `from` by default. */
  domain?: string;
  /** The file of the private key, in PEM; that in `BROADSHEET_DKIM_KEY` by default. */
  keyFile?: string;
}

/** A place that new articles come from, with what is taken of it. */
interface UserSource {
  /** A folder, a file or an export, relative to this file, or the address of a feed or a page. */
  from: string;
  /** So many new articles of it in an issue at most, the latest; the others wait for the next one. */
  limit?: number;
  /**
   * Only what has one of these in its title or address: whole words as they stand, in any case. `*` is whatever
   * may stand there: "ferr*" finds ferry and ferries, "paper.example/sport*" a part of a site.
   */
  include?: string | string[];
  /** Nothing that has one of these. */
  exclude?: string | string[];
  /** Whether it may be inside your network. What it links to on other servers may not. */
  allowPrivate?: boolean;
  /** Put before the tags of its articles; `sections` may go by them. */
  tags?: string | string[];
  /** Its stories come first, after `pins`. */
  pin?: boolean;
  /** How much its news counts against that of others, 0.1 to 10; 1 by default. Twice as much is a day newer. */
  weight?: number;
}

/** What `broadsheet.config.ts` may say. Every key has a default, so an empty file is a newsletter too. */
export interface UserConfig {
  /** The newsletter's name, as readers see it. */
  name?: string;
  /** Its folder in the outbox: lower-case letters, digits and hyphens. Made from the name by default. */
  slug?: string;
  /** The line under the name. */
  tagline?: string;
  /** BCP 47: the language of everything that isn't an article; that of most stories by default. */
  language?: string;
  /** IANA name, "UTC" by default: decides which day an issue is built on. */
  timeZone?: string;
  /** Who it comes from. */
  from?: UserAddress;
  /** Where answers go, where that isn't `from`. */
  replyTo?: UserAddress;
  /** Shown in the footer: anti-spam law in most countries asks for one. */
  postalAddress?: string;
  /** Why the reader gets this, shown in the footer. */
  reason?: string;
  urls?: {
    /** The issue on the web; `{slot}` stands for the date. */
    web?: string;
    /** One click ends the subscription; `{token}` stands for the reader. */
    unsubscribe?: string;
    /** Earlier issues; `{slot}` stands for the date. */
    archive?: string;
  };
  /** An address that ends the subscription of whoever writes to it. */
  unsubscribeMailto?: string;
  /**
   * Where what can't be delivered comes back to; `from` by default. Each reader's copy has an address of its
   * own there: `bounces+TOKEN@domain` for `bounces@domain`.
   */
  bounce?: string;
  /**
   * After so many issues in a row that came back for now, as of a full mailbox, over two weeks at least, nothing more
   * is sent to an address: 5 by default. false: however many they are.
   */
  softBounces?: number | false;
  /** Keys to sign every message with (DKIM): RSA, Ed25519 or one of each. Without any the relay may sign. */
  dkim?: UserDkimKey | UserDkimKey[];
  images?: {
    /** Copy pictures of the web into the issue; true by default. false: link to them where they are. */
    copy?: boolean;
    /**
     * Where readers find what is in the issue's `images/`; `{slot}` stands for the date. Without
     * it the pictures travel inside each message.
     */
    baseUrl?: string;
  };
  /** The number readers see on the front page. The schedule counts up from it: it is that of its first issue. */
  number?: number;
  /** "digest", "brief", "letter" or one of your own. By default one story makes a brief, several a digest. */
  template?: string;
  /** Parts of a story to leave out, such as `{ timeline: false }`; all but `follows` are shown by default. */
  parts?: {
    keyPoints?: boolean;
    quote?: boolean;
    people?: boolean;
    timeline?: boolean;
    figures?: boolean;
    /** Which earlier issue told what a story follows; false by default. */
    follows?: boolean;
  };
  /** Merge articles that tell one story; true by default. */
  merge?: boolean;
  /**
   * "given": as the files and addresses are named. "weight": new stories that many papers have first.
   * By default what you name one by one stands as given, and the items of feeds and exports by weight.
   */
  order?: "given" | "weight";
  /** Stories that come first, in this order: addresses, headlines or file names. The first one leads. */
  pins?: string[];
  /** How the stories after the lead are grouped: "none" by default. What no section takes comes last. */
  sections?: "none" | "tag" | "source" | UserSection[];
  /** A picture in the place of the name. Each is a file, relative to this one, or an https address. */
  logo?: {
    src: string;
    /** The same for a dark ground. Without it, one with a clear ground stands on light paper there. */
    dark?: string;
    /** What it says, for those who don't see it; the newsletter's name by default. */
    alt?: string;
    /** As it is shown, px, up to 520; by default half of its own width, up to 280. */
    width?: number;
  };
  /**
   * A language model that writes the gist and the key points, checked against the article; without it they
   * are the article's own sentences. Its key comes from the environment: BROADSHEET_MODEL_KEY, or
   * ANTHROPIC_API_KEY or OPENAI_API_KEY for those two.
   */
  summary?: {
    /** "openai-compatible" is any server that speaks OpenAI's chat completions. */
    provider: "anthropic" | "openai" | "openai-compatible";
    /** As the provider calls it. */
    model: string;
    /** Where it is asked; needed for "openai-compatible", such as "http://127.0.0.1:11434/v1". */
    baseURL?: string;
    /** How long one article may take, waiting and further tries included; 60,000 by default, 1,200,000 on this machine. */
    timeoutMs?: number;
    /** How often a failed request is made again; 2 by default. */
    retries?: number;
    /** How many articles are asked for at a time; 4 by default, 1 on this machine. */
    concurrency?: number;
    /** The most tokens that one issue may cost, in and out; 200,000 by default. The rest does without. */
    maxTokens?: number;
  };
  /** The one colour, `#RRGGBB`. */
  accent?: string;
  /** The same on a dark ground; derived from `accent` by default. */
  accentDark?: string;
  /** Lists of fonts as CSS writes them, such as `"'Iowan Old Style',Georgia,serif"`; none is fetched. */
  fonts?: { serif?: string; sans?: string };
  /** More lines of text and links at the foot of every issue. */
  footer?: { lines?: string[]; links?: { text: string; url: string }[] };
  /** Fetch the page of a feed's item where the feed has only a part of it; true by default. */
  follow?: boolean;
  /**
   * Where new articles come from: folders, files, exports, feeds and pages, such as
   * `["content", "https://paper.example/feed.xml"]`. The content folder alone by default.
   */
  sources?: (string | UserSource)[];
  /** An issue has so many stories at least, 1 by default; fewer wait for the next one. */
  minItems?: number;
  /** An issue has so many stories at most; the others wait. 20 by default where there are `sources`. */
  maxItems?: number;
  /**
   * What is dated so long before the last issue is old and never new: "14d" by default where there are
   * `sources`. Before the first issue it counts from now. What has no date is new once.
   */
  window?: string;
  /** "again": an article that was in an issue is new again when more than a typo changed. "ignore" by default. */
  edited?: "ignore" | "again";
  /** When issues are due; `broadsheet schedule explain` shows it. */
  schedule?: {
    /** Five fields of cron: minute, hour, day, month, weekday. "0 7 * * 2" is Tuesdays at 7:00. */
    cron: string;
    /** IANA name; `timeZone` by default. */
    zone?: string;
    /**
     * What becomes of an issue that nobody was there for. "once" by default: the latest is sent late, up to
     * `maxLate`. "skip": never. "merge": as "once", with the stories that the missed ones would have had.
     */
    catchUp?: "skip" | "once" | "merge";
    /** "12h" by default: an issue that is later isn't sent. */
    maxLate?: string;
    /**
     * "auto" by default: what passes its checks is sent. "manual": `notify` is sent a copy, and the issue goes out
     * with `broadsheet approve`, or not at all.
     */
    approval?: "auto" | "manual";
    /** Who is sent the issues to approve. */
    notify?: string;
    /**
     * Told when a run begins, ends well (the address itself) or fails (its exit code), in the manner of
     * Healthchecks. BROADSHEET_PING_URL in the environment wins.
     */
    ping?: string;
  };
  /**
   * For how long an issue is worth sending, from when its sending began: "48h" by default. Whom a server puts
   * off is tried for so long, up to two days, and whoever hasn't got it then gets it no more.
   */
  expires?: string;
  /** Folder of the articles, "content" by default. Folders are relative to this file. */
  content?: string;
  /** Folder of the issues built, "outbox" by default. `BROADSHEET_OUTBOX` in the environment wins. */
  outbox?: string;
  /** Folder of your own templates, "templates" by default. */
  templates?: string;
  /** The file with the subscribers and what they were sent, ".broadsheet/broadsheet.db" by default. */
  store?: string;
  /**
   * What your readers read mail with, and how many of them, such as `{ gmail: 0.5, "outlook.windows": 0.2 }`:
   * `check` weighs by it what their programs don't know. A mixed list by default.
   */
  audience?: Record<string, number>;
  /**
   * "smtp" by default; "sendmail" gives each message to a mail server's program on this machine, "outbox" writes it
   * to a file in the issue's `messages/`.
   */
  transport?: "smtp" | "sendmail" | "outbox";
  /** That program, "/usr/sbin/sendmail" by default. */
  sendmail?: string;
  /** What stands before the subject of a copy that `send --to` sends, such as "[Test]". */
  testSubject?: string;
  smtp?: {
    /** Never send in clear; true by default, and not asked of a server on this machine. */
    requireTls?: boolean;
    /**
     * So many messages may be in flight, 20 by default: half of them on their way over as many connections, half
     * ready to follow; with "sendmail" all on their way, in a process each. If the machine stops dead, so many readers
     * are in doubt.
     */
    concurrency?: number;
    /** At most so many a second. */
    rate?: number;
    /** The same for each domain that readers have their addresses at. */
    perDomain?: { concurrency?: number; rate?: number };
  };
}
