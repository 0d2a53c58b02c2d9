import * as fc from "fast-check";
import { parseAtomFeed, parseJsonFeed } from "feedsmith";
import { beforeAll, describe, expect, test } from "vitest";
import { archiveOf } from "../../src/archive/archive.ts";
import { type Site, sentIssue } from "../../src/archive/sent-issue.ts";
import { issuePage } from "../../src/archive/issue-page.ts";
import { named, parseHtml } from "../../src/check/html-document.ts";
import type { Email } from "../../src/email/email.ts";
import { openBrowser } from "../browser.ts";
import { ARABIC, brief, digestOf, entry, LETTER, PUBLICATION, roundUp } from "../fixtures.ts";
import { faultsIn } from "../preview/faults-in.ts";
import { template } from "../render.ts";
import { IssuesInMemory, kept, type KeptIssue } from "./issues-in-memory.ts";

let site: Site;

beforeAll(async () => {
  site = {
    url: "https://letter.example/news",
    subscribe: "https://letter.example/news/subscribe",
    theme: (await template("digest")).theme,
    publication: PUBLICATION,
    language: "en",
  };
});

function onDay(issue: KeptIssue, slot: string): KeptIssue {
  return { ...issue, slot, digest: { ...issue.digest, date: slot } };
}

/** The text of a file of the site. */
async function fileOf(name: string, ...issues: readonly KeptIssue[]): Promise<string> {
  const files = await archiveOf(new IssuesInMemory(...issues), site);
  const file = await files.get(name)?.();
  if (!file) throw new Error(`there is no file ${name}`);
  return file.content.toString();
}

function metaOf(html: string): Record<string, string | undefined> {
  const metas = named(parseHtml(html), "meta").map(({ attributes }) => attributes);
  return Object.fromEntries(
    metas.map((one) => [one.get("property") ?? one.get("name") ?? "", one.get("content")]),
  );
}

describe("the page of an issue", () => {
  test("says to programs what it is, in which language and whose neighbour", async () => {
    const issues = [
      await kept("2026-11-10", brief(), { template: "brief" }),
      await kept("2026-11-17", ARABIC, { pictures: [] }),
      await kept("2026-11-24", roundUp(4)),
    ];
    const html = await fileOf("2026-11-17/index.html", ...issues);
    expect(html).toMatch(/<html lang="ar" dir="rtl"/);
    expect(html).toContain("<title>مخبز يعمل على إيقاع المد · الضفة</title>");
    expect(html).toContain('<link rel="canonical" href="https://letter.example/news/2026-11-17/">');
    expect(metaOf(html)).toMatchObject({
      "og:type": "article",
      "og:title": "مخبز يعمل على إيقاع المد · الضفة",
      "og:site_name": "الضفة",
      "og:url": "https://letter.example/news/2026-11-17/",
      "article:published_time": "2026-11-17T07:00:00.000Z",
    });
    expect(html).toMatch(/rel="prev" href="..\/2026-11-10\/"/);
    expect(html).toMatch(/rel="next" href="..\/2026-11-24\/"/);
    expect(metaOf(await fileOf("2026-11-24/index.html", ...issues))["og:image"]).toBe(
      "https://letter.example/news/2026-11-24/images/mill.png",
    );
  });

  test("lets a browser run no script", async () => {
    const html = await fileOf("2026-11-24/index.html", await kept("2026-11-24", roundUp(1)));
    expect(/<meta http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1]).toMatch(
      /^default-src 'none'; (?!.*script)/,
    );
    // The policy comes before all that it is for.
    expect(html.indexOf("Content-Security-Policy")).toBeLessThan(html.indexOf("<style"));
  });

  test.each(["brief", "digest", "letter"])("has no link of a reader in a %s", async (name) => {
    const digest = name === "letter" ? LETTER : roundUp(name === "brief" ? 1 : 4);
    const issue = await kept("2026-11-24", digest, { template: name });
    const html = await fileOf("2026-11-24/index.html", issue);
    for (const token of Object.values(issue.email.slots)) expect(html).not.toContain(token);
    const texts = ["Unsubscribe", "View in browser", "You get this because", "What I get"];
    for (const text of texts) expect(html).not.toContain(text);
    expect(html).toContain(issue.digest.sections[0]?.entries[0]?.article.title);
  });

  test("is without a name, an address and a token, wherever a template puts them", () => {
    const fields = [
      "recipientName",
      "recipientAddress",
      "unsubscribeUrl",
      "preferencesUrl",
    ] as const;
    const slots = fc.record(
      Object.fromEntries(
        fields.map((field) => [field, fc.stringMatching(/^slot-[a-z0-9-]{4,12}$/)]),
      ),
    );
    const bits = fc.array(
      fc.tuple(
        fc.constantFrom(...fields),
        fc.constantFrom(
          (slot: string) => `<p>Dear ${slot},</p>`,
          (slot: string) => `<a class='x' href=${slot}>Leave</a> `,
          (slot: string) => `<a href="${slot}?a=1" title="a > b">Leave <b>now</b></a>`,
          (slot: string) => `<img alt="${slot}" src='https://pixel.example/${slot}.gif'>`,
          (slot: string) => `<!--[if mso]><a href="${slot}">Leave</a><![endif]-->`,
          (slot: string) => `${slot}${slot}`,
        ),
      ),
    );
    fc.assert(
      fc.property(slots, bits, (slots, bits) => {
        const body = bits.map(([field, write]) => write(slots[field] ?? "")).join("");
        const html = `<html><head></head><body>${body}</body></html>`;
        const email: Email = { subject: "s", html, text: "", slots };
        const digest = digestOf([entry()]);
        const issue = sentIssue({ slot: "2026-11-24", sentAt: new Date(0), digest, email });
        const page = issuePage(issue, email, site);
        for (const slot of Object.values(slots)) expect(page).not.toContain(slot);
      }),
    );
  });

  test("calls the page by its own address, whatever it was when the issue was built", async () => {
    const html = await fileOf("2026-11-24/index.html", await kept("2026-11-24", roundUp(4)));
    const share = named(parseHtml(html), "a").find(
      ({ children }) => children[0] === "Share the page",
    );
    expect(share?.attributes.get("href")).toBe("https://letter.example/news/2026-11-24/");
  });
});

