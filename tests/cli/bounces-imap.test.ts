import { createServer } from "node:net";
import * as z from "zod";
import { describe, expect, onTestFinished, test } from "vitest";
import { pagesOnServer, parseImapUrl } from "../../src/delivery/io/imap-mailbox.ts";
import { startImapServer } from "../imap-server.ts";
import { listening } from "../listening.ts";
import { closedPort } from "../smtp-server.ts";
import { complaint, postfix } from "../subscribers/bounce-mails.ts";
import { startTokenServer } from "../token-server.ts";
import { type BouncedList, bouncedList } from "./bounced-list.ts";
import { linesOf, type Run, writeInto } from "./broadsheet.ts";
import { noticesIn } from "./notices.ts";
import { reconfigure } from "./scheduled-project.ts";
import { spawnBroadsheet } from "./spawn-broadsheet.ts";
import { withoutPackages } from "../without-packages.ts";

const GONE = postfix("5.1.1", "550 5.1.1 no such user");
const LETTER =
  "From: Mara <mara@harbour.example>\r\nTo: bounces@slipway.example\r\nSubject: Re: The ferry\r\n\r\nMore!";

async function mailbox({ readers = 5 } = {}) {
  const list = await bouncedList({ readers });
  const mails = [
    list.about(0, GONE),
    LETTER,
    `Seen ${list.about(1, complaint("abuse"))}`,
    `Seen ${LETTER.replace("Re:", "Hi:")}`,
  ];
  const server = await startImapServer(mails);
  const read = async (env: Readonly<Record<string, string>> = {}, ...args: readonly string[]) =>
    list.run(["bounces", "--json", ...args], { BOUNCES_URL: server.url(), ...env });
  return { list, server, read, mails };
}

const gone = async (list: BouncedList) =>
  Object.entries(await list.statuses())
    .filter(([, status]) => status !== "subscribed")
    .map(([address, status]) => `${address} ${status}`);

function cameIn(run: Run): unknown[] {
  return linesOf(run)
    .slice(0, -1)
    .map((line) => Object(line).came);
}

