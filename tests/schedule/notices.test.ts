import { describe, expect, test } from "vitest";
import type { Finding } from "../../src/check/finding.ts";
import type { IssueRecord } from "../../src/delivery/io/issue-records.ts";
import { NO_READERS } from "../../src/delivery/ledger.ts";
import { noticeInPage } from "../../src/desk/notices.ts";
import { BroadsheetError } from "../../src/errors.ts";
import { exitOf, noticeText } from "../../src/platform/notice.ts";
import { type NoticeFacts, noticesOf, type SendingFacts } from "../../src/schedule/notices.ts";

const NOW = new Date("2026-11-29T12:00:00Z");
const SLOT = "2026-11-29";
const SCHEDULE = {
  cron: "0 7 * * *",
  zone: "UTC",
  maxLate: 86_400_000,
  catchUp: "once",
  approval: "auto",
} as const;

/** An issue of the schedule that was due this morning. */
function record(more: Partial<IssueRecord>): IssueRecord {
  const at = new Date(`${SLOT}T07:00:00Z`);
  return { slot: SLOT, state: "draft", at, changedAt: at, isRuns: true, ...more };
}

function scheduled(more: Partial<IssueRecord>): NoticeFacts {
  const all = [record(more)];
  const since = new Date(`${SLOT}T00:00:00Z`);
  return { schedule: { schedule: SCHEDULE, since, latest: all, recent: all } };
}

function sending(counts: object, more: Partial<SendingFacts> = {}): SendingFacts {
  const issue = { newsletter: "the-slipway", slot: SLOT };
  return { issue, counts: { ...NO_READERS, ...counts }, isTended: true, ...more };
}

function leftOut(...missing: object[]): NoticeFacts {
  return { issues: [{ slot: SLOT, report: { findings: [], leftOut: missing.map(whole) } }] };
}

function whole(missing: object) {
  return { why: "unread", name: "", ...missing } as const;
}

const DOWN = "feeds.example can't be reached: nothing listens there";
const LOGIN = `smtps://mail.example refuses the login: 535 5.7.8 no; check SMTP_URL`;
const PAST = { whyCode: "SMTP_AUTH", why: LOGIN, whySince: new Date(`${SLOT}T07:32:00Z`) } as const;
const UNTIL = new Date("2026-11-29T13:00:00Z");

const at = (rule: string, where?: Finding["where"]): Finding => {
  return { rule, severity: "warning", message: rule, source: "", ...(where && { where }) };
};
const lines = (...undoes: number[]) => ({ op: "drop", undoes }) as const;
const PART = { op: "part", id: "b", value: "a" } as const;
const MILL = {
  id: "2",
  story: "2",
  title: "The mill",
  field: "summary.gist",
  was: "Mine",
  now: "Theirs",
} as const;

const seen = (rule: string, id?: string): Finding => ({
  rule,
  severity: "warning",
  message: rule,
  source: "x",
  ...(id && { where: { story: "A", id } }),
});

/** A finding of the story A, with what an editor can mend it with. */
const found = (rule: string, where: Finding["where"]): Finding => ({
  ...seen(rule),
  where: { story: "A", id: "a", ...where },
});

