import { execFileSync } from "node:child_process";
import { existsSync, symlinkSync } from "node:fs";
import { mkdir, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, test } from "vitest";
import * as z from "zod";
import { complaint, postfix } from "../subscribers/bounce-mails.ts";
import { changeIn } from "../stores.ts";
import { type BouncedList, bouncedList, receivedMails } from "./bounced-list.ts";
import { contentsOf, linesOf, type Run, writeInto } from "./broadsheet.ts";
import { SLOT } from "./mailing-project.ts";
import { noticesIn } from "./notices.ts";

const GONE = postfix("5.1.1", "550 5.1.1 no such user");
const FULL = postfix("5.2.2", "552 5.2.2 mailbox full");
const BLOCKED = postfix("5.7.1", "550 5.7.1 blocked using zen.spamhaus.org");
const LETTER =
  "From: Mara <mara@harbour.example>\nTo: bounces@slipway.example\nSubject: Re: The ferry\n\nMore!\n";

const taken = z.looseObject({
  came: z.string().optional(),
  address: z.string().optional(),
  suppressed: z.boolean().optional(),
  quarantined: z.union([z.boolean(), z.number()]).optional(),
  isNew: z.boolean().optional(),
  stays: z.boolean().optional(),
});

/** What came of each mail. The last line is the sum. */
function takenIn(run: Run) {
  return linesOf(run)
    .slice(0, -1)
    .map((line) => taken.parse(line));
}

/** A Maildir with mails that nobody has read. */
async function maildir(list: BouncedList, mails: Readonly<Record<string, string>>) {
  const dir = path.join(list.cwd, "Maildir");
  for (const name of ["tmp", "new", "cur"]) await mkdir(path.join(dir, name), { recursive: true });
  await writeInto(path.join(dir, "new"), mails);
  return dir;
}

describe("mails in the shapes of real servers, for a list of 2,000", () => {
  const MX = "mx.slipway.example";
  const OUTCOMES: Readonly<Record<string, string>> = {
    bounced: "bounced",
    complained: "complained",
    "asks to leave": "unsubscribed",
  };

  test("are told apart: at least 95 % are of the right kind and reader, and no reader is suppressed wrongly", async () => {
    const config = { unsubscribeMailto: { address: "leave@slipway.example", trustAuthserv: MX } };
    const list = await bouncedList({ readers: 2_000, config });
    const mails = receivedMails().map((one, nth) => Object.assign(one, { nth }));
    const files = mails.map(({ name, nth, mail }) => [`${nth}.${name}`, list.about(nth, mail)]);
    const dir = await maildir(list, Object.fromEntries(files));
    const run = await list.bounces(dir);
    expect([run.code, run.stderr]).toEqual([0, ""]);
    const after = await list.statuses();
    const byName = [...mails].toSorted((a, b) =>
      `${a.nth}.${a.name}` < `${b.nth}.${b.name}` ? -1 : 1,
    );
    const came = takenIn(run);
    const statusOf = (nth: number) => after[list.addresses[nth] ?? ""];
    const expected = ({ kind, isOfReader }: (typeof mails)[number]) =>
      (isOfReader ? OUTCOMES[kind] : undefined) ?? "subscribed";
    const wrong = byName.filter((one, at) => {
      const isRightReader = statusOf(one.nth) === expected(one);
      return came[at]?.came !== one.kind || !isRightReader;
    });
    const wronglySuppressed = mails.filter(
      (one) => expected(one) === "subscribed" && statusOf(one.nth) !== "subscribed",
    );
    expect(wronglySuppressed.map(({ name }) => name)).toEqual([]);
    expect(mails.length).toBeGreaterThanOrEqual(60);
    expect(wrong.map(({ name }) => name)).toEqual([]);
    expect(list.addresses.slice(mails.length).filter((one) => after[one] !== "subscribed")).toEqual(
      [],
    );

    const letters = mails
      .filter(({ kind }) => kind === "letter")
      .map(({ nth, name }) => `${nth}.${name}`);
    expect(new Set(await readdir(path.join(dir, "new")))).toEqual(new Set(letters));
    expect(await readdir(path.join(dir, ".Done/new"))).toHaveLength(mails.length - letters.length);

    const again = await list.bounces(dir);
    expect(linesOf(again)).toMatchObject([{ mails: {} }]);
    // A copy of all, as from a backup.
    await writeInto(
      path.join(dir, "cur"),
      Object.fromEntries(files.map(([name = "", mail = ""]) => [`copy.${name}:2,S`, mail])),
    );
    const copies = await list.bounces(dir);
    expect(new Set(takenIn(copies).map((one) => one.came))).toEqual(new Set(["known"]));
    expect(await list.statuses()).toEqual(after);
    expect(await readdir(path.join(dir, "cur"))).toHaveLength(letters.length);
  });
});

