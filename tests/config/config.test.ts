import path from "node:path";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseConfig, settings } from "../../src/config/config.ts";
import { inScript } from "../../src/config/invalid-config.ts";
import { slugify } from "../../src/config/newsletter.ts";
import RELATED_SETTINGS from "../../src/config/related-settings.json" with { type: "json" };
import type { UserConfig } from "../../src/config/user-config.ts";
import { BroadsheetError } from "../../src/errors.ts";
import type { Environment } from "../../src/platform/environment.ts";
import { isPlaceholder } from "../../src/subscribers/recipient.ts";
import { cpuSecondsOf } from "../cpu-time.ts";

const FILE = path.resolve("/letters/broadsheet.config.ts");

function parse(raw: unknown, env: Environment = {}, text = "") {
  return parseConfig(raw, env, FILE, inScript(text));
}

/** The error that a config gives. */
function refusal(raw: unknown, text = ""): BroadsheetError {
  try {
    parse(raw, {}, text);
  } catch (error) {
    if (error instanceof BroadsheetError) return error;
    throw error;
  }
  throw new Error("the config was accepted");
}

/** The words of that error, with its fix. */
function said(raw: unknown): string {
  const { message, fix } = refusal(raw);
  return `${message} | ${fix}`;
}

describe("defaults", () => {
  test("an empty config is a whole newsletter", () => {
    expect(parse({})).toEqual({
      name: "Broadsheet",
      slug: "broadsheet",
      bounces: [],
      expires: 172_800_000,
      leastReady: 0,
      timeZone: "UTC",
      from: { name: "Broadsheet", address: "newsletter@example.org" },
      urls: {},
      softBounces: 5,
      dkim: [],
      images: { copy: true },
      follow: true,
      merge: true,
      papers: {},
      pins: [],
      sections: "auto",
      modules: {},
      folder: path.resolve("/letters"),
      sources: [
        {
          from: path.resolve("/letters/content"),
          name: "content",
          include: [],
          exclude: [],
          tags: [],
          pin: false,
          weight: 1,
          paused: false,
          allowPrivate: false,
        },
      ],
      minItems: 1,
      edited: "ignore",
      content: path.resolve("/letters/content"),
      outbox: path.resolve("/letters/outbox"),
      sendmail: path.resolve("/usr/sbin/sendmail"),
      templates: path.resolve("/letters/templates"),
      store: { file: path.resolve("/letters/.broadsheet/broadsheet.db") },
      transport: "smtp",
      smtp: {
        requireTls: true,
        concurrency: 20,
        perDomain: {},
        timeouts: { connectMs: 20_000, greetingMs: 30_000, replyMs: 120_000, sendMs: 300_000 },
      },
      secrets: {},
    });
  });

  test("a default sender is one that nothing is sent from", () => {
    expect(isPlaceholder(parse({}).from.address)).toBe(true);
  });

  test("a name without a letter still has a folder", () => {
    expect(parse({ name: "!!!" }).slug).toBe("newsletter");
  });
});

describe("how issues look", () => {
  test("a logo, fonts and a footer are kept as written, fonts with single quotation marks", () => {
    const given = {
      logo: { src: "art/logo.png", dark: "https://a.example/dark.png", width: 200 },
      fonts: { serif: '"Iowan Old Style", Georgia, serif' },
      footer: {
        lines: ["Set by hand."],
        links: [{ text: "Back issues", url: "https://a.example/" }],
      },
    };
    expect(parse(given)).toMatchObject({
      ...given,
      fonts: { serif: "'Iowan Old Style',Georgia,serif" },
    });
  });

  test.each<[UserConfig, string]>([
    [{ logo: { src: "http://a.example/x.png" } }, "which is not an https address"],
    [{ logo: { src: "" } }, '"logo.src" is empty'],
    [{ logo: { src: "x.png", width: 900 } }, '"logo.width" is more than 520'],
    [{ fonts: { serif: "Lora" } }, "which is not a list of fonts"],
    [{ fonts: { sans: "url(https://f.example/lora.woff2), serif" } }, "which is not a list of"],
    [{ fonts: { sans: "Inter;color:red, serif" } }, "which is not a list of fonts"],
    [{ footer: { links: [{ text: "x", url: "javascript:alert(1)" }] } }, "not an https address"],
    [{ accent: "reddish" }, '"accent" is "reddish", which is not a colour'],
  ])("%j is refused", (raw, told) => {
    expect(refusal(raw).message).toContain(told);
  });

  test("a logo that is only a name is told what it must be", () => {
    expect(refusal({ logo: "logo.png" }).message).toBe(
      '"logo" must be an object in { }, not "logo.png"',
    );
    expect(refusal({ logo: { src: "x.png", widht: 9 } }).fix).toBe('did you mean "logo.width"?');
  });
});