const CASES: readonly (readonly [name: string, facts: NoticeFacts, lines: readonly string[]])[] = [
  ["nothing", {}, []],
  [
    "a dead host is one notice for all its addresses",
    leftOut(
      ...Array.from({ length: 25 }, (_, at) => ({
        name: `https://feeds.example/${at}.xml`,
        code: "FETCH_DEFERRED",
        message: DOWN,
        fix: "check the address and the network",
      })),
    ),
    [`look ${DOWN}: 25 addresses; check the address and the network`],
  ],
  [
    "so are addresses of a host that are not there",
    leftOut(
      ...["a", "b"].map((name) => ({
        name: `https://x.example/${name}`,
        code: "INPUT_MISSING",
        message: `https://x.example/${name} is not there (404)`,
      })),
    ),
    ["look x.example: is not there (404): 2 addresses"],
  ],
  [
    "files that a window drops",
    leftOut(
      ...["c/a.md", "c/b.md", "c/c.md", "c/d.md", "c/e.md", "c/f.md", "c/g.md"].map((name) => ({
        why: "old",
        name,
        message: "14 days",
      })),
      { why: "later", count: 3 },
    ),
    [
      "look 7 files of yours are older than the window of 14 days: a.md, b.md and 5 more; give them a later date, make `window` longer, or move them away",
      "note 3 new articles left for a later issue; `maxItems` and the limits of sources set the number of articles in an issue",
    ],
  ],
  [
    "a source that the report and the store both tell of is one notice",
    {
      ...leftOut({ name: "content", source: "content", code: "INPUT_MISSING", message: "gone" }),
      sources: [
        { name: "content", failures: 3, lastFetch: NOW, code: "INPUT_MISSING", error: "gone" },
        { name: "other", failures: 0, lastFetch: NOW },
      ],
    },
    ["look gone (for 3 issues)"],
  ],
  [
    "a refused login, with those who wait",
    {
      ...scheduled({ state: "sending", ...PAST }),
      sendings: [sending({ planned: 48, accepted: 2 })],
    },
    [
      `stop SMTP_AUTH ${SLOT} is not sent since 2026-11-29 07:32 UTC: smtps://mail.example refuses the login: 535 5.7.8 no; 48 readers wait; check SMTP_URL`,
    ],
  ],
  [
    "readers who are put off, paused, in doubt",
    {
      sendings: [
        sending(
          { deferred: 1, planned: 4, uncertain: 2 },
          { postponed: { count: 4, until: UNTIL } },
        ),
      ],
    },
    [
      `stop SMTP_UNCERTAIN 2 readers may or may not have ${SLOT}: broadsheet reconcile ${SLOT}`,
      `look 4 readers of ${SLOT} wait until 2026-11-29 13:00 UTC, because their server refuses your mail or does not answer`,
      `note 1 reader of ${SLOT} is deferred; the next run tries this reader again`,
    ],
  ],
  [
    "an issue that no reader took, and quarantine",
    { sendings: [sending({ rejected: 3 })], quarantined: 4 },
    [
      `stop SMTP_REFUSED no reader has it: 3 refused, and none accepted; look at the servers' replies: broadsheet explain ADDRESS; to try again: broadsheet retry ${SLOT}, then send`,
      "stop READERS_QUARANTINED quarantined: 4 readers, who get nothing until you decide: broadsheet subscribers quarantine list",
    ],
  ],
  [
    "an issue that waits",
    scheduled({ state: "waiting" }),
    [
      `look ${SLOT} waits to be approved since 2026-11-29 07:00 UTC, until 2026-11-30 07:00 UTC: broadsheet approve ${SLOT}`,
    ],
  ],
  [
    "an issue that is held",
    scheduled({ heldAt: NOW }),
    [`look ${SLOT} is held since 2026-11-29 12:00 UTC: broadsheet hold ${SLOT} --off`],
  ],
  [
    "an issue that expired",
    scheduled({ state: "expired", why: "it was not approved" }),
    [
      `stop ISSUE_EXPIRED ${SLOT} was not sent in time: it was not approved: broadsheet send ${SLOT}`,
    ],
  ],
  [
    "a slot that is left empty since its files are too old",
    scheduled({ state: "empty", why: "nothing new; 1 file of yours is older" }),
    [`look ${SLOT} was left empty: nothing new; 1 file of yours is older`],
  ],
  [
    "an issue that a restored store does not know, before and after the decision about its readers",
    {
      lost: [
        { slot: SLOT, lost: "doubt" },
        { slot: "2026-12-06", lost: "accept" },
      ],
    },
    [
      `look all readers may or may not have ${SLOT}, of which the restored store has no record: broadsheet reconcile ${SLOT}`,
      "look the readers of 2026-12-06 are settled, and are recorded when it is sent: broadsheet send 2026-12-06",
    ],
  ],
  ["a slot that is left empty for no fault", scheduled({ state: "empty", why: "nothing new" }), []],
  [
    "a schedule that nothing ever ran",
    { schedule: { schedule: SCHEDULE, latest: [], recent: [] } },
    ["look nothing has run for the schedule yet; have it run: broadsheet schedule cron"],
  ],
  [
    "what the check found, and a sample",
    {
      issues: [
        {
          slot: SLOT,
          sample: new BroadsheetError("CONTENT_SAMPLE", "not sent: the letter is only an example"),
          report: {
            findings: [
              { rule: "placeholder", severity: "warning", message: "The letter", source: "" },
              { rule: "links", severity: "error", message: "One link", source: "" },
              { rule: "own-words", severity: "warning", holds: true, message: "Line", source: "" },
            ],
          },
        },
      ],
    },
    [
      "stop CONTENT_SAMPLE the letter is only an example",
      "stop CHECK_FAILED One link",
      "stop CONTENT_DOUBTFUL Line",
    ],
  ],
  [
    "what became of an editor's changes",
    {
      issues: [
        {
          slot: SLOT,
          report: { findings: [] },
          edits: {
            setAside: [
              { title: "The quay", text: "My words" },
              { title: "The inn", text: "x".repeat(5_000_000) },
            ],
            changed: [MILL],
            unapplied: [{ says: "line 3 is no whole line of JSON" }],
          },
        },
      ],
    },
    [
      "look “The quay”: your text has no place in the issue now and is set aside: “My words”",
      `look “The inn”: your text has no place in the issue now and is set aside: “${"x".repeat(400)}…”`,
      "look “The mill”: the article has changed since you wrote “Mine” (summary.gist): the new text is “Theirs”",
      `look ${SLOT}.edits.jsonl: not applied: line 3 is no whole line of JSON`,
    ],
  ],
];