function mailsOf(list: BouncedList) {
  return {
    gone: list.about(0, GONE),
    letter: LETTER,
    complaint: list.about(1, complaint("abuse")),
  };
}

describe("a mail is read", () => {
  test("from a Maildir: it is moved with its flags, and a letter stays unread", async () => {
    const list = await bouncedList({ readers: 5 });
    const { gone, letter, complaint: spam } = mailsOf(list);
    const dir = await maildir(list, { "1.gone": gone, "2.letter": letter });
    await writeInto(dir, {
      "cur/3.spam:2,FS": spam,
      "cur/4.read:2,S": LETTER.replace("Re:", "Hi:"),
      "tmp/5.half": gone,
    });
    expect((await list.bounces(dir)).code).toBe(0);
    expect(Object.keys(await contentsOf(dir)).toSorted()).toEqual([
      ".Done/cur/3.spam:2,FS",
      ".Done/new/1.gone",
      "cur/4.read:2,S",
      "new/2.letter",
      "tmp/5.half",
    ]);
    expect(await list.statuses()).toMatchObject({
      "r0@harbour.example": "bounced",
      "r1@harbour.example": "complained",
      "r2@harbour.example": "subscribed",
    });
  });

  test("from a folder of .eml files, and moved beside those of the same name", async () => {
    const list = await bouncedList({ readers: 5 });
    const { gone, letter, complaint: spam } = mailsOf(list);
    const dir = path.join(list.cwd, "saved");
    await writeInto(dir, { "message.eml": gone, "letter.EML": letter, "notes.txt": gone });
    await list.bounces(dir);
    await writeInto(dir, { "message.eml": spam });
    await list.bounces(dir);
    const files = await contentsOf(dir);
    expect(files).toEqual({
      "Done/message.eml": gone,
      "Done/message-2.eml": spam,
      "letter.EML": letter,
      "notes.txt": gone,
    });
  });

  test("from an mbox, which stays as it is, and from single files", async () => {
    const list = await bouncedList({ readers: 5 });
    const { gone, letter, complaint: spam } = mailsOf(list);
    const mbox = mboxOf([gone, letter]);
    await writeInto(list.cwd, { bounces: mbox, "spam.eml": spam, empty: "" });
    const run = await list.bounces("bounces", "spam.eml", "empty");
    expect(takenIn(run).map(({ came }) => came)).toEqual(["bounced", "letter", "complained"]);
    const again = await list.bounces("bounces", "spam.eml");
    expect(takenIn(again).map(({ came }) => came)).toEqual(["known", "known", "known"]);
    expect(await readFile(path.join(list.cwd, "bounces"), "utf8")).toBe(mbox);
    await writeInto(list.cwd, { bounces: mbox + mboxOf([list.about(2, GONE)]) });
    expect(takenIn(await list.bounces("bounces")).map(({ came }) => came)).toEqual([
      "known",
      "known",
      "bounced",
    ]);
    expect(existsSync(path.join(list.cwd, "bounces.lock"))).toBe(false);
  });

  test("from where the config says, and a dry run changes and moves nothing", async () => {
    const list = await bouncedList({ readers: 5, config: { bounces: ["Maildir", "saved"] } });
    const { gone, complaint: spam } = mailsOf(list);
    const dir = await maildir(list, { "1.gone": gone });
    await writeInto(path.join(list.cwd, "saved"), { "spam.eml": spam });
    const before = await contentsOf(list.cwd);
    const rehearsal = await list.bounces("--dry-run");
    const outcome = [
      { came: "bounced", address: "r0@harbour.example", suppressed: true, isNew: true },
      { came: "complained", address: "r1@harbour.example", suppressed: true, isNew: true },
    ];
    expect(takenIn(rehearsal)).toMatchObject(outcome);
    expect(new Set(Object.values(await list.statuses()))).toEqual(new Set(["subscribed"]));
    expect(Object.keys(await contentsOf(list.cwd))).toEqual(Object.keys(before));
    expect(takenIn(await list.bounces())).toMatchObject(outcome);
    expect(await readdir(path.join(dir, ".Done/new"))).toEqual(["1.gone"]);
  });

  test("in words for a person, who is told where nothing is to be read", async () => {
    const list = await bouncedList({ readers: 5 });
    const { gone, letter } = mailsOf(list);
    const dir = await maildir(list, { "1.gone": gone, "2.letter": letter });
    const read = await list.run(["bounces", dir]);
    expect(read.stdout).toBe(
      "Bounced   r0@harbour.example, nothing is sent there any more\n550 5.1.1 no such user\n2 mails: 1 bounced, 1 letter; left for you to read: 1\n",
    );
    expect((await list.run(["bounces", dir])).stdout).toBe("No new mails\n");
    const none = await list.run(["bounces"]);
    expect([none.code, none.stderr]).toEqual([78, expect.stringContaining("BOUNCES_URL")]);
    const missing = await list.run(["bounces", "nowhere"]);
    expect([missing.code, missing.stderr]).toEqual([66, expect.stringContaining("INPUT_MISSING")]);
  });
});

