import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { chmod, chown, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createConnection } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { selfSignedCertificate } from "../certificate.ts";
import { closedPort } from "../smtp-server.ts";

/** A Dovecot of its own, on loopback. Everybody has a mailbox there, and the password "reader". */
export interface DovecotServer {
  readonly lmtpPort: number;
  readonly imapPort: number;
  /** TLS from the first byte. */
  readonly imapsPort: number;
  readonly close: () => Promise<void>;
}

const VMAIL = 5000;

/** Needs root and the Debian packages `dovecot-imapd` and `dovecot-lmtpd`. */
export async function startDovecot(): Promise<DovecotServer> {
  if (process.getuid?.() !== 0)
    throw new Error("Dovecot is started by root: run the tests as root");
  if (!existsSync("/usr/sbin/dovecot")) {
    throw new Error("Dovecot is missing: apt-get install dovecot-imapd dovecot-lmtpd");
  }
  const folder = await mkdtemp(path.join(tmpdir(), "broadsheet-dovecot-"));
  await chmod(folder, 0o755);
  for (const name of ["base", "mail"]) await mkdir(path.join(folder, name));
  await chown(path.join(folder, "mail"), VMAIL, VMAIL);
  const { key, cert } = selfSignedCertificate();
  await writeFile(path.join(folder, "tls.key"), key);
  await writeFile(path.join(folder, "tls.crt"), cert);
  const ports = {
    lmtpPort: await closedPort(),
    imapPort: await closedPort(),
    imapsPort: await closedPort(),
  };
  await writeFile(path.join(folder, "dovecot.conf"), config(folder, ports));
  const dovecot = spawn("/usr/sbin/dovecot", ["-F", "-c", path.join(folder, "dovecot.conf")], {
    stdio: "ignore",
  });
  await listens(ports.lmtpPort);
  return { ...ports, close: async () => end(dovecot, folder) };
}

async function end(dovecot: ChildProcess, folder: string): Promise<void> {
  dovecot.kill("SIGTERM");
  await new Promise((resolve) => dovecot.once("close", resolve));
  await rm(folder, { recursive: true, force: true });
}

async function listens(port: number): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    const socket = createConnection(port, "127.0.0.1");
    const isUp = await new Promise<boolean>((resolve) => {
      socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
    });
    socket.destroy();
    if (isUp) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error("Dovecot doesn't answer");
}

/** Version 2.4: one password for everybody, mailboxes in one folder. */
function config(
  folder: string,
  { lmtpPort, imapPort, imapsPort }: Omit<DovecotServer, "close">,
): string {
  return `
dovecot_config_version = 2.4.0
dovecot_storage_version = 2.4.0
base_dir = ${folder}/base
state_dir = ${folder}/base
log_path = ${folder}/log
protocols = imap lmtp
listen = 127.0.0.1
ssl = yes
ssl_server_cert_file = ${folder}/tls.crt
ssl_server_key_file = ${folder}/tls.key
recipient_delimiter = +
auth_allow_cleartext = yes
default_internal_user = nobody
default_internal_group = nogroup
default_login_user = nobody
mail_driver = maildir
mail_path = ${folder}/mail/%{user}
first_valid_uid = 1000
passdb static {
  password = reader
}
userdb static {
  fields {
    uid = ${VMAIL}
    gid = ${VMAIL}
    home = ${folder}/mail
  }
}
service imap-login {
  inet_listener imap {
    port = ${imapPort}
  }
  inet_listener imaps {
    port = ${imapsPort}
    ssl = yes
  }
}
service lmtp {
  inet_listener lmtp {
    port = ${lmtpPort}
  }
}
`;
}