describe("values", () => {
  test.each<[UserConfig["from"], object]>([
    ["post@slipway.example", { name: "Slipway", address: "post@slipway.example" }],
    ["Ada <a@b.example>", { name: "Ada", address: "a@b.example" }],
    [
      { address: "a@b.example", name: "Ada, B." },
      { name: "Ada, B.", address: "a@b.example" },
    ],
  ])("a sender may be written as %j", (from, expected) => {
    expect(parse({ name: "Slipway", from }).from).toEqual(expected);
  });

  test("a language is brought into its canonical form", () => {
    expect(parse({ language: "PT-br" }).language).toBe("pt-BR");
  });

  test.each(["https://a.example/mail/{slot}", "https://a.example/mail/{slot}//"])(
    "the folder of hosted pictures ends in one slash: %s",
    (baseUrl) => {
      const images = { copy: true, baseUrl: "https://a.example/mail/{slot}/" };
      expect(parse({ images: { baseUrl } }).images).toEqual(images);
    },
  );
});

test("the environment: holds the secrets before this one, each in a variable of its own", () => {
  const env = { BROADSHEET_SECRET_OLD: "a, b", BROADSHEET_SECRET_OLD_2: "c", OTHER: "d" };
  expect(parse({}, env).secrets).toEqual({ oldSecrets: ["a, b", "c"] });
});

