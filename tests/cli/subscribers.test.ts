import { placeIn } from "../stores.ts";
import { noticesIn } from "./notices.ts";
import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { momentText } from "../../src/platform/clock.ts";
import { keyringOf, mintToken } from "../../src/subscribers/tokens.ts";
import { openAudience } from "../../src/subscribers/io/audience.ts";
import { broadsheet, folderWith, linesOf, type Run } from "./broadsheet.ts";

const SECRET = "a secret that nobody guesses";
const ENV = { BROADSHEET_SECRET: SECRET };
const CONFIG = { "broadsheet.config.json": '{"name":"The Slipway"}' };

const READERS = `E-Mail;Vorname;Nachname;Sprache;Tags;Status;Notiz
mara@harbour.example;Mara;"Quill ""the pen""";de;"harbour;news";active;x
JORY@Quay.Example;Jory;;German;;unsubscribed;
nobody;No;Body;;;;
wenna@harbour.example;=HYPERLINK("x");;fr;;;
mara@HARBOUR.example;;;;vip;;
"kerra@harbour.example
Bcc: all@harbour.example";Kerra;;;;;
`;

async function newsletter(files: Readonly<Record<string, string>> = {}) {
  const cwd = await folderWith({ ...CONFIG, ...files });
  const run = async (...args: readonly string[]) =>
    broadsheet(["subscribers", ...args], { cwd, env: ENV });
  const feed = async (input: string, ...args: readonly string[]) =>
    broadsheet(["subscribers", ...args], { cwd, env: ENV, input });
  return { cwd, run, feed };
}

/** The token in the link of a message to this reader. */
async function tokenFor(cwd: string, address: string): Promise<string> {
  const store = await placeIn(cwd);
  const config = { store, slug: "the-slipway", secrets: { secret: SECRET } };
  const audience = await openAudience(config, () => new Date());
  const subscriberId = (await audience.find(address))?.id ?? 0;
  const list = await audience.listUid();
  await audience.close();
  return mintToken({ subscriberId, list }, keyringOf(SECRET));
}