describe("notices", () => {
  test.for(CASES)("%s", ([, facts, lines]) => {
    const notices = noticesOf(facts, NOW);
    const said = notices.map((notice) =>
      [notice.severity, notice.code, noticeText(notice)]
        .filter(
          (word) => word !== undefined && (notice.severity === "stop" || word !== notice.code),
        )
        .join(" "),
    );
    expect(said).toEqual(lines);
    expect(new Set(notices.map(({ id }) => id)).size).toBe(notices.length);
    for (const { severity, code } of notices) expect(severity !== "stop" || code).toBeTruthy();
  });

  /** What only a terminal can do, or what has to run beside the desk. */
  const TERMINAL = / broadsheet (explain|retry|build --slot, with|schedule or cron)/;

  test.for(CASES)(
    "%s: in the page with a button or in words, and no command has neither",
    ([, facts]) => {
      for (const notice of noticesOf(facts, NOW)) {
        const { fix } = notice;
        expect(fix.command === undefined || fix.cure).toBeTruthy();
        const { message, fix: shown } = noticeInPage(notice);
        expect(shown).not.toHaveProperty("command");
        for (const words of [message, shown.says ?? ""].filter((one) => !TERMINAL.test(one)))
          expect(words).not.toMatch(/\bbroadsheet [a-z]/);
      }
    },
  );

  test("those that an editor's operation mends have it, with the words on its button", () => {
    const story = { story: "The quay", id: "a" };
    const findings = [
      at("gist-doubted", story),
      at("reading-doubted", story),
      at("mixed-alphabets", story),
      at("kicker", story),
      at("said-twice", { ...story, sentence: "It opened." }),
      at("said-twice", story),
      at("gist-doubted", { story: "Of an older version" }),
      at("subject-doubted"),
    ];
    const setAside = [
      { title: "Gone", text: "1", drop: lines(1) },
      { title: "Joined", text: "2", story: "a", back: PART, drop: lines(2) },
      { title: "Disputed", text: "3", story: "a", back: lines(9), drop: lines(3) },
      { title: "A heading", text: "5" },
    ];
    const changed = [
      { ...MILL, drop: lines(5, 6) },
      { ...MILL, field: "keyPoint", now: "", drop: lines(7) },
    ];
    const unapplied = [{ says: "operation 10: no", n: 10 }, { says: "line 3 is cut" }];
    const edits = { setAside, changed, unapplied };
    const notices = noticesOf({ issues: [{ slot: SLOT, report: { findings }, edits }] }, NOW);
    const keep = { label: "Keep mine", op: "accept", id: "2" };
    expect(
      notices.map(({ about: { id }, fix: { operation, otherwise } }) => [id, operation, otherwise]),
    ).toEqual([
      ["a", { label: "Accept", op: "accept", id: "a", value: true }, undefined],
      [
        "a",
        { label: "Accept", op: "accept", id: "a", value: true },
        { label: "Hide the story", op: "hide", id: "a", value: true },
      ],
      ["a", { label: "Hide the story", op: "hide", id: "a", value: true }, undefined],
      ["a", { label: "Take it out", op: "set", id: "a", field: "article.kicker" }, undefined],
      [
        "a",
        { label: "Strike it", op: "remove", id: "a", field: "keyPoint", sentence: "It opened." },
        undefined,
      ],
      [undefined, undefined, undefined],
      [undefined, undefined, undefined],
      [undefined, { label: "Drop it", ...lines(1) }, undefined],
      ["a", { label: "Part the stories", ...PART }, { label: "Drop it", ...lines(2) }],
      ["a", { label: "Use these words", ...lines(9) }, { label: "Drop it", ...lines(3) }],
      [undefined, undefined, undefined],
      ["2", { ...keep, field: "summary.gist" }, { label: "Take the new text", ...lines(5, 6) }],
      ["2", { ...keep, field: "keyPoint", sentence: "Mine" }, { label: "Drop mine", ...lines(7) }],
      [undefined, { label: "Drop it", ...lines(10) }, undefined],
      [undefined, undefined, undefined],
    ]);
  });

  test("what a browser sees of a story can be accepted, and its picture and the contents left out", () => {
    const findings = [seen("lone-word", "a"), seen("picture-lost", "a"), seen("hero-low")];
    const notices = noticesOf({ issues: [{ slot: SLOT, report: { findings } }] }, NOW);
    const accept = { label: "Accept", op: "accept", id: "a", value: true };
    expect(notices.map(({ severity, fix }) => [severity, fix.operation, fix.otherwise])).toEqual([
      ["look", accept, undefined],
      [
        "look",
        { label: "Leave the picture out", op: "set", id: "a", field: "article.images", value: [] },
        accept,
      ],
      [
        "look",
        {
          label: "Leave out the contents",
          op: "set",
          field: "modules.contents",
          value: false,
        },
        undefined,
      ],
    ]);
  });

  test("a button adds the link or the words, shortens the headline, moves a story to brief, and joins or parts two", () => {
    const findings = [
      found("dead-end", {}),
      found("picture-alt", {}),
      found("copy-fit", { headline: "It is short" }),
      found("said-twice", { other: "b", sentence: "It opened." }),
      found("one-story", { other: "b" }),
    ];
    const notices = noticesOf({ issues: [{ slot: SLOT, report: { findings } }] }, NOW);
    const set = { op: "set", id: "a" };
    expect(notices.map(({ fix }) => [fix.operation, fix.otherwise])).toMatchObject([
      [{ ...set, field: "article.url", asks: "The address of the article" }, { op: "accept" }],
      [{ ...set, field: "picture.alt", asks: "What the picture shows" }, { op: "accept" }],
      [
        { ...set, field: "short.headline", value: "It is short" },
        { ...set, field: "weight", value: "line" },
      ],
      [{ op: "join", id: "a", value: "b" }, { op: "remove" }],
      [
        { op: "join", id: "a", value: "b" },
        { op: "part", id: "a", value: "b", label: "Keep both" },
      ],
    ]);
  });

  test("the gravest one decides what a command leaves with: a permanent one before one that passes", () => {
    const doubt = sending({ uncertain: 1 });
    expect(exitOf([])).toBe(0);
    expect(exitOf(noticesOf(scheduled({ state: "waiting" }), NOW))).toBe(0);
    expect(exitOf(noticesOf({ sendings: [doubt] }, NOW))).toBe(75);
    expect(exitOf(noticesOf({ sendings: [doubt], quarantined: 1 }, NOW))).toBe(69);
  });
});