describe("what is refused", () => {
  test.each<[string, unknown, string, string]>([
    ["an unknown key", { zzz: "x", name: "X" }, '"zzz" is not a setting', "docs/config.md has"],
    ["a word of other programs", { feeds: [] }, '"feeds" is not a setting', 'mean "sources"?'],
    [
      "such a word, mistyped",
      { theem: "x" },
      "not a setting",
      '"template" or "accent" or "fonts"?',
    ],
    [
      "an unknown key in a few",
      { images: { zzz: 1 } },
      '"images.zzz"',
      "images.copy, images.baseUrl",
    ],
    ["a slug that climbs out", { slug: "../../x" }, '"slug" is "../../x"', 'such as "x"'],
    ["no language", { language: "english" }, '"language" is "english"', "BCP 47"],
    ["an undetermined language", { language: "und" }, '"language" is "und"', "BCP 47"],
    ["a time zone", { timeZone: "Europe/Berln" }, "not a time zone", '"Europe/Berlin"'],
    ["an offset", { timeZone: "+01:00" }, "not a time zone", "IANA name"],
    ["a sender", { from: "nobody" }, '"from" is "nobody"', "Name <name@domain>"],
    ["a line break", { name: "A\nBcc: x@y.example" }, '"name" has a line break', "one line"],
    ["an empty name", { name: " " }, '"name" is empty', "remove the line"],
    ["http", { urls: { web: "http://a.example" } }, "not an https address", "https://"],
    ["another placeholder", { urls: { web: "https://a.example/{token}" } }, '"urls.web" is', "{sl"],
    ...["", "#{token}", "#/{token}?"].map((end): [string, unknown, string, string] => [
      `an unsubscribe link that says of no reader who leaves, with "${end}"`,
      { urls: { unsubscribe: `https://a.example/leave${end}` } },
      `"urls.unsubscribe" is "https://a.example/leave${end}", which has no {token} in its path`,
      '"https://letter.example/leave/{token}"',
    ]),
    [
      "a host for each reader",
      { urls: { unsubscribe: "https://{token}.a.example/" } },
      '"urls.unsubscribe" is',
      "put {token} into",
    ],
    ["pictures on http", { images: { baseUrl: "http://a.example" } }, "not an https address", ""],
    [
      "pictures behind a question",
      { images: { baseUrl: "https://a.example/?file=" } },
      '"images.baseUrl" is "https://a.example/?file="',
      "end it with the folder",
    ],
    ["a selector", { dkim: { selector: "a b" } }, '"dkim.selector" is "a b"', "_domainkey"],
    ["a domain", { dkim: { selector: "a", domain: "-" } }, '"dkim.domain" is', "letters.example"],
    ...["14/x", "0/s", "14/s 50000/day", "14/s, 20/s", "", "-1/s", "1.5/s", "14"].map(
      (rate): [string, object, string, string] => [
        "a rate that is none",
        { smtp: { rate } },
        `"smtp.rate" is ${JSON.stringify(rate)}, which is not a rate`,
        '"14/s"',
      ],
    ),
    ["a time limit that is none", { smtp: { timeouts: { reply: "2h" } } }, "time limit", '"2m"'],
    ["a near miss", { smtp: { perDomain: { rat: 1 } } }, "not a setting", '"smtp.perDomain.rate"?'],
    ["number 0", { number: 0 }, '"number" must be 1 or more, not 0', ""],
    ["number 1.5", { number: 1.5 }, '"number" must be a whole number, not 1.5', ""],
    ["a colour's name", { accent: "red" }, '"accent" is "red"', "#RRGGBB"],
    ["a template's path", { template: "../x" }, '"template" is "../x"', "without a path"],
    ["a part's number", { parts: { quote: 0 } }, '"parts.quote" must be true or false, not 0', ""],
    ["an order", { order: "wieght" }, '"order" can\'t be "wieght"', '"given" or "weight"'],
    ["a pin alone", { pins: "The ferry" }, '"pins" must be a list in [ ], not "The ferry"', ""],
    ["a count of bounces", { softBounces: true }, "neither a number of issues nor false", "from 1"],
    [
      "a mailbox with its password",
      { bounces: "imaps://u:p@x" },
      "is a URL",
      "set BOUNCES_URL to it",
    ],
    ["a section's name", { sections: ["Boats"] }, "must be an object in { }", '{ heading: "'],
    ["a day", { schedule: "every tuesday" }, "an object in { }", 'schedule: { cron: "0 7 * * 2" }'],
    ["no day", { schedule: null }, "has no value", 'schedule: { cron: "0 7 * * 2" }'],
    ["a paper", { papers: "x" }, "an object in { }", 'papers: { "courier.example": "The Thornsea'],
    [
      "a section that takes nothing",
      { sections: [{ heading: "Boats" }] },
      '"sections.0" takes no story',
      "tags or sources",
    ],
    ["a list of folders", { content: ["a"] }, "must be a text in quotes, not a list", ""],
    ["a function", () => ({}), "the config must be an object in { }, not a function", "export"],
    ["nothing", undefined, "the config must be an object in { }, not left out", "export default"],
  ])("%s", (_what, raw, message, fix) => {
    expect(refusal(raw)).toMatchObject({ code: "CONFIG_INVALID", where: { file: FILE } });
    expect(said(raw)).toContain(message);
    expect(said(raw)).toContain(fix);
  });

  test.each<[string, unknown]>([
    ["smtp.password", { smtp: { password: "hunter2" } }],
    ["smtp.url", { smtp: { url: "smtp://a:hunter2@b.example" } }],
    ["smtpUrl", { smtpUrl: "smtp://a:hunter2@b.example" }],
    ["secret", { secret: "hunter2" }],
    ["BROADSHEET_SECRET", { BROADSHEET_SECRET: "hunter2" }],
  ])("a secret: %s, with the advice where it belongs and without repeating it", (key, raw) => {
    const error = refusal(raw);
    expect(error.message).toContain(`"${key}"`);
    expect(error.fix).toContain("environment");
    expect(error.message + (error.fix ?? "")).not.toContain("hunter2");
  });

  test("a password in a URL, without repeating it", () => {
    const raw = { urls: { web: "https://me:hunter2@a.example/" } };
    const error = refusal(raw);
    expect(error.message).toContain("contains a password");
    expect(said(raw)).not.toContain("hunter2");
  });

  test("several problems are all listed, with their lines, in the order of the file", () => {
    const text = [
      'import type { Config } from "broadsheet";',
      "// taglin: not this line",
      "export default {",
      '  web: "x", number: -1,',
      '  taglin: "see https://a.example", /* accent: */',
      '  urls: { web: "http://a.example" },',
      '  "accent": "red",',
      "};",
    ].join("\n");
    const raw = {
      web: "x",
      number: -1,
      taglin: "x",
      urls: { web: "http://a.example" },
      accent: "red",
    };
    const { message } = refusal(raw, text);
    expect(message.split("\n")[0]).toBe("5 problems:");
    expect(
      [...message.matchAll(/line (\d+): "([\w.]+)"/g)].map(([, line, key]) => [key, line]),
    ).toEqual([
      ["number", "4"],
      ["web", "4"],
      ["taglin", "5"],
      ["urls.web", "6"],
      ["accent", "7"],
    ]);
  });

  test("twenty thousand keys that don't exist are counted, and those that are shown are looked up", () => {
    const keys = Array.from({ length: 20_000 }, (_, at) => [`unknownSetting${at}`, at]);
    let message = "";
    const seconds = cpuSecondsOf(() => {
      ({ message } = refusal(Object.fromEntries(keys)));
    });
    expect(message).toMatch(/^20000 problems:.* and 19950 more$/s);
    expect(seconds).toBeLessThan(3);
  });

  test("whatever a key is called, the answer is a list of problems", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.anything(), { minKeys: 1 }), (raw) => {
        try {
          parse(raw, {}, JSON.stringify(Object.keys(raw)));
        } catch (error) {
          expect(error).toBeInstanceOf(BroadsheetError);
        }
      }),
    );
  });
});