describe("subscribers import", () => {
  test.each([
    ["E-Mail\n", 0],
    ["E-Mail\nnobody\n", 65],
  ])("of no reader changes no store: %j", async (text, code) => {
    const { cwd, run } = await newsletter({ "readers.csv": text });
    expect((await run("import", "readers.csv")).code).toBe(code);
    expect(await readdir(path.join(cwd, ".broadsheet"))).not.toContain("broadsheet.db-mark");
    await run("add", "mara@harbour.example");
    expect(await readdir(path.join(cwd, ".broadsheet"))).toContain("broadsheet.db-mark");
  });

  test("shows what it takes the columns for, and what became of the rows", async () => {
    const { cwd, run } = await newsletter({ "readers.csv": READERS });
    const { code, stdout, stderr } = await run("import", "readers.csv");
    expect(stderr).toBe("");
    expect(stdout).toBe(`Column     Taken for
─────────────────────
E-Mail     address
Vorname    first name
Nachname   last name
Sprache    language
Tags       tags
Status     status
─────────────────────
Left out: Notiz. To import one: --column name=HEADING

Outcome   Rows   What it means
───────────────────────────────────────────────────────────────────────────
Added        2   On the list from now on
Updated      1   On the list already; new data was added
Left         1   Unsubscribed or bounced in the file: nothing is sent there
Refused      2   readers.rejects.csv has the reason for each line
───────────────────────────────────────────────────────────────────────────

Next   node ${path.resolve("src/cli/main.ts")} subscribers list
`);
    expect(code).toBe(0);
    const rejects = await readFile(path.join(cwd, "readers.rejects.csv"), "utf8");
    expect(rejects.split("\r\n")).toEqual([
      "rejected line,reason,E-Mail,Vorname,Nachname,Sprache,Tags,Status,Notiz",
      "4,has no @ in its address,nobody,No,Body,,,,",
      '8,contains a line break or a control character,"kerra@harbour.example\nBcc: all@harbour.example",Kerra,,,,,',
      "",
    ]);
  });

  test("a second time changes nothing, and whoever has left stays out", async () => {
    const { run } = await newsletter({ "readers.csv": READERS });
    await run("import", "readers.csv", "--quiet");
    await run("suppress", "wenna@harbour.example", "--reason", "complained", "--quiet");
    const [again] = linesOf(await run("import", "readers.csv", "--json"));
    expect(again).toMatchObject({
      newsletter: "the-slipway",
      read: 6,
      added: 0,
      updated: 0,
      unchanged: 2,
      suppressed: 0,
      keptOut: { complained: 1 },
      rejected: 2,
      unused: ["Notiz"],
    });
  });

  test("names the rows that a quote takes in which only a later row closes", async () => {
    const rows = ['"mara@x.example,Mara,', "jory@x.example,Jory,left", 'kerra@x.example,"Kerra",'];
    const { run, cwd } = await newsletter({ "l.csv": `email,name,status\r\n${rows.join("\r\n")}` });
    await run("import", "l.csv", "--quiet");
    expect(await readFile(path.join(cwd, "l.rejects.csv"), "utf8")).toContain(
      "\n4,has 3 rows of the list in one cell: a quote in the first of them is not closed,",
    );
  });

  test("of many, up to where a quote is never closed, keeps what came before", async () => {
    const many = Array.from({ length: 3_500 }, (_, n) => `r${n}@harbour.example,Reader`);
    const list = ["email,name", ...many, '"jory@quay.example,Jory'].join("\n");
    const { run } = await newsletter({ "many.csv": list });
    const { code, stderr } = await run("import", "many.csv", "--quiet");
    expect([code, stderr]).toEqual([65, expect.stringContaining("a quote in the list is never")]);
    expect((await run("list")).stdout).toContain("3,500");
    expect((await run("list", "--segment", "tag:none")).stdout).toBe(
      "This segment has no reader\n",
    );
  });

  test("from the standard input, with what holds for all", async () => {
    const { feed, run } = await newsletter();
    const list = '[{"email":"mara@harbour.example"},{"email":"jory@quay.example","language":"fr"}]';
    const flags = ["--tag", "fair", "--tag", "spring", "--language", "German", "--consent", "card"];
    expect((await feed(list, "import", "-", "--json", ...flags)).code).toBe(0);
    expect(linesOf(await run("list", "--json"))).toMatchObject([
      {
        address: "mara@harbour.example",
        language: "de",
        tags: ["fair", "spring"],
        consent: "card",
      },
      { address: "jory@quay.example", language: "fr", tags: ["fair", "spring"] },
    ]);
    const [one] = linesOf(await run("list", "--json", "--segment", "tag:fair not language:de"));
    expect(one).toMatchObject({ address: "jory@quay.example", status: "subscribed" });
  });

  test("a list of those who have left", async () => {
    const { feed, run } = await newsletter();
    await feed("mara@harbour.example\n", "import", "-", "--as", "unsubscribed", "--quiet");
    const [imported] = linesOf(await feed("mara@harbour.example\n", "import", "-", "--json"));
    expect(imported).toMatchObject({ added: 0, keptOut: { unsubscribed: 1 } });
    const { stdout } = await run("export");
    expect(stdout).toContain("mara@harbour.example,,,,,,,unsubscribed,");
  });

  test("a dry run says what is wrong and changes nothing", async () => {
    const { cwd, run } = await newsletter({ "readers.csv": READERS });
    const { code, stdout, stderr } = await run("import", "readers.csv", "--dry-run");
    expect(code).toBe(0);
    expect(stdout).toContain("4 rows can be imported; nothing was changed");
    expect(stderr).toBe("2 of 6 rows can't be imported; readers.rejects.csv has the reasons\n");
    await expect(stat(path.join(cwd, ".broadsheet"))).rejects.toThrow("ENOENT");
  });

  test.each([
    ["nothing that can be taken", "email\nmara\njory\n", [], 65, "2 of 2 rows can't be imported"],
    ["one bad row, with --strict", "email\nm@x.example\nm\n", ["--strict"], 65, "1 of 2 rows"],
    ["no addresses", "Name,Since\nMara,2024\n", [], 65, "no column of the list contains addresses"],
    ["a column not there", "email\nm@x.example\n", ["--column", "name=Nom"], 64, "no column"],
    [
      "a field that isn't there",
      "email\n",
      ["--column", "adress=email"],
      64,
      "is not FIELD=HEADING",
    ],
  ])("refuses a list with %s", async (_what, list, flags, exit, message) => {
    const { feed } = await newsletter();
    const { code, stderr } = await feed(list, "import", "-", ...flags);
    expect(stderr).toContain(message);
    expect(stderr).toContain("  fix ");
    expect(code).toBe(exit);
  });

  test("a newsletter that was renamed is told where its list is", async () => {
    const { cwd, feed } = await newsletter();
    await feed("mara@harbour.example\n", "import", "-", "--quiet");
    const renamed = await folderWith({
      "list.csv": "mara@harbour.example\n",
      "broadsheet.config.json": JSON.stringify({
        name: "The Quay",
        store: path.join(cwd, ".broadsheet/broadsheet.db"),
      }),
    });
    const { stderr } = await broadsheet(["subscribers", "import", "list.csv"], {
      cwd: renamed,
      env: ENV,
    });
    expect(stderr).toContain("this store has 1 of the-slipway");
    expect(stderr).toContain('set it in the config: slug: "the-slipway"');
  });
});

