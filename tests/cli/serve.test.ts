import { once } from "node:events";
import { createServer } from "node:https";
import { expect, onTestFinished, test } from "vitest";
import * as z from "zod";
import { loadConfig } from "../../src/config/io/load-config.ts";
import { systemClock } from "../../src/platform/clock.ts";
import { serveDoor } from "../../src/serve/io/serve.ts";
import { openAudience } from "../../src/subscribers/io/audience.ts";
import { keyringOf, mintToken } from "../../src/subscribers/tokens.ts";
import { certificateAuthority } from "../certificate.ts";
import { listening } from "../listening.ts";
import { closedPort, startSmtpServer } from "../smtp-server.ts";
import { linesOf } from "./broadsheet.ts";
import { mailingProject, type MailingProject, people, SECRET, SLOT } from "./mailing-project.ts";

const [MARA = "", JORY = ""] = people(2);
const CONFIG = { site: "https://slipway.example/news", serve: { port: 0 } };

async function project(config: object = CONFIG, port?: number): Promise<MailingProject> {
  const recipients = [MARA, JORY];
  const isBuilt = port !== undefined;
  const made = await mailingProject({ port: port ?? 1, recipients, config, isBuilt });
  return made;
}

async function tokenOf({ cwd, env }: MailingProject, address: string): Promise<string> {
  const config = await loadConfig({ cwd, env });
  await using audience = await openAudience(config, systemClock, { env });
  const { id: subscriberId = -1 } = (await audience.find(address)) ?? {};
  return mintToken({ subscriberId, list: await audience.listUid() }, keyringOf(SECRET));
}

/** What the server has said as soon as it is there. */
async function said(running: ReturnType<MailingProject["start"]>, what: RegExp): Promise<string> {
  for (;;) {
    const found = what.exec(running.said())?.[1];
    if (found !== undefined) return found;
    const { stderr } = running.process;
    if (!stderr) throw new Error("stderr is not read");
    await once(stderr, "data");
  }
}

const ONE_CLICK = { method: "POST", body: new URLSearchParams("List-Unsubscribe=One-Click") };

test("serve answers a reader who leaves, explain says how, and no log has a token or an address", async () => {
  const made = await project();
  const running = made.start(["serve", "--log-format", "json"]);
  const port = await said(running, /http:\/\/127\.0\.0\.1:(\d+)/);
  const token = await tokenOf(made, MARA);
  const path = `http://127.0.0.1:${port}/news/u/${token}`;
  expect((await fetch(path)).status).toBe(200);
  expect((await fetch(path, ONE_CLICK)).status).toBe(200);
  running.process.kill("SIGTERM");
  const { code, stdout, stderr } = await running.ended;
  expect([code, stdout]).toEqual([0, ""]);
  expect(stderr).toMatch(/"method":"POST","route":"\/u\/:token","status":200/);
  expect(stderr).not.toContain(token);
  expect(stderr).not.toContain("harbour");
  const explained = await made.run(["explain", MARA]);
  expect(explained.stdout).toMatch(
    /^r0@harbour\.example, unsubscribed \d{4}-\d\d-\d\d \d\d:\d\d UTC: one click in the mail program$/m,
  );
  const [facts] = linesOf(await made.run(["explain", MARA, "--json"]));
  expect(facts).toMatchObject({ standing: "unsubscribed", how: "one click in the mail program" });
});

test("a reader who pauses is skipped, and explain, list and status say so", async () => {
  const server = await startSmtpServer();
  const made = await project(CONFIG, server.port);
  const config = await loadConfig({ cwd: made.cwd, env: made.env });
  {
    await using audience = await openAudience(config, systemClock, { env: made.env });
    const until = new Date(Date.now() + 30 * 86_400_000);
    await audience.pause((await audience.find(MARA))?.id ?? -1, until);
  }
  expect((await made.run(["send", SLOT, "--yes"])).code).toBe(0);
  expect(server.received.map(({ to }) => to)).toEqual([[JORY]]);
  const explained = await made.run(["explain", MARA]);
  expect(explained.stdout).toMatch(/^r0@harbour\.example, paused until /m);
  expect(explained.stdout).toMatch(/ UTC {3}skipped {3}paused$/m);
  const { stdout } = await made.run(["subscribers", "list"]);
  expect(stdout).toMatch(/^1 to be sent to, 1 paused$/m);
  expect(stdout).toMatch(/^r0@harbour\.example .* paused until \d{4}-\d\d-\d\d/m);
  expect((await made.run(["status"])).stdout).toMatch(/^The Slipway, 1 subscribers, 1 paused$/m);
  const [status] = linesOf(await made.run(["status", "--json"]));
  expect(status).toMatchObject({ subscribers: 1, paused: 1 });
});

test.each([
  [{}, {}, 78, "the config has no server"],
  [CONFIG, { BROADSHEET_SECRET: "" }, 78, "there is no secret"],
  [{ ...CONFIG, site: undefined }, {}, 78, '"serve" needs the address'],
])("serve refuses to start with %j and %j", async (config, env, code, what) => {
  const run = await (await project(config)).run(["serve"], env);
  expect(run.code).toBe(code);
  expect(run.stderr).toContain(what);
});

const doctorLine = z.looseObject({
  diagnoses: z.array(z.looseObject({ about: z.string(), verdict: z.string() })),
});

test("doctor --live asks the pages as a reader does, and changes nothing", async () => {
  const made = await project();
  const config = await loadConfig({ cwd: made.cwd, env: made.env });
  const listener = await serveDoor(config);
  onTestFinished(() => listener.close());
  const live = async (site: string) => {
    const [line] = linesOf(
      await made.run(["doctor", "--live", "--json"], { BROADSHEET_SITE: site }),
    );
    const { diagnoses } = doctorLine.parse(line);
    return diagnoses
      .filter(({ about }) => ["Pages", "One click", "Certificate"].includes(about))
      .map(({ about, verdict }) => `${about}: ${verdict}`);
  };
  const origin = `http://127.0.0.1:${listener.port}`;
  expect(await live(`${origin}/news`)).toEqual(["Pages: ok", "One click: ok"]);
  expect(await live(`${origin}/elsewhere`)).toEqual(["Pages: fix", "One click: fix"]);
  expect(await live(`http://127.0.0.1:${await closedPort()}`)).toEqual([
    "Pages: fix",
    "One click: fix",
  ]);
  const untrusted = createServer(certificateAuthority().issue());
  const { port, close } = await listening(untrusted);
  onTestFinished(close);
  expect(await live(`https://127.0.0.1:${port}`)).toEqual([
    "Pages: fix",
    "One click: fix",
    "Certificate: unseen",
  ]);
  await using audience = await openAudience(config, systemClock, { env: made.env });
  expect(await audience.counts()).toMatchObject({ active: 2, suppressed: 0 });
});