describe("slugs", () => {
  test.each([
    ["The Slipway", "the-slipway"],
    ["Spring & Neap", "spring-neap"],
    ["Größe über alles?", "große-uber-alles"],
    ["O’Brien’s Letter", "obriens-letter"],
    ["朝のニュース", "朝のニュス"],
    ["Утро", "утро"],
    ["  --  ", ""],
    ["𠮷".repeat(70), "𠮷".repeat(60)],
  ])("%s is %s", (name, slug) => {
    expect(slugify(name)).toBe(slug);
  });

  test("any name gives a slug that is accepted, or none", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (name) => {
        const slug = slugify(name);
        if (slug !== "") expect(parse({ slug }).slug).toBe(slug);
        expect(slug).not.toMatch(/[/\\.]/);
      }),
    );
  });
});

describe("placeholder senders (RFC 2606)", () => {
  test.each([
    "a@example.com",
    "a@example.org",
    "a@mail.example.net",
    "a@x.example",
    "a@x.test",
    "a@EXAMPLE.COM",
    "a@b.invalid",
  ])("%s is one", (address) => expect(isPlaceholder(address)).toBe(true));

  test.each(["a@exampled.org", "example.org@slipway.net", "a@myexample.com", "a@test.de"])(
    "%s is not",
    (address) => expect(isPlaceholder(address)).toBe(false),
  );
});

describe("a language model", () => {
  const model = {
    provider: "openai-compatible",
    model: "small-1",
    baseURL: "http://127.0.0.1:11434/v1/",
  };

  test("has limits without being told, and its address no slash at the end", () => {
    expect(parse({ summary: model }).summary).toEqual({
      provider: "openai-compatible",
      model: "small-1",
      baseURL: "http://127.0.0.1:11434/v1",
      timeoutMs: 1_200_000,
      retries: 2,
      concurrency: 1,
      maxTokens: 200_000,
    });
  });

  test("elsewhere is waited for a minute, and asked four at a time", () => {
    const baseURL = "https://models.example/v1";
    expect(parse({ summary: { ...model, baseURL } }).summary).toMatchObject({
      timeoutMs: 60_000,
      concurrency: 4,
    });
  });

  test.each([
    ["anthropic", { ANTHROPIC_API_KEY: "a", OPENAI_API_KEY: "o" }, "a"],
    ["openai", { ANTHROPIC_API_KEY: "a", OPENAI_API_KEY: " o\n" }, "o"],
    ["openai", { BROADSHEET_MODEL_KEY: "b", OPENAI_API_KEY: "o" }, "b"],
    ["openai-compatible", { ANTHROPIC_API_KEY: "a", OPENAI_API_KEY: "o" }, undefined],
  ])("%s takes its key from the environment, and no other provider's", (provider, env, key) => {
    expect(parse({ summary: { ...model, provider } }, env).secrets.modelKey).toBe(key);
  });

  test("that isn't wanted takes no key", () => {
    expect(parse({}, { ANTHROPIC_API_KEY: "a" }).secrets).toEqual({});
  });

  test.each([
    [{ baseURL: "http://models.example/v1" }, "which would send articles and the key unencrypted"],
    [{ baseURL: "http://127.0.0.1.evil.example/v1" }, "unencrypted"],
    [{ baseURL: "https://user:hunter2@models.example/v1" }, "holds a login"],
    [
      { baseURL: "https://models.example/v1?key=hunter2" },
      "has a query or a fragment after its path",
    ],
    [{ baseURL: "file:///etc/passwd" }, "not an https address"],
    [{ baseURL: undefined }, '"summary" has no baseURL'],
    [{ provider: "antropic" }, '"summary.provider"'],
    [{ apiKey: "hunter2" }, '"summary.apiKey" is a secret, which must not be in a config'],
    [{ retries: -1 }, '"summary.retries" must be 0 or more, not -1'],
    [{ concurrency: 0 }, '"summary.concurrency" must be 1 or more, not 0'],
    [{ concurrency: 99 }, '"summary.concurrency" must be 32 or less, not 99'],
    [{ timeoutMs: "60s" }, '"summary.timeoutMs" must be a whole number, not "60s"'],
  ])("is refused with %j", (over, message) => {
    const error = refusal({ summary: { ...model, ...over } });
    expect(error.message).toContain(message);
    expect(error.message + (error.fix ?? "")).not.toContain("hunter2");
  });

  test("a setting that is nearly right is named", () => {
    expect(refusal({ summary: { ...model, maxToken: 5 } }).fix).toBe(
      'did you mean "summary.maxTokens"?',
    );
  });
});