describe("subscribers export", () => {
  test("is private, safe in a spreadsheet, and comes back as it was", async () => {
    const { cwd, run } = await newsletter({ "readers.csv": READERS });
    await run("import", "readers.csv", "--consent", "at the fair", "--quiet");
    await run("export", "all.csv", "--quiet");
    const file = path.join(cwd, "all.csv");
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readFile(file, "utf8")).toContain(`"'=HYPERLINK(""x"")",fr`);
    const before = (await run("list", "--json")).stdout;

    const { run: runThere } = await newsletter({ "all.csv": await readFile(file, "utf8") });
    const [imported] = linesOf(await runThere("import", "all.csv", "--json"));
    expect(imported).toMatchObject({ added: 2, suppressed: 1, rejected: 0 });
    expect((await runThere("list", "--json")).stdout).toBe(before);
  });

  test("where there is no list yet makes none", async () => {
    const { cwd, run } = await newsletter();
    expect((await run("list")).stdout).toBe("0 to be sent to\n");
    expect((await run("export")).code).toBe(0);
    await expect(stat(path.join(cwd, ".broadsheet"))).rejects.toThrow("ENOENT");
  });
});

describe("subscribers unsubscribe", () => {
  test("by the token of a link, once", async () => {
    const { cwd, run } = await newsletter();
    await run("add", "Mara Quill <mara@harbour.example>", "--tag", "harbour", "--quiet");
    const token = await tokenFor(cwd, "mara@harbour.example");
    const first = await run("unsubscribe", token, "--json");
    expect(linesOf(first)).toEqual([
      { newsletter: "the-slipway", unsubscribed: true, wasSubscribed: true },
    ]);
    const second = await run("unsubscribe", token, "--json");
    expect(linesOf(second)).toMatchObject([{ unsubscribed: true, wasSubscribed: false }]);
    const { code, stderr } = await run("add", "mara@harbour.example");
    expect([code, stderr]).toEqual([65, expect.stringContaining("they have unsubscribed")]);
    expect((await run("add", "mara@harbour.example", "--resubscribe")).stdout).toBe(
      "On the list already   mara@harbour.example\n",
    );
  });

  test("a forged token, a cut one and another newsletter's are told apart by nobody", async () => {
    const { cwd, run } = await newsletter();
    await run("add", "mara@harbour.example", "--quiet");
    const token = await tokenFor(cwd, "mara@harbour.example");
    const { cwd: other, run: runThere } = await newsletter();
    await runThere("add", "mara@harbour.example", "--quiet");
    const foreign = await tokenFor(other, "mara@harbour.example");
    const forged = token.slice(0, -1) + (token.endsWith("A") ? "E" : "A");
    const refusals: Run[] = [];
    for (const bad of [forged, token.slice(1), foreign, "sample"])
      refusals.push(await run("unsubscribe", bad));
    expect(new Set(refusals.map(({ stderr }) => stderr)).size).toBe(1);
    expect(refusals.map(({ code }) => code)).toEqual([65, 65, 65, 65]);
    expect(refusals[0]?.stderr).not.toContain(token.slice(1, 20));
  });

  test("by a mail, by the token in its subject and not by its sender", async () => {
    const { cwd, run, feed } = await newsletter();
    await run("add", "mara@harbour.example", "--quiet");
    const token = await tokenFor(cwd, "mara@harbour.example");
    const asked = mail(`unsubscribe ${token}`, "Jory <jory@quay.example>");
    const { code, stdout } = await feed(asked, "unsubscribe", "--mail", "-");
    expect([code, stdout]).toEqual([0, "Unsubscribed\n"]);
    const [left] = linesOf(await run("list", "--json"));
    expect(left).toMatchObject({ status: "unsubscribed" });
  });

  test("by a mail that a server hands over: where the mistake is ours, it keeps the mail", async () => {
    const { cwd, run, feed } = await newsletter();
    await run("add", "mara@harbour.example", "--quiet");
    const request = mail(`unsubscribe ${await tokenFor(cwd, "mara@harbour.example")}`);
    await writeFile(path.join(cwd, "request.eml"), request);
    await writeFile(path.join(cwd, "broadsheet.config.json"), "{");
    expect((await run("unsubscribe", "--mail", "request.eml")).code).toBe(78);
    const handed = await feed(request, "unsubscribe", "--mail", "-");
    expect([handed.code, handed.stderr]).toEqual([75, expect.stringContaining("CONFIG_INVALID")]);
  });

  test("only an automatic reply is returned", async () => {
    const { feed } = await newsletter();
    const reply = mailOf({ ...head("unsubscribe"), "Auto-Submitted": "auto-replied" });
    const answered = await feed(reply, "unsubscribe", "--mail", "-");
    expect([answered.code, answered.stderr]).toEqual([65, expect.stringContaining("doesn't ask")]);
  });

  test.each([
    ["in other words", head("Abmelden"), "mara@harbour.example"],
    [
      "whose From is a group",
      head("unsubscribe", "readers: mara@harbour.example;"),
      "unknown@sender.invalid",
    ],
    ["without From", { Subject: "unsubscribe" }, "unknown@sender.invalid"],
  ])("a mail %s isn't returned, and an operator reads it", async (_, fields, address) => {
    const { feed, run } = await newsletter();
    const noted = await feed(mailOf(fields), "unsubscribe", "--mail", "-", "--json");
    expect([noted.code, linesOf(noted)]).toMatchObject([0, [{ isNoted: true }]]);
    expect(linesOf(await run("keep", "--json"))).toMatchObject([{ address }]);
    expect(linesOf(await run("keep", address, "--json"))).toMatchObject([{ wasAsked: true }]);
  });
});