/** As mail servers write it, lines that begin like a separator quoted (mboxrd). */
function mboxOf(mails: readonly string[]): string {
  return mails
    .map(
      (mail) =>
        `From MAILER-DAEMON Tue Nov 24 07:00:09 2026\n${mail.replaceAll(/^(>*From )/gm, ">$1")}\n\n`,
    )
    .join("");
}

describe("weeks of bounces", () => {
  const WEEKS = [28, 21, 14, 7, 0];

  test("that are about us suppress no reader, and stand in status", async () => {
    const list = await bouncedList({ readers: 5, sentDaysAgo: WEEKS });
    for (const days of WEEKS) {
      const dir = await maildir(list, {
        [`${days}.blocked`]: list.about(0, BLOCKED, days),
        [`${days}.b2`]: list.about(1, BLOCKED, days),
      });
      expect(takenIn(await list.bounces(dir))).toMatchObject([
        { came: "blocked", suppressed: false },
        { came: "blocked", suppressed: false },
      ]);
    }
    expect(new Set(Object.values(await list.statuses()))).toEqual(new Set(["subscribed"]));
    const status = await list.run(["status"]);
    expect(status.stdout).toMatch(
      new RegExp(
        `^Look +2 messages of ${SLOT} bounced because servers block them \\(harbour\\.example\\): 550 5\\.7\\.1 blocked using zen\\.spamhaus\\.org; no reader is at fault; .*: broadsheet doctor$`,
        "m",
      ),
    );
    expect((await list.run(["explain", "r0@harbour.example"])).stdout).toContain(
      "   blocked   550 5.7.1",
    );
  });

  test("of a full mailbox do, and one about us in between doesn't count", async () => {
    const list = await bouncedList({ readers: 200, sentDaysAgo: WEEKS });
    const dir = await maildir(
      list,
      Object.fromEntries(
        WEEKS.flatMap((days) => [
          [`${days}.full`, list.about(0, FULL, days)],
          [`${days}.mixed`, list.about(1, days === 7 ? BLOCKED : FULL, days)],
        ]),
      ),
    );
    await list.bounces(dir);
    expect(await list.statuses()).toMatchObject({
      "r0@harbour.example": "bounced",
      "r1@harbour.example": "subscribed",
    });
  });
});

