import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { chmod, chown, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createConnection } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { closedPort } from "../smtp-server.ts";

/** A Postfix of its own, on loopback, with mailboxes in a folder of its own. */
export interface PostfixServer {
  readonly port: number;
  /** Its `sendmail`. */
  readonly sendmail: string;
  /** The mails that lie in the mailbox of an address of `reader.example`. */
  readonly mailbox: (user: string) => Promise<string[]>;
  /** Waits until so many mails lie there. */
  readonly waitFor: (user: string, count: number) => Promise<string[]>;
  /** From now on it has these settings beside the usual ones. */
  readonly reconfigure: (settings: Readonly<Record<string, string>>) => Promise<void>;
  readonly close: () => Promise<void>;
}

const VMAIL = { uid: 5000, gid: 5000 };
const PATIENCE_MS = 60_000;

interface PostfixOptions {
  /** Where mails for `slipway.example` go, by LMTP; into the mailbox by default. */
  readonly lmtpPort?: number;
  /** Settings of main.cf beside the usual ones. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Whether postscreen looks at clients first. */
  readonly screens?: boolean;
}

/**
 * Every address of `reader.example` has a mailbox, except for `unknown-…`, which it refuses, and `bouncing-…`, which it
 * takes and sends back. Needs root and the Debian package `postfix`.
 */
export async function startPostfix({
  lmtpPort,
  settings = {},
  screens = false,
}: PostfixOptions = {}): Promise<PostfixServer> {
  if (process.getuid?.() !== 0)
    throw new Error("Postfix is started by root: run the tests as root");
  if (!existsSync("/usr/sbin/postfix"))
    throw new Error("Postfix is missing: apt-get install postfix");
  const root = await mkdtemp(path.join(tmpdir(), "broadsheet-postfix-"));
  await chmod(root, 0o755);
  const at = (name: string) => path.join(root, name);
  const port = await closedPort();
  for (const name of ["etc", "queue", "data", "mail"]) await mkdir(at(name));
  await chown(at("mail"), VMAIL.uid, VMAIL.gid);
  execFileSync("chown", ["postfix", at("data")]);
  const lmtp =
    lmtpPort === undefined ? "" : `/@slipway\\.example$/ lmtp:inet:127.0.0.1:${lmtpPort}\n`;
  await writeFile(at("etc/transport"), `/^bouncing-/ bouncing:\n${lmtp}`);
  await writeFile(
    at("etc/recipients"),
    "/^unknown-/ REJECT 5.1.1 no such mailbox\n/^later-/ DEFER 4.2.2 the mailbox is full\n",
  );
  const configure = async (more: Readonly<Record<string, string>>) =>
    writeFile(at("etc/main.cf"), mainConfig(at, more));
  await configure(settings);
  await writeFile(at("etc/master.cf"), masterConfig(port, screens));
  const sendmail = at("sendmail");
  await writeFile(sendmail, `#!/bin/sh\nexec /usr/sbin/sendmail -C ${at("etc")} "$@"\n`, {
    mode: 0o755,
  });
  postfix(at("etc"), "start");
  await listening(port);
  const read = new Map<string, string>();
  const mailbox = async (user: string): Promise<string[]> => {
    const folder = at("mail/all/new");
    const names = await readdir(folder).catch(() => []);
    for (const name of names.filter((name) => !read.has(name))) {
      read.set(name, await readFile(path.join(folder, name), "utf8"));
    }
    const isTheirs = new RegExp(`^Delivered-To: ${user}[+@]`, "m");
    return [...read.values()].filter((mail) => isTheirs.test(mail));
  };
  return {
    port,
    sendmail,
    mailbox,
    waitFor: async (user, count) => {
      const until = Date.now() + PATIENCE_MS;
      for (;;) {
        const mails = await mailbox(user);
        if (mails.length >= count) return mails;
        if (Date.now() > until) throw new Error(`${user} has ${mails.length} mails, not ${count}`);
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    },
    reconfigure: async (more) => {
      await configure(more);
      postfix(at("etc"), "reload");
      await listening(port);
    },
    close: async () => {
      postfix(at("etc"), "stop");
      await rm(root, { recursive: true, force: true });
    },
  };
}

function mainConfig(
  at: (name: string) => string,
  settings: Readonly<Record<string, string>>,
): string {
  return Object.entries({
    compatibility_level: "3.6",
    queue_directory: at("queue"),
    data_directory: at("data"),
    command_directory: "/usr/sbin",
    daemon_directory: "/usr/lib/postfix/sbin",
    maillog_file: at("log"),
    maillog_file_prefixes: tmpdir(),
    myhostname: "mx.reader.example",
    mydestination: "",
    inet_interfaces: "127.0.0.1",
    inet_protocols: "ipv4",
    mynetworks: "127.0.0.0/8",
    smtpd_relay_restrictions: "permit_mynetworks, reject",
    smtpd_recipient_restrictions: `check_recipient_access regexp:${at("etc/recipients")}, permit_mynetworks, reject`,
    smtpd_client_connection_count_limit: "0",
    virtual_mailbox_domains: "reader.example, slipway.example",
    virtual_mailbox_base: at("mail"),
    virtual_mailbox_maps: "static:all/",
    virtual_minimum_uid: "1000",
    virtual_uid_maps: `static:${VMAIL.uid}`,
    virtual_gid_maps: `static:${VMAIL.gid}`,
    transport_maps: `regexp:${at("etc/transport")}`,
    recipient_delimiter: "+",
    default_transport: "error:5.1.2 no mail leaves this machine",
    disable_dns_lookups: "yes",
    ...settings,
  })
    .map(([key, value]) => `${key} = ${value}\n`)
    .join("");
}

/** The daemons that a mail to a local mailbox passes through. */
function masterConfig(port: number, screens: boolean): string {
  const inet = `127.0.0.1:${port} inet n - n -`;
  return `
${screens ? `${inet} 1 postscreen\nsmtpd pass - - n - - smtpd` : `${inet} - smtpd`}
pickup    unix  n  -  n  1  1  pickup
cleanup   unix  n  -  n  -  0  cleanup
qmgr      unix  n  -  n  1  1  qmgr
rewrite   unix  -  -  n  -  -  trivial-rewrite
bounce    unix  -  -  n  -  0  bounce
defer     unix  -  -  n  -  0  bounce
error     unix  -  -  n  -  -  error
virtual   unix  -  n  n  -  -  virtual
lmtp      unix  -  -  n  -  -  lmtp
bouncing  unix  -  n  n  -  -  pipe flags= user=nobody argv=/bin/sh -c {exit 67}
proxymap  unix  -  -  n  -  -  proxymap
anvil     unix  -  -  n  -  1  anvil
showq     unix  n  -  n  -  -  showq
flush     unix  n  -  n  1000?  0  flush
postlog   unix-dgram n -  n  -  1  postlogd
`;
}

function postfix(config: string, command: "start" | "stop" | "reload"): void {
  execFileSync("/usr/sbin/postfix", ["-c", config, command], { stdio: "ignore" });
}

async function listening(port: number): Promise<void> {
  const until = Date.now() + PATIENCE_MS;
  for (;;) {
    const isUp = await new Promise<boolean>((resolve) => {
      const socket = createConnection(port, "127.0.0.1");
      socket.once("data", () => (socket.destroy(), resolve(true)));
      socket.once("error", () => resolve(false));
    });
    if (isUp) return;
    if (Date.now() > until) throw new Error("Postfix doesn't answer");
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