/** A newsletter with one reader. */
async function listOf(config = CONFIG["broadsheet.config.json"]) {
  const project = await newsletter({ "broadsheet.config.json": config });
  await project.run("add", "mara@harbour.example", "--quiet");
  const status = async (...args: readonly string[]) =>
    broadsheet(["status", ...args], { cwd: project.cwd, env: ENV });
  const state = async () => linesOf(await project.run("list", "--json"))[0];
  return { ...project, status, state };
}

describe("a mail with a forged From unsubscribes nobody", () => {
  const FORGED = { ...head("Unsubscribe", "Mara <MARA@harbour.example>"), "Message-ID": "<1@x>" };
  const MX = "mx.slipway.example";
  const TRUSTING = JSON.stringify({
    name: "The Slipway",
    unsubscribeMailto: { address: "leave@slipway.example", trustAuthserv: MX },
  });

  test.each(
    Object.entries({
      "without a token": FORGED,
      "with the token of nobody": { ...FORGED, Subject: `unsubscribe ${"A".repeat(43)}` },
      "that a server failed, whom the config does not trust": {
        ...FORGED,
        "Authentication-Results": `${MX}; dmarc=fail header.from=harbour.example`,
      },
    }),
  )("%s: the operator decides", async (_, fields) => {
    const { feed, run, status, state } = await listOf();
    const noted = await feed(mailOf(fields), "unsubscribe", "--mail", "-", "--json");
    expect([noted.code, noted.stderr]).toEqual([0, ""]);
    expect(linesOf(noted)).toMatchObject([{ unsubscribed: false, isNoted: true }]);
    expect(await state()).toMatchObject({ status: "subscribed" });
    const line = `a mail in the name of MARA@harbour.example came to the unsubscribe address without a proof of its sender (${momentText(new Date("2026-11-24T07:00:00Z"))}, <1@x>); if it is not from this reader: broadsheet subscribers keep MARA@harbour.example; if it is: broadsheet subscribers suppress MARA@harbour.example --reason unsubscribed`;
    expect(noticesIn(await status("--json"))).toEqual([line]);
    expect((await status()).stdout).toContain(`Look   ${line}\n`);
    await run("suppress", "MARA@harbour.example", "--reason", "unsubscribed");
    expect(await state()).toMatchObject({ status: "unsubscribed" });
    expect(linesOf(await status("--json"))).toMatchObject([{ notices: [] }]);
  });

  test("and a reader who didn't write it is kept by a command", async () => {
    const { feed, run, status, state } = await listOf();
    await feed(mailOf(FORGED), "unsubscribe", "--mail", "-");
    expect((await run("keep", "mara@harbour.example")).stdout).toBe(
      "Kept   mara@harbour.example\n",
    );
    expect(await state()).toMatchObject({ status: "subscribed" });
    expect((await status()).stdout).not.toContain("mara");
    const none = await run("keep", "mara@harbour.example", "--json");
    expect(linesOf(none)).toMatchObject([{ wasAsked: false }]);
  });

  test("an address that a shell would run is quoted in the command", async () => {
    const { feed, status } = await listOf();
    await feed(mail("unsubscribe", "`id`@quay.example"), "unsubscribe", "--mail", "-");
    expect((await status()).stdout).toContain("suppress '`id`@quay.example' --reason");
  });

  test("a flood of them pushes no subscriber's off the list, and is one line in status", async () => {
    const { cwd, run, status } = await listOf();
    const config = { store: await placeIn(cwd), slug: "the-slipway" };
    const audience = await openAudience({ ...config, secrets: {} }, () => new Date());
    const asks = async (address: string) =>
      await audience.noteLeaveRequest({ address, date: new Date() });
    const readers = Array.from({ length: 101 }, (_, at) => `reader${at}@harbour.example`);
    await audience.importRows([readers.map((address) => ({ address, tags: [] }))]);
    for (const reader of readers) await asks(reader);
    for (let at = 0; at < 102; at++) await asks(`x${at}@quay.example`);
    await audience.close();
    expect((await status()).stdout.match(/^Look .*$/gm)).toEqual([
      "Look   201 mails came to the unsubscribe address without a proof of their senders: broadsheet subscribers keep",
    ]);
    const listed = await run("keep");
    expect(listed.stdout.match(/name of reader\d+@harbour/g)).toHaveLength(101);
    expect(listed.stdout.match(/name of x\d+@quay/g)).toHaveLength(100);
    expect(linesOf(await run("keep", "--json"))[0]).toMatchObject({ address: "x101@quay.example" });
  });

  test("an erased address is not stored again", async () => {
    const { feed, run, status } = await listOf();
    await feed(mailOf(FORGED), "unsubscribe", "--mail", "-");
    await run("erase", "mara@harbour.example");
    await feed(mailOf(FORGED), "unsubscribe", "--mail", "-");
    expect(linesOf(await status("--json"))).toMatchObject([{ notices: [] }]);
  });

  test("its sender counts where the trusted server says that it passed DMARC", async () => {
    const { feed, state } = await listOf(TRUSTING);
    const results = `${MX}; dmarc=pass header.from=harbour.example`;
    const received = `from out.harbour.example by ${MX} with ESMTPS; Tue, 24 Nov 2026 07:00:00 +0000`;
    const asked = { Received: received, "Authentication-Results": results, ...FORGED };
    const gone = await feed(mailOf(asked), "unsubscribe", "--mail", "-", "--json");
    expect(linesOf(gone)).toMatchObject([{ unsubscribed: true, wasSubscribed: true }]);
    expect(await state()).toMatchObject({ status: "unsubscribed" });
  });

  test("nor where the trusted server says that it failed", async () => {
    const { feed, state } = await listOf(TRUSTING);
    const failed = { "Authentication-Results": `${MX}; dmarc=fail header.from=harbour.example` };
    const { code } = await feed(mailOf({ ...failed, ...FORGED }), "unsubscribe", "--mail", "-");
    expect([code, await state()]).toMatchObject([0, { status: "subscribed" }]);
  });
});

