import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { newsletterFiles } from "../../src/config/new-newsletter.ts";
import { startFaultServer } from "../fault-server.ts";
import { startSendmail, type TestSendmail } from "../sendmail.ts";
import { HARBOUR, linesOf, writeInto } from "./broadsheet.ts";
import { type MailingProject, mailingProject, people, SLOT } from "./mailing-project.ts";

const OWN = {
  from: "post@letters.wharfside",
  postalAddress: "The Slipway, 2 Quay Lane, Port Carrow",
  urls: { unsubscribe: "https://letters.wharfside/u/{token}" },
};
const SCHEDULE = { cron: "0 7 1 1 *", zone: "UTC", maxLate: "400d" };
const SAMPLES = Object.fromEntries(
  [...newsletterFiles({ name: "The Slipway", timeZone: "UTC" })].filter(([name]) =>
    name.startsWith("content/"),
  ),
);

interface Sample {
  readonly config?: object;
  readonly content?: Readonly<Record<string, string>>;
  /** A server on this machine. */
  readonly port?: number;
}

/** A newsletter that is sent by a program, as to the world; `content` stands in the place of the story of its own. */
async function newsletter({ config = {}, content, port }: Sample = {}): Promise<
  MailingProject & { readonly program: TestSendmail }
> {
  const program = await startSendmail();
  const route = port === undefined ? { transport: "sendmail", sendmail: program.program } : {};
  const project = await mailingProject({
    port: port ?? 1,
    recipients: people(2),
    config: { ...OWN, schedule: SCHEDULE, ...route, ...config },
    isBuilt: false,
  });
  await writeInto(project.cwd, { "content/1.txt": "", ...content });
  if (!content) await writeInto(project.cwd, { "content/1.txt": HARBOUR });
  return { ...project, program };
}

const SEND = ["send", SLOT, "--yes"];
const BUILD = ["build", "--date", SLOT, "--quiet"];

describe("sample stories don't go to the list:", () => {
  test("send and run stop where nothing else is found, and a copy goes", async () => {
    const { run, program } = await newsletter({ content: SAMPLES });
    await run(BUILD);
    const sent = await run(SEND);
    expect([sent.code, sent.stdout]).toEqual([65, ""]);
    expect(sent.stderr).toMatch(
      /^error CONTENT_SAMPLE: not sent: 2 stories are only examples\n {2}fix put your own .* in the content folder/m,
    );
    const forced = await run([...SEND, "--force"]);
    expect(forced.code).toBe(65);
    for (const code of [65, 65]) expect((await run(["run", "--now"])).code).toBe(code);
    expect(await program.calls()).toEqual([]);
    expect((await run(["send", SLOT, "--to", "you@letters.wharfside"])).code).toBe(0);
    expect(await program.calls()).toHaveLength(1);
  });

  test("one of them beside a story of one's own stops it too, until it is taken out", async () => {
    const content = { ...SAMPLES, "content/02-piano-on-loan.md": HARBOUR };
    const { cwd, run, program } = await newsletter({ content });
    const stopped = await run(["run", "--now"]);
    expect([stopped.code, stopped.stderr]).toEqual([
      65,
      expect.stringContaining("the story “The bakery that sells yesterday's bread first”"),
    ]);
    await writeFile(path.join(cwd, "content/01-yesterdays-bread.txt"), "");
    const { code, stderr } = await run(["run", "--now"]);
    expect([code, stderr]).toEqual([0, ""]);
    expect(await program.calls()).toHaveLength(2);
  });

  test("a sample that was written anew is one's own story", async () => {
    const bread = SAMPLES["content/01-yesterdays-bread.txt"] ?? "";
    const content = { "content/2.txt": bread.replace("Mill Lane bakery", "Quay Lane bakery") };
    const { run, program } = await newsletter({ content });
    await run(BUILD);
    expect((await run(SEND)).code).toBe(0);
    expect(await program.calls()).toHaveLength(2);
  });
});

describe("sample addresses stop send and run:", () => {
  test.each<[string, object, string]>([
    ["the sender", { from: "post@slipway.example" }, "the sender post@slipway.example is only"],
    ["the default sender", { from: undefined }, "the sender newsletter@example.org is only"],
    [
      "the postal line that init writes",
      { postalAddress: "1 Example Street, Exampletown" },
      "the postal address is only",
    ],
    [
      "a postal line with a reserved name",
      { postalAddress: "The Slipway, Port Carrow, post@slipway.example" },
      "the postal address is only",
    ],
    [
      "the unsubscribe address",
      { urls: { unsubscribe: "https://slipway.example/u/{token}" } },
      "urls.unsubscribe is only",
    ],
    [
      "the address of the issue and of the archive",
      { urls: { web: "https://www.example.com/{slot}", archive: "https://example.net" } },
      "urls.web and urls.archive are only",
    ],
  ])("%s", async (_what, config, says) => {
    const { run, program } = await newsletter({ config });
    await run(BUILD);
    for (const command of [SEND, ["run", "--now"]]) {
      const { code, stderr } = await run(command);
      expect([code, stderr]).toEqual([78, expect.stringContaining("error SENDER_PLACEHOLDER: ")]);
      expect(stderr).toContain(says);
    }
    const doctor = await run(["doctor", "--json", "--resolver", "127.0.0.1:1"]);
    expect(doctor.stdout).toContain(says);
    expect(await program.calls()).toEqual([]);
    expect((await run(["send", SLOT, "--to", "you@letters.wharfside"])).code).toBe(0);
  });

  test("but what an article says of them, and a subscriber at one, do not", async () => {
    const { cwd, run, program } = await newsletter();
    const story = HARBOUR.replace(
      "has been late",
      "from 1 Example Street, by www.example.com and post@slipway.example, has been late",
    );
    await writeFile(path.join(cwd, "content/1.txt"), story);
    expect((await run(BUILD)).code).toBe(0);
    expect((await run(SEND)).code).toBe(0);
    expect((await program.calls()).flat().join(" ")).toContain("@harbour.example");
  });
});

test("all of a new newsletter goes to a server on this machine", async () => {
  const server = await startFaultServer();
  const { cwd, run } = await newsletter({ content: SAMPLES, port: server.port });
  const file = path.join(cwd, "broadsheet.config.json");
  const config: unknown = JSON.parse(await readFile(file, "utf8"));
  const sample = { from: "letter@example.org", postalAddress: "1 Example Street, Exampletown" };
  await writeFile(file, JSON.stringify(Object.assign({}, config, sample)));
  expect((await run(["run", "--now"])).code).toBe(0);
  expect(server.taken).toHaveLength(2);
  await run(BUILD);
  const sent = await run([...SEND, "--json"]);
  expect(linesOf(sent).at(-1)).toMatchObject({ accepted: 2 });
  expect(server.taken).toHaveLength(4);
  // What readers have got is not new.
  expect((await run(["run", "--now"])).code).toBe(0);
  expect(server.taken).toHaveLength(4);
});