describe("the files of the site", () => {
  test("have the colours of the config, whatever an older issue had", async () => {
    // On the paper of a new theme it could not be read.
    const faint = { ...PUBLICATION, accent: "#FFEEEE" };
    const issue = await kept("2026-11-24", { ...roundUp(1), publication: PUBLICATION });
    const older = { ...issue, digest: { ...issue.digest, publication: faint } };
    for (const name of ["index.html", "2026-11-24/index.html"])
      expect(await fileOf(name, older)).not.toContain("#FFEEEE");
  });

  test("are the same bytes each time, and have no picture of a hidden story", async () => {
    const shown = entry({ title: "Shown", images: [{ src: "images/shown.png", alt: "A quay" }] });
    const secret = { src: "images/hidden.png", alt: "A secret" };
    const hidden = { ...entry({ title: "Hidden", images: [secret] }), hidden: true as const };
    const digest = digestOf([shown, hidden]);
    const pictures = ["shown.png", "hidden.png"];
    const issue = await kept("2026-11-24", digest, { pictures });
    const read = async () => {
      const files = await archiveOf(new IssuesInMemory(issue), site);
      const made = [...files].map(async ([name, make]) => [name, await make()] as const);
      return new Map(await Promise.all(made));
    };
    const first = await read();
    expect([...first.keys()]).toEqual([
      "2026-11-24/images/shown.png",
      "2026-11-24/index.html",
      "2026/index.html",
      "index.html",
      "feed.xml",
      "feed.json",
      "sitemap.xml",
    ]);
    expect(await read()).toEqual(first);
    expect(JSON.stringify([...first])).not.toContain("Hidden");
  });

  test("are a front page alone before the first issue", async () => {
    const files = await archiveOf(new IssuesInMemory(), site);
    expect([...files.keys()]).toEqual(["index.html"]);
    const html = await fileOf("index.html");
    expect(html).toContain("No issue has been sent yet.");
    expect(html).not.toContain('feed.xml">Feed');
    expect(html).toContain('<a href="https://letter.example/news/subscribe">Subscribe</a>');
  });
});

