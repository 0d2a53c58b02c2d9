import { lexer } from "css-tree";
import { html as standard } from "parse5";
import { describe, expect, test } from "vitest";
import { parseHtml } from "../../src/check/html-document.ts";
import { audienceOf, TESTED_CLIENTS } from "../../src/check/settings.ts";
import {
  clientName,
  FEATURES,
  SUPPORT_DATE,
  testedClients,
  gracefulReason,
} from "../../src/check/rules/support.ts";
import { tracesOf, usageOf } from "../../src/check/support/usage.ts";
import { broken, check, found, SOUND } from "./mail.ts";

/** The features that a piece of CSS or HTML uses, by their slugs. */
function featuresIn(html: string): string[] {
  const usage = usageOf(parseHtml(html));
  return [...FEATURES.keys()].filter((slug) => tracesOf(slug).some((trace) => usage.has(trace)));
}

const TAGS: ReadonlySet<string> = new Set(Object.values(standard.TAG_NAMES));
/** Elements that the parser has no name of its own for. */
const OTHER_TAGS: ReadonlySet<string> = new Set(
  "abbr acronym audio bdi del dfn map mark meter picture progress time video".split(" "),
);

function level(slug: string, client: string): string | undefined {
  return FEATURES.get(slug)?.supportIn(client).level;
}

describe("the data of caniemail", () => {
  test("is read with its date, and the clients that an audience may name", () => {
    expect(SUPPORT_DATE).toMatch(/^20\d\d-\d\d-\d\d$/);
    expect(TESTED_CLIENTS.toSorted()).toEqual(testedClients().sort());
    expect(TESTED_CLIENTS.map(clientName)).toEqual(
      expect.arrayContaining(["Gmail", "Gmail on Android", "Outlook on Windows", "Outlook.com"]),
    );
  });

  test("is that of the newest version, be it named by year, number or month", () => {
    // 2011 and 2016 know it, 16.80 does not.
    expect(level("css-variables", "outlook.macos")).toBe("no");
    // 10.3 does not know it, 12.4 and 16.0 do.
    expect(level("css-at-media-prefers-color-scheme", "apple-mail.macos")).toBe("yes");
    // 16.80 knows it, and a test months later says only in part.
    expect(level("html-lists", "outlook.macos")).toBe("partly");
    expect(level("css-variables", "no.such-client")).toBe("unknown");
  });

  test("has for each feature something in a mail to know it by", () => {
    const strays = [...FEATURES.keys()].filter((slug) => {
      const traces = tracesOf(slug);
      return slug !== "bimi" && (traces.length === 0 || !traces.every(isPossible));
    });
    expect(strays).toEqual([]);
  });

  test("knows every feature that is said to do no harm", () => {
    const known = [...FEATURES.keys()].filter((slug) => gracefulReason(slug) !== undefined);
    expect(known.length).toBeGreaterThan(100);
    expect(gracefulReason("css-display-grid")).toBeUndefined();
    expect(gracefulReason("html-video")).toBeUndefined();
  });
});

/** Whether a trace is one that a mail can leave: its property or element is one of CSS or HTML. */
function isPossible(trace: string): boolean {
  const [kind = "", name = ""] = trace.split(":");
  if (kind === "property")
    return !/Unknown/.test(String(lexer.matchProperty(name, "inherit").error));
  if (kind === "element") return TAGS.has(name) || OTHER_TAGS.has(name);
  return name !== "" || WHOLE.has(trace);
}

const WHOLE: ReadonlySet<string> = new Set(
  "important nesting custom-property css-comment html-comment doctype".split(" "),
);

describe("what a mail uses", () => {
  test("is nothing that the parser adds, nor what only Outlook reads", () => {
    expect(featuresIn("x")).toEqual([]);
    expect(
      featuresIn("<!--[if mso]><style>p { display: grid }</style><v:rect/><![endif]-->"),
    ).toEqual([]);
  });
});

describe("what clients don't know", () => {
  const grid = broken('margin:0"><li', 'margin:0;display:grid"><li');
  const gridFor = (audience: Record<string, number>) =>
    found(check(grid, { audience: audienceOf(audience) }), "client-support").filter(
      ({ features }) => features?.includes("css-display-grid"),
    );

  test("weighs as much as the readers who use them", () => {
    expect(gridFor({ "outlook.windows": 1, "apple-mail": 3 })).toMatchObject([
      {
        severity: "warning",
        reach: 0.25,
        message: expect.stringMatching(
          /^display:grid is not known to Outlook on Windows, 25% of readers/,
        ),
        source: expect.stringContaining("https://www.caniemail.com/features/css-display-grid/"),
      },
    ]);
    expect(gridFor({ "outlook.windows": 1, "apple-mail": 99 })).toMatchObject([
      { severity: "info" },
    ]);
    expect(gridFor({ "apple-mail": 1 })).toEqual([]);
  });

  test("is one note for all that does no harm", () => {
    const notes = found(check(SOUND), "client-support");
    expect(notes).toHaveLength(2);
    expect(notes.flatMap(({ features }) => features)).toContain(
      "css-at-media-prefers-color-scheme",
    );
  });

  test("does no harm in @supports, nor where what has it isn't shown", () => {
    const optional = broken(
      "</style>",
      "@supports (display: grid) { ul { display: grid } }</style>",
    );
    const hidden = broken(
      'style="display:none"',
      'style="display:none;visibility:hidden;opacity:0"',
    );
    for (const mail of [optional, hidden])
      expect(found(check(mail), "client-support").map(({ severity }) => severity)).toEqual([
        "info",
        "info",
      ]);
  });
});

test("an audience's shares are brought to a sum of 1, and a family's are parted", () => {
  const audience = audienceOf({ gmail: 300, gmx: 100 });
  expect([...audience.values()].reduce((sum, share) => sum + share, 0)).toBeCloseTo(1);
  expect([...audience.keys()]).toEqual(
    "gmail.android gmail.desktop-webmail gmail.ios gmx.desktop-webmail".split(" "),
  );
  expect(audience.get("gmx.desktop-webmail")).toBeCloseTo(0.25);
});