const FEED = "https://paper.example/feed.xml";
const DAY_MS = 86_400_000;

describe("sources", () => {
  test("are folders, files and addresses, by themselves or with what is taken of them", () => {
    const quay = {
      from: FEED,
      limit: 3,
      include: "ferr*",
      tags: ["Quay"],
      pin: true,
      weight: 1,
      paused: false,
      allowPrivate: false,
    };
    const { sources } = parse({ sources: ["content/", quay] });
    const plain = {
      include: [],
      exclude: [],
      tags: [],
      pin: false,
      weight: 1,
      paused: false,
      allowPrivate: false,
    };
    expect(sources).toEqual([
      { ...plain, name: "content/", from: path.resolve("/letters/content") },
      { ...quay, name: FEED, include: ["ferr*"], exclude: [] },
    ]);
  });

  test("are the content folder where there are none, which is taken whole", () => {
    const { sources, window, maxItems } = parse({ content: "stories" });
    expect(sources).toMatchObject([{ name: "stories", from: path.resolve("/letters/stories") }]);
    expect({ window, maxItems }).toEqual({ window: undefined, maxItems: undefined });
  });

  test("bring no more than two weeks and twenty stories, unless the config says so", () => {
    expect(parse({ sources: [FEED] })).toMatchObject({ window: 14 * DAY_MS, maxItems: 20 });
    expect(parse({ sources: [FEED], window: "3d", maxItems: 90 })).toMatchObject({
      window: 3 * DAY_MS,
      maxItems: 90,
    });
    expect(parse({ sources: [FEED], minItems: 30 })).toMatchObject({ maxItems: 30 });
  });

  test.each<[string, unknown, string, string]>([
    ["an unknown key", [{ from: FEED, limt: 3 }], '"sources.0.limt" is not', '"sources.0.limit"?'],
    ["no place", [{ limit: 3 }], '"sources.0.from" must be a text in quotes', "left out"],
    ["an empty place", ["content", " "], '"sources.1" is empty', "name a folder"],
    ["no list", FEED, '"sources" must be a list in [ ]', ""],
    ["an empty list", [], '"sources" is empty', 'such as "content"'],
    ["a number", [3], '"sources.0" must be', "not 3"],
    ["standard input", ["-"], '"sources.0" is standard input', "name a folder"],
    ["a line break", ["a\nb"], '"sources.0" has a line break', ""],
    ["a feed: address", ["feed://paper.example/x"], "not on the web", "begin it with https://"],
    ["another scheme", [{ from: "ftp://a:b@c.example" }], "is at ftp:", "https://"],
    ["no address", ["https://"], '"sources.0" is "https://", which is not an address', "spelling"],
    ["a login", ["https://a:b@c.example/x"], '"sources.0" holds a login', "before the @"],
    [
      "one twice",
      [FEED, { from: "http://www.paper.example/feed.xml/" }],
      '"sources.1" is the same place as "sources.0"',
      "remove",
    ],
    ["a folder twice", ["content", "x", "./content/"], 'the same place as "sources.0"', ""],
    ["no limit", [{ from: FEED, limit: 0 }], '"sources.0.limit" must be 1 or more', ""],
    ["an empty pattern", [{ from: FEED, include: ["*"] }], "which has no letter", "ferr*"],
    ["a regular expression", [{ from: FEED, exclude: "sp.*t" }], "a regular expression", "ferr*"],
    ["an empty tag", [{ from: FEED, tags: [""] }], '"sources.0.tags.0" is empty', ""],
    ["a pin that is a title", [{ from: FEED, pin: "The ferry" }], "must be true or false", ""],
  ])("are refused with %s", (_what, sources, message, fix) => {
    expect(said({ sources })).toContain(message);
    expect(said({ sources })).toContain(fix);
    expect(said({ sources })).not.toContain("a:b");
  });

  test.each<[UserConfig, string]>([
    [{ minItems: 5, maxItems: 3 }, '"minItems" is more than maxItems'],
    [{ minItems: 0 }, '"minItems" must be 1 or more'],
    [{ window: "two weeks" }, '"window" is "two weeks", which is not a time'],
  ])("%j is refused", (raw, told) => {
    expect(said(raw)).toContain(told);
  });

  test("know two things to do with an edited article", () => {
    expect(parse({ edited: "again" }).edited).toBe("again");
    expect(said({ edited: "agian" })).toContain('write "ignore" or "again"');
  });
});

