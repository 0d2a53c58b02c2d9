import { spawnSync } from "node:child_process";
import {
  appendFileSync,
  chmodSync,
  chownSync,
  globSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { SECRET } from "../cli/mailing-project.ts";
import { buildImage, startContainer } from "../image.ts";
import { blocksOf } from "../journey.ts";
import { freePort } from "../listening.ts";
import { startSmtpServer } from "../smtp-server.ts";
import { emptyDatabase } from "../stores.ts";
import { newFolder } from "../temporary.ts";

/*
 * Docker is on few machines that run tests. What it would do here is done by other programs of Debian: docker-compose reads
 * compose.yaml, and bubblewrap runs the image.
 */

const SETTINGS = { SENDER: "post@harbour.internal", BROADSHEET_SECRET: SECRET };

function compose(args: readonly string[], env: Readonly<Record<string, string>> = SETTINGS) {
  return spawnSync("docker-compose", ["--env-file", "/dev/null", ...args], {
    encoding: "utf8",
    env: { PATH: process.env["PATH"], ...env },
  });
}

function composition(files: readonly string[] = []) {
  const named = ["compose.yaml", ...files].flatMap((file) => ["--file", file]);
  const { status, stdout, stderr } = compose(
    [...named, "--profile", "serve", "config", "--format", "json"],
    { ...SETTINGS, NEWSLETTER: "/srv/letter", SMTP_URL: "smtps://mail.quay.example" },
  );
  expect([status, stderr]).toEqual([0, ""]);
  return JSON.parse(stdout);
}

describe("compose.yaml", () => {
  test("is accepted by docker-compose, and has a schedule, two workers, PostgreSQL and Mailpit", () => {
    const { services, configs } = composition();
    expect(services).toMatchObject({
      schedule: { command: ["schedule", "--verbose"], read_only: true, cap_drop: ["ALL"] },
      worker: { command: ["worker"], read_only: true, deploy: { replicas: 2 } },
      migrate: { command: ["db", "migrate"], read_only: true },
      postgres: { image: "postgres:18" },
      mailpit: { image: expect.stringMatching(/^axllent\/mailpit:/) },
    });
    const { DATABASE_URL } = services.worker.environment;
    expect(new URL(DATABASE_URL).searchParams.get("sslmode")).toBe("disable");
    expect(configs.newsletter.content).toContain("from: post@harbour.internal\n");
    expect(configs.newsletter.content).toContain("smtp: { requireTls: false }\n");
  });

  test("takes the folder of a newsletter as docs/hosting.md says", async () => {
    const file = path.join(await newFolder(), "compose.override.yaml");
    const blocks = blocksOf(readFileSync("docs/hosting.md", "utf8"));
    const override = blocks.find(({ info }) => info === "yaml compose.override.yaml");
    writeFileSync(file, override?.text ?? "");
    const { services } = composition([file]);
    for (const name of ["schedule", "worker", "serve", "migrate"]) {
      const { environment, volumes, configs } = services[name];
      expect(environment).toMatchObject({
        SMTP_URL: "smtps://mail.quay.example",
        DATABASE_URL: expect.stringContaining("@postgres/"),
      });
      expect(volumes).toMatchObject([
        { source: "/srv/letter", target: "/newsletter", read_only: true },
        { source: "state", target: "/tmp/state" },
      ]);
      expect(configs).toBeUndefined();
    }
  });

  test.each(Object.keys(SETTINGS))("names the setting %s where it is missing", (name) => {
    const { status, stderr } = compose(["config", "--quiet"], { ...SETTINGS, [name]: "" });
    expect([status === 0, stderr]).toEqual([false, expect.stringContaining(name)]);
  });
});

describe("a container with a read-only root, of which only /tmp can be written", () => {
  let image: Awaited<ReturnType<typeof buildImage>>;

  beforeAll(async () => {
    image = await buildImage();
  }, 300_000);

  /**
   * The newsletter of compose.yaml, with the mail server of a test as `mailpit`. Its store is in its own container, or in
   * this database, whose server is `postgres`.
   */
  async function newsletterIn(port: number, database?: string) {
    const folder = await newFolder();
    chmodSync(folder, 0o755);
    const newsletter = path.join(folder, "newsletter");
    const tmp = path.join(folder, "tmp");
    const hosts = path.join(folder, "hosts");
    const { services, configs } = composition();
    mkdirSync(path.join(newsletter, "content"), { recursive: true });
    const store = database === undefined ? "store: /tmp/state/broadsheet.db\n" : "";
    const config = `${configs.newsletter.content}${store}`;
    writeFileSync(path.join(newsletter, "broadsheet.yaml"), config);
    writeFileSync(path.join(newsletter, "content/story.md"), configs.story.content);
    mkdirSync(tmp);
    const [uid = 0, gid = 0] = image.user.split(":").map(Number);
    chownSync(tmp, uid, gid);
    writeFileSync(hosts, "127.0.0.1 localhost mailpit postgres\n");
    const { DATABASE_URL: inCompose, ...given } = services.schedule.environment;
    const kept =
      database === undefined ? {} : { DATABASE_URL: database + new URL(inCompose).search };
    const env = {
      ...given,
      ...kept,
      SMTP_URL: given.SMTP_URL.replace(":1025", `:${port}`),
      BROADSHEET_STORE_PLACE: "any",
    };
    const start = (
      command: readonly string[],
      more: Readonly<Record<string, string>> = {},
      other: Partial<typeof image> = {},
    ) =>
      startContainer({ ...image, ...other }, command, {
        newsletter,
        tmp,
        hosts,
        env: { ...env, ...more },
      });
    return { newsletter, tmp, start, services };
  }

  test("runs as uid 10001, builds an issue and sends it", async () => {
    const server = await startSmtpServer();
    const { start, newsletter, tmp } = await newsletterIn(server.port);
    const added = await start(["subscribers", "add", "ada@quay.example"]).ended;
    expect(added).toMatchObject({ code: 0, stderr: "" });
    const run = await start(["run", "--now", "--verbose"]).ended;
    expect(run).toMatchObject({ code: 0 });
    expect(server.received).toMatchObject([
      { from: SETTINGS.SENDER, to: ["ada@quay.example"], isEncrypted: false },
    ]);
    expect(readdirSync(newsletter)).toEqual(["broadsheet.yaml", "content"]);
    expect(readdirSync(tmp).sort()).toEqual(["cache", "outbox", "state"]);
  });

  test("runs the schedule, which sends an issue at its time and ends when it is stopped", async () => {
    const server = await startSmtpServer();
    const { start, services } = await newsletterIn(server.port);
    await start(["subscribers", "add", "ada@quay.example"]).ended;
    const first = await start(["run"], at("2035-12-10T12:00:00Z")).ended;
    expect(first).toEqual({ code: 0, stdout: "", stderr: "" });
    const running = start(services.schedule.command, at("2035-12-11T07:01:00Z"));
    await running.until("/2035-W50: sent to 1\n");
    await running.kill("SIGTERM");
    expect(await running.ended).toMatchObject({ code: 0, stderr: "" });
    expect(server.received).toHaveLength(1);
  });

  test("runs the schedule and a worker beside it, which send an issue together", async () => {
    const server = await startSmtpServer();
    const database = new URL(await emptyDatabase());
    database.hostname = "postgres";
    const { start, newsletter, services } = await newsletterIn(server.port, database.href);
    expect(await start(services.migrate.command).ended).toMatchObject({ code: 0, stderr: "" });
    const readers = Array.from({ length: 600 }, (_, n) => `r${n}@d${n % 20}.quay.example`);
    writeFileSync(path.join(newsletter, "list.csv"), ["email", ...readers].join("\n"));
    const imported = await start(["subscribers", "import", "list.csv", "--quiet"]).ended;
    expect(imported).toMatchObject({ code: 0, stderr: "" });
    await start(["run"], at("2035-12-10T12:00:00Z")).ended;
    const worker = start(services.worker.command);
    await vi.waitFor(async () => {
      const { stdout } = await start(["status", "--json"]).ended;
      expect(JSON.parse(stdout)).toMatchObject({ sending: { workers: [{ staysUp: true }] } });
    }, STARTS);
    const schedule = start(services.schedule.command, at("2035-12-11T07:01:00Z"));
    await schedule.until("/2035-W50: sent to");
    for (const container of [schedule, worker]) {
      await container.kill("SIGTERM");
      expect(await container.ended).toMatchObject({ code: 0 });
    }
    expect(server.received.map(({ to }) => to.join()).toSorted()).toEqual(readers.toSorted());
  });

  test("serves the pages for readers, and its health is asked for", async () => {
    const { start, newsletter, services } = await newsletterIn(9);
    const { command, healthcheck } = services.serve;
    const port = await freePort();
    const [, , flag, script] = healthcheck.test;
    const ask = ["node", flag, script.replace("8025", String(port))];
    const isHealthy = async () => (await start(ask, {}, { entrypoint: [] }).ended).code === 0;
    expect(await isHealthy()).toBe(false);
    const site = `site: http://127.0.0.1:${port}\nserve: { host: 0.0.0.0, port: ${port} }\n`;
    appendFileSync(path.join(newsletter, "broadsheet.yaml"), site);
    const serving = start(command);
    await serving.until("Serving");
    expect(await isHealthy()).toBe(true);
    await serving.kill("SIGTERM");
    expect(await serving.ended).toMatchObject({ code: 0 });
  });
});

const STARTS = { timeout: 60_000, interval: 500 };

/**
 * A clock that begins at a moment. The moments of these tests are years ahead: a clock that is less than a day off follows the
 * database's.
 */
function at(moment: string): Record<string, string> {
  const [library] = globSync("/usr/lib/*/faketime/libfaketimeMT.so.1");
  if (library === undefined) throw new Error("install the package faketime");
  const seconds = Date.parse(moment) / 1000;
  return {
    LD_PRELOAD: library,
    FAKETIME_DONT_FAKE_MONOTONIC: "1",
    FAKETIME_FMT: "%s",
    FAKETIME: `@${seconds}`,
  };
}