describe("the feeds", () => {
  test("say what each issue says, as their readers understand it", async () => {
    const risky = entry({ title: 'Bread & <b>butter</b> ]]> "now"' });
    const issues = [
      await kept("2026-11-17", digestOf([risky])),
      await kept("2026-11-24", roundUp(4)),
    ];
    const atom = parseAtomFeed(await fileOf("feed.xml", ...issues));
    const json = parseJsonFeed(await fileOf("feed.json", ...issues));
    expect(atom).toMatchObject({
      id: "https://letter.example/news/",
      title: { value: "The Mudlark" },
      subtitle: { value: "What the river brings" },
      updated: "2026-11-24T07:00:00.000Z",
      links: [
        { rel: "alternate", href: "https://letter.example/news/" },
        { rel: "self", href: "https://letter.example/news/feed.xml" },
      ],
    });
    expect(json).toMatchObject({
      home_page_url: "https://letter.example/news/",
      feed_url: "https://letter.example/news/feed.json",
      language: "en",
    });
    const ids = [
      "https://letter.example/news/2026-11-24/",
      "https://letter.example/news/2026-11-17/",
    ];
    expect(atom.entries?.map(({ id }) => id)).toEqual(ids);
    expect(json.items?.map(({ id }) => id)).toEqual(ids);
    expect(atom.entries?.[1]?.title?.value).toBe(json.items?.[1]?.title);
    expect(json.items?.[1]?.title).toContain("<b>butter</b>");
    const content = atom.entries?.[1]?.content?.value ?? "";
    expect(content).toBe(json.items?.[1]?.content_html);
    expect(content).toContain("Bread &amp; &lt;b&gt;butter&lt;/b&gt; ]]&gt;");
    expect(content).toContain('href="https://paper.example/bakery"');
  });

  test("have the last twenty issues", async () => {
    const issue = await kept("2026-11-24", roundUp(1));
    const days = Array.from(
      { length: 25 },
      (_, day) => `2026-10-${String(day + 1).padStart(2, "0")}`,
    );
    const many = days.map((slot) => onDay(issue, slot));
    const atom = parseAtomFeed(await fileOf("feed.xml", ...many));
    expect(atom.entries).toHaveLength(20);
    expect(atom.entries?.[0]?.id).toBe("https://letter.example/news/2026-10-25/");
  });
});

describe("the front page", () => {
  test("shows the latest issue, three more, a line for each other of that year, and the years", async () => {
    const issue = await kept("2026-11-24", roundUp(1));
    const days = [
      "2027-01-05",
      "2026-12-29",
      "2026-12-22",
      "2026-12-15",
      "2026-12-08",
      "2026-12-01",
      "2025-06-03",
    ];
    const many = days.map((slot) => onDay(issue, slot));
    const html = parseHtml(await fileOf("index.html", ...many));
    const hrefs = named(html, "a").map(({ attributes }) => attributes.get("href"));
    expect(hrefs).toEqual([
      "feed.xml",
      "https://letter.example/news/subscribe",
      "2027-01-05/",
      "2027-01-05/",
      "2026-12-29/",
      "2026-12-22/",
      "2026-12-15/",
      "2026/",
      "2026-12-08/",
      "2026-12-01/",
      "2027/",
      "2025/",
    ]);
    const year = parseHtml(await fileOf("2025/index.html", ...many));
    const links = named(year, "a").map(({ attributes }) => attributes.get("href"));
    expect(links).toEqual([
      "../",
      "../feed.xml",
      site.subscribe,
      "../2025-06-03/",
      "../2027/",
      "../2026/",
    ]);
  });

  test("runs from the right in Arabic, fits a phone, and is for everybody", async () => {
    const html = await fileOf(
      "index.html",
      await kept("2026-11-24", ARABIC, { pictures: [] }),
      await kept("2026-11-17", roundUp(2)),
    );
    expect(html).toMatch(/<html lang="ar" dir="rtl"/);
    expect(html).toContain(' lang="en" dir="auto"');
    const page = await (await openBrowser()).newPage({ viewport: { width: 320, height: 640 } });
    try {
      await page.setContent(html.replace(/<meta http-equiv[^>]*>/, ""));
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
      expect(await faultsIn(page)).toEqual([]);
    } finally {
      await page.close();
    }
  });
});