describe("a mailbox on an IMAP server", () => {
  test("is logged in to by doctor --live, which leaves every mail as it is", async () => {
    const { list, server, mails } = await mailbox({ readers: 1 });
    const look = async (url: string) => {
      const run = await list.run(["doctor", "--live", "--json"], { BOUNCES_URL: url });
      return z
        .object({ diagnoses: z.array(z.object({ about: z.string(), verdict: z.string() })) })
        .parse(linesOf(run)[0])
        .diagnoses.filter(({ about }) => about === "Mailbox")
        .map(({ verdict }) => verdict);
    };
    expect(await look(server.url())).toEqual(["ok"]);
    expect(server.mailsIn("INBOX")).toHaveLength(mails.length);
    expect(await look(`imaps://a:b@127.0.0.1:${await closedPort()}/INBOX`)).toEqual(["fix"]);
  });

  test("is read over TLS: letters stay as they are, the rest is moved with its flags", async () => {
    const { list, server, read, mails } = await mailbox();
    const run = await read();
    expect([run.code, run.stderr]).toEqual([0, ""]);
    expect(cameIn(run)).toEqual(["bounced", "letter", "complained", "letter"]);
    expect(await gone(list)).toEqual([
      "r0@harbour.example bounced",
      "r1@harbour.example complained",
    ]);
    expect(server.mailsIn("INBOX")).toEqual([
      { raw: mails[1], flags: [] },
      { raw: mails[3]?.slice(5), flags: ["\\Seen", "\\Flagged"] },
    ]);
    expect(
      server.mailsIn("Done")?.map(({ flags }) => flags.filter((flag) => flag !== "\\Recent")),
    ).toEqual([[], ["\\Seen", "\\Flagged"]]);
  });

  test("is not read again where nothing is new, and the same mail again changes nothing", async () => {
    const { list, server, read } = await mailbox();
    await read();
    const before = server.commands.filter((command) => command === "UID FETCH").length;
    expect(linesOf(await read())).toMatchObject([{ mails: {}, stay: 0 }]);
    expect(server.commands.filter((command) => command === "UID FETCH")).toHaveLength(before);
    await list.run(["subscribers", "add", "r0@harbour.example", "--resubscribe"]);
    const other = await startImapServer([list.about(0, GONE)]);
    expect(cameIn(await read({ BOUNCES_URL: other.url() }))).toEqual(["known"]);
    expect(await gone(list)).toEqual(["r1@harbour.example complained"]);
    expect(other.mailsIn("Done")).toHaveLength(1);
  });

  test("of a dry run keeps all its mails", async () => {
    const { list, server, read } = await mailbox();
    expect(cameIn(await read({}, "--dry-run"))).toEqual([
      "bounced",
      "letter",
      "complained",
      "letter",
    ]);
    expect(server.mailsIn("INBOX")).toHaveLength(4);
    expect(server.mailsIn("Done")).toBeUndefined();
    expect(await gone(list)).toEqual([]);
  });

  test("that is cut off in the middle leaves with 75, and the next run goes on", async () => {
    const { list, server, read } = await mailbox();
    for (const command of ["UID FETCH", "UID MOVE"]) {
      server.failAt(command, "cut");
      const cut = await read();
      expect([cut.code, cut.stderr]).toEqual([
        75,
        expect.stringMatching(
          /^error MAILBOX_UNREACHABLE: imaps:\/\/127\.0\.0\.1\/INBOX cannot be read now: it closed the connection\n/,
        ),
      ]);
      expect(cut.stderr).not.toMatch(/@|p%40ss|p@ss/);
      expect(server.mailsIn("INBOX")).toHaveLength(4);
      const [notice] = noticesIn(
        await list.run(["status", "--json"], { BOUNCES_URL: server.url() }),
      );
      expect(notice).toContain("imaps://127.0.0.1/INBOX cannot be read now");
      server.failAt(command, undefined);
    }
    expect(await gone(list)).toHaveLength(2);
    const rest = await read();
    expect([rest.code, cameIn(rest)]).toEqual([0, ["known", "known"]]);
    expect(server.mailsIn("INBOX")).toHaveLength(2);
    expect(noticesIn(await list.run(["status", "--json"], { BOUNCES_URL: server.url() }))).toEqual(
      [],
    );
  });

  test("takes an access token, which is fetched as for SMTP", async () => {
    const { server, read } = await mailbox();
    const tokens = await startTokenServer([
      (response) => response.end(JSON.stringify({ access_token: "a-token", expires_in: 3600 })),
    ]);
    const run = await read({
      BOUNCES_URL: server.urlOfToken,
      SMTP_OAUTH_CLIENT_ID: "client",
      SMTP_OAUTH_REFRESH_TOKEN: "refresh",
      SMTP_OAUTH_TOKEN_URL: tokens.url,
    });
    expect([run.code, run.stderr]).toEqual([0, ""]);
    expect(cameIn(run)).toHaveLength(4);
  });

  test.each<[string, (url: string) => string, number, string]>([
    [
      "a wrong password",
      (url) => url.replace("p%40ss", "other"),
      77,
      "MAILBOX_AUTH: imaps://127.0.0.1/INBOX refuses the login",
    ],
    [
      "a folder that isn't there",
      (url) => url.replace("INBOX", "Nowhere"),
      69,
      "MAILBOX_REFUSED: imaps://127.0.0.1/Nowhere refuses: ",
    ],
  ])("with %s says so, without the secret", async (_what, change, code, says) => {
    const { server, read } = await mailbox();
    const run = await read({ BOUNCES_URL: change(server.url()) });
    expect([run.code, run.stderr]).toEqual([code, expect.stringContaining(`error ${says}`)]);
    expect(run.stderr).not.toMatch(/p%40ss|p@ss|other%2F/);
  });

  test("without the package that reads it, says how to install it", async () => {
    const list = await bouncedList({ readers: 1 });
    const env = { ...list.env, BOUNCES_URL: "imaps://u:p@127.0.0.1/INBOX" };
    const node = ["--import", withoutPackages("imapflow")];
    const run = await spawnBroadsheet(["bounces"], { cwd: list.cwd, env, node });
    expect([run.code, run.stderr]).toEqual([
      69,
      expect.stringMatching(/^error IMAP_MISSING: .*\n  fix npm install imapflow\n/),
    ]);
  });
});

test("a mailbox that can't be read costs no other one", async () => {
  const list = await bouncedList({ readers: 5 });
  await writeInto(list.cwd, { "back.eml": list.about(0, GONE) });
  await reconfigure(list, { bounces: ["nowhere", "back.eml"] });
  const url = `imaps://u:p@127.0.0.1:${await closedPort()}`;
  const run = await list.run(["bounces", "--json"], { BOUNCES_URL: url });
  expect([run.code, cameIn(run)]).toEqual([66, ["bounced"]]);
  expect(run.stderr).toMatch(/INPUT_MISSING[^]*MAILBOX_UNREACHABLE: .*: nothing listens there\n/);
});

test("a server that says nothing is given up after the time for that", async () => {
  const mute = await listening(createServer());
  onTestFinished(mute.close);
  const pages = pagesOnServer(parseImapUrl(`imaps://u:p@127.0.0.1:${mute.port}`), {
    isKnown: async () => false,
    timeoutMs: 50,
  });
  await expect(pages.next()).rejects.toMatchObject({
    code: "MAILBOX_UNREACHABLE",
    message: "imaps://127.0.0.1/INBOX cannot be read now: it does not answer in time",
  });
});