describe("the site", () => {
  const SITE = "https://letter.example/news";
  const served = { site: `${SITE}/`, serve: {} };

  test("a server derives the links of every message and listens on this machine alone", () => {
    const { site, serve, urls, modules } = parse(served);
    expect(site).toBe(SITE);
    expect(serve).toEqual({ host: "127.0.0.1", port: 8025, trustProxy: false, joinsPerHour: 60 });
    expect(urls).toEqual({ unsubscribe: `${SITE}/u/{token}`, preferences: `${SITE}/p/{token}` });
    expect(modules.subscribe).toBe(`${SITE}/subscribe`);
  });

  test("an archive derives the page of an issue and the list of all issues", () => {
    const { urls, archive, modules } = parse({ site: SITE, archive: {} });
    expect(urls).toEqual({ web: `${SITE}/{slot}/`, archive: `${SITE}/` });
    expect(archive?.dir).toBe(path.resolve("/letters/public"));
    expect(modules).toEqual({});
  });

  test("a site alone derives nothing", () => {
    expect(parse({ site: SITE })).toMatchObject({ urls: {}, modules: {} });
  });

  test("what the config says explicitly wins, and BROADSHEET_SITE wins over site", () => {
    const urls = {
      unsubscribe: "https://other.example/{token}",
      web: "https://other.example/{slot}",
    };
    const modules = { subscribe: "https://other.example/join" };
    const given = parse(
      { ...served, archive: {}, urls, modules },
      { BROADSHEET_SITE: "https://env.example" },
    );
    expect(given.urls).toEqual({
      ...urls,
      preferences: "https://env.example/p/{token}",
      archive: "https://env.example/",
    });
    expect(given.modules).toEqual(modules);
  });

  test.each(["serve", "archive"])("%s without a site is an error of the config", (key) => {
    const error = refusal({ [key]: {} });
    expect(error.code).toBe("CONFIG_INVALID");
    expect(error.message).toContain(`"${key}" needs the address of the newsletter's pages`);
    expect(error.fix).toContain("site:");
    expect(parse({ [key]: {} }, { BROADSHEET_SITE: SITE }).site).toBe(SITE);
  });

  test.each([
    "http://letter.example",
    "letter.example",
    "https://a.example/?x",
    "https://a.example/{slot}",
  ])("%s is no site", (site) => {
    expect(refusal({ site }).message).toContain('"site" is');
    expect(() => parse({}, { BROADSHEET_SITE: site })).toThrow("BROADSHEET_SITE is");
  });

  test.each(["http://127.0.0.1:8025", "http://localhost:8025", "http://[::1]:8025"])(
    "%s is a site for trying things out",
    (site) => expect(parse({ site }).site).toBe(site),
  );
});

test("a word of other programs stands for settings that there are", () => {
  const keys = new Set(Object.keys(settings.shape));
  const meant = Object.values(RELATED_SETTINGS).flatMap((names) => names.split(" "));
  expect(meant.filter((name) => !keys.has(name))).toEqual([]);
  expect(Object.keys(RELATED_SETTINGS).filter((word) => keys.has(word))).toEqual([]);
});