describe("subscribers remove and erase", () => {
  test("removed they may come back, erased they may not", async () => {
    const { run, feed } = await newsletter();
    const list = "mara@harbour.example\njory@quay.example\n";
    await feed(list, "import", "-", "--quiet");
    expect(
      linesOf(await run("remove", "mara@harbour.example", "x@quay.example", "--json")),
    ).toEqual([
      { newsletter: "the-slipway", address: "mara@harbour.example", removed: true },
      { newsletter: "the-slipway", address: "x@quay.example", removed: false },
    ]);
    expect(linesOf(await run("erase", "jory@quay.example", "--json"))).toEqual([
      { newsletter: "the-slipway", erased: true, wasKnown: true, isClean: true },
    ]);
    const [again] = linesOf(await feed(list, "import", "-", "--json"));
    expect(again).toMatchObject({ added: 1, keptOut: { erased: 1 } });
  });

  test("erasing needs the secret", async () => {
    const { cwd } = await newsletter();
    const { code, stderr } = await broadsheet(["subscribers", "erase", "jory@quay.example"], {
      cwd,
    });
    expect([code, stderr]).toEqual([78, expect.stringContaining("BROADSHEET_SECRET")]);
  });
});

function head(subject: string, from = "mara@harbour.example"): Readonly<Record<string, string>> {
  const date = "Tue, 24 Nov 2026 07:00:00 +0000";
  return { From: from, To: "letter@slipway.example", Date: date, Subject: subject };
}

function mailOf(fields: Readonly<Record<string, string>>): string {
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`);
  return `${lines.join("")}\r\nplease\r\n`;
}

function mail(subject: string, from?: string): string {
  return mailOf(head(subject, from));
}