describe("a relay that accepts an issue and returns it", () => {
  test("suppresses readers up to the limit, and beyond it quarantines all of them, whatever runs and days they come in", async () => {
    const list = await bouncedList({ readers: 200, sentDaysAgo: [7, 0] });
    const read = async (...readers: readonly number[]) => {
      const mails = readers.map((reader) => [`${reader}.gone`, list.about(reader, GONE)]);
      const run = await list.bounces(await maildir(list, Object.fromEntries(mails)));
      await pass(list, 1);
      return run;
    };
    expect((await read(0, 1)).code).toBe(0);
    expect((await read(2, 3)).code).toBe(0);
    const statuses = Object.values(await list.statuses());
    expect(statuses.filter((one) => one === "bounced")).toHaveLength(4);
    await list.run(["subscribers", "unsubscribe", "--mail", "-"]);
    const beyond = await read(4);
    expect(beyond.code).toBe(69);
    expect(beyond.stderr).toMatch(
      /^error READERS_QUARANTINED: the server doesn't know 5 readers, /,
    );
    expect(beyond.stderr).not.toContain("@");
    expect(takenIn(beyond)).toMatchObject([
      { came: "bounced", quarantined: true, suppressed: false },
    ]);
    // Another issue has its own limit.
    const other = list.about(9, GONE, 7);
    await list.bounces(await maildir(list, { "9.gone": other }));
    const after = await list.statuses();
    const quarantined = list.addresses.filter((one) => after[one] === "quarantined");
    expect(quarantined).toEqual([0, 1, 2, 3, 4].map((nth) => list.addresses[nth]));
    expect(after["r9@harbour.example"]).toBe("bounced");
    const status = await list.run(["status"]);
    expect(status.code).toBe(69);
    expect(status.stdout).toMatch(/^r0@harbour\.example .* UTC +550 5\.1\.1 no such user$/m);

    await list.run([
      "subscribers",
      "quarantine",
      "release",
      "r0@harbour.example",
      "r1@harbour.example",
    ]);
    await list.run(["subscribers", "quarantine", "suppress", "r2@harbour.example"]);
    expect((await read(0, 5)).code).toBe(69);
    expect(await list.statuses()).toMatchObject({
      "r0@harbour.example": "subscribed",
      "r1@harbour.example": "subscribed",
      "r2@harbour.example": "bounced",
      "r5@harbour.example": "quarantined",
    });
  });

  test("so too in one run, and where it says for weeks that mailboxes are full", async () => {
    const WEEKS = [28, 21, 14, 7, 0];
    const list = await bouncedList({ readers: 100, sentDaysAgo: WEEKS });
    const readers = Array.from({ length: 20 }, (_, nth) => nth);
    const mails = WEEKS.flatMap((days) =>
      readers.map((nth) => [`${days}.${nth}`, list.about(nth, FULL, days)]),
    );
    const dir = await maildir(list, Object.fromEntries(mails));
    const rehearsal = await list.bounces(dir, "--dry-run");
    expect(linesOf(rehearsal).at(-1)).toMatchObject({ quarantined: 20 });
    expect((await list.bounces(dir)).code).toBe(69);
    const statuses = Object.values(await list.statuses());
    expect(statuses.filter((one) => one === "quarantined")).toHaveLength(20);
    expect(statuses).not.toContain("bounced");
    await list.run(["subscribers", "quarantine", "release", "--all"]);
    const late = await list.bounces(
      await maildir(list, { late: list.about(3, FULL.replace("full", "still full"), 0) }),
    );
    expect(takenIn(late)).toMatchObject([{ came: "bounced for now", suppressed: false }]);
    expect((await list.statuses())["r3@harbour.example"]).toBe("subscribed");
  });
});

/** All that the store has noted lies so much longer ago. */
async function pass({ place }: BouncedList, days: number): Promise<void> {
  for (const [table, column] of [
    ["delivery", "changed_at"],
    ["refusal", "at"],
    ["delivery_event", "at"],
    ["suppression", "since"],
    ["quarantine", "since"],
  ])
    await changeIn(place, `UPDATE ${table} SET ${column} = ${column} - ${days * 86_400_000}`);
}

describe("bad input suppresses nobody wrongly and loses nothing", () => {
  test.each([
    [
      "a report without a token",
      GONE.replaceAll("bounces+TOKEN@", "bounces@").replaceAll("LINK", "none"),
    ],
    [
      "a report with a forged token",
      GONE.replaceAll("TOKEN", "1-0000000000000000").replaceAll("LINK", "A".repeat(43)),
    ],
    ["a report cut off before its words", GONE.slice(0, GONE.indexOf("Content-Type: text/plain"))],
    [
      "our own message in the mailbox",
      GONE.slice(GONE.indexOf("From: The Slipway"), GONE.lastIndexOf("--cut--")),
    ],
    [
      "a report about a report of ours",
      `From: mailer-daemon@x.example\nTo: bounces@slipway.example\nSubject: Undelivered\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; x\n\nFinal-Recipient: rfc822; mailer-daemon@y.example\nAction: failed\nStatus: 5.4.6\nDiagnostic-Code: smtp; 554 5.4.6 too many hops, mail loop\n\n--b\nContent-Type: message/rfc822\n\nFrom: mailer-daemon@y.example\nSubject: Undelivered\n\n${GONE}\n--b--\n`,
    ],
    ["no mail", "\u0000\u0001\u0002"],
    [
      "nested without end",
      `From: a@b.example\n${"Content-Type: multipart/mixed; boundary=b\n\n--b\n".repeat(2000)}`,
    ],
  ])("%s", async (_what, mail) => {
    const list = await bouncedList({ readers: 5 });
    const dir = await maildir(list, {
      "1.bad": list.about(0, mail),
      "2.gone": list.about(1, GONE),
    });
    const run = await list.bounces(dir);
    expect([run.code, run.stderr]).toEqual([0, ""]);
    const { "r1@harbour.example": gone, ...others } = await list.statuses();
    expect(gone).toBe("bounced");
    expect(new Set(Object.values(others))).toEqual(new Set(["subscribed"]));
    const names = Object.keys(await contentsOf(dir)).map((name) => path.basename(name));
    expect(names.toSorted()).toEqual(["1.bad", "2.gone"]);
  });

  test("a mail of another newsletter's stays for that one", async () => {
    const [list, other] = [await bouncedList({ readers: 5 }), await bouncedList({ readers: 5 })];
    const dir = await maildir(list, { "1.other": other.about(0, GONE) });
    expect(takenIn(await list.bounces(dir))).toMatchObject([{ came: "bounced", stays: true }]);
    expect(takenIn(await other.bounces(dir))).toMatchObject([{ came: "bounced", isNew: true }]);
    expect(await readdir(path.join(dir, "new"))).toEqual([]);
  });

  test("a mail of 20 MB, in a file and in an mbox, is read as far as it says what it is", async () => {
    const list = await bouncedList({ readers: 5 });
    const large = Buffer.concat([
      Buffer.from(list.about(0, GONE)),
      Buffer.alloc(20 * 1024 * 1024, "x"),
    ]);
    const dir = await maildir(list, {});
    await writeFile(path.join(dir, "new/1.large"), large);
    const mbox = Buffer.concat([
      Buffer.from("From x Tue Nov 24 07:00:09 2026\n"),
      Buffer.from(list.about(1, GONE)),
      large.subarray(-20 * 1024 * 1024),
      Buffer.from(`\n\n${mboxOf([list.about(2, GONE)])}`),
    ]);
    await writeFile(path.join(list.cwd, "mbox"), mbox);
    const run = await list.bounces(dir, "mbox");
    expect(takenIn(run).map(({ came, address }) => [came, address])).toEqual(
      [0, 1, 2].map((nth) => ["bounced", list.addresses[nth]]),
    );
  });

  test("what can't be moved is taken in all the same, and changes nothing the next time", async () => {
    const list = await bouncedList({ readers: 5, config: { bounces: "Maildir" } });
    const dir = await maildir(list, {
      "1.gone": list.about(0, GONE),
      "2.full": list.about(1, FULL),
    });
    await writeFile(path.join(dir, ".Done"), "in the way");
    const run = await list.bounces();
    expect([run.code, run.stderr]).toEqual([
      73,
      expect.stringContaining("OUTPUT_UNWRITABLE: processed mails can't be moved"),
    ]);
    expect(takenIn(run).map(({ came }) => came)).toEqual(["bounced", "bounced for now"]);
    expect(await readdir(path.join(dir, "new"))).toEqual(["1.gone", "2.full"]);
    await list.run(["subscribers", "add", "r0@harbour.example", "--resubscribe"]);
    await list.run(["bounces"]);
    expect((await list.statuses())["r0@harbour.example"]).toBe("subscribed");
    expect(noticesIn(await list.run(["status", "--json"])).join()).toContain("can't be moved");
    await rm(path.join(dir, ".Done"));
    expect((await list.bounces()).code).toBe(0);
    expect(await readdir(path.join(dir, "new"))).toEqual([]);
    expect(noticesIn(await list.run(["status", "--json"]))).toEqual([]);
  });

  test("an mbox that another program has locked waits, with 75", async () => {
    const list = await bouncedList({ readers: 5 });
    await writeInto(list.cwd, { mbox: mboxOf([list.about(0, GONE)]), "mbox.lock": "1\n" });
    const run = await list.bounces("mbox");
    expect([run.code, run.stderr]).toEqual([75, expect.stringContaining("MAILBOX_BUSY")]);
    expect((await list.statuses())["r0@harbour.example"]).toBe("subscribed");
    const longAgo = new Date(Date.now() - 3_600_000);
    await utimes(path.join(list.cwd, "mbox.lock"), longAgo, longAgo);
    expect((await list.bounces("mbox")).code).toBe(0);
    expect((await list.statuses())["r0@harbour.example"]).toBe("bounced");
  });

  test("a file that is no mail costs no other one", async () => {
    const list = await bouncedList({ readers: 5 });
    const dir = await maildir(list, { "2.gone": list.about(0, GONE) });
    execFileSync("mkfifo", [path.join(dir, "new/1.pipe")]);
    symlinkSync("/etc/hostname", path.join(dir, "new/3.link"));
    const run = await list.bounces(dir);
    expect(takenIn(run).map(({ came }) => came)).toEqual(["letter", "bounced", "letter"]);
    expect((await readdir(path.join(dir, "new"))).toSorted()).toEqual(["1.pipe", "3.link"]);
  });
});
