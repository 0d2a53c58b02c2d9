import hoodiecrow from "hoodiecrow-imap";
import { onTestFinished } from "vitest";
import { selfSignedCertificate } from "./certificate.ts";
import { listening } from "./listening.ts";

/** What the server does with a command instead of answering it: cut the connection, or say nothing. */
type ImapFault = "cut" | "silence";

interface MailIn {
  readonly raw: string;
  readonly flags: readonly string[];
}

export interface ImapTestServer {
  readonly port: number;
  /** For BOUNCES_URL, with the password, or without one for an access token. */
  readonly url: (folder?: string) => string;
  readonly urlOfToken: string;
  /** The mails in a folder; undefined where there is none. */
  readonly mailsIn: (folder: string) => readonly MailIn[] | undefined;
  /** The commands that it was given, without their arguments. */
  readonly commands: readonly string[];
  /** From now on it fails at this command, such as `UID MOVE`. */
  readonly failAt: (command: string, fault: ImapFault | undefined) => void;
}

const USER = "bounces@slipway.example";
const PLUGINS = ["ID", "UIDPLUS", "MOVE", "SASL-IR", "AUTH-PLAIN", "XOAUTH2", "UNSELECT"];
const COMMANDS = ["UID FETCH", "UID MOVE", "SELECT", "LOGIN"];

/** An IMAP server over TLS, until the test is over. Mails with "Seen" in front have been read. */
export async function startImapServer(mails: readonly string[]): Promise<ImapTestServer> {
  const commands: string[] = [];
  const faults = new Map<string, ImapFault | undefined>();
  const server = hoodiecrow({
    plugins: [...PLUGINS, "CREATE-SPECIAL-USE"],
    secureConnection: true,
    credentials: selfSignedCertificate(),
    users: {
      [USER]: {
        password: "p@ss/word",
        xoauth2: { accessToken: "a-token", sessionTimeout: 3_600_000 },
      },
    },
    storage: { INBOX: { messages: mails.map(messageOf) } },
  });
  for (const command of COMMANDS) {
    const handle = server.getCommandHandler(command);
    server.setCommandHandler(command, (connection, parsed, data, done) => {
      commands.push(command);
      const fault = faults.get(command);
      if (fault === "cut") connection.socket.destroy();
      else if (fault === undefined) handle(connection, parsed, data, done);
    });
  }
  // Asked for the beginning of several mails, hoodiecrow gives that of the first alone. Ours are short.
  server.fetchHandlers["BODY"] = server.fetchHandlers["BODY.PEEK"] = (
    _connection,
    { raw },
    query,
  ) => {
    query.partial?.splice(1);
    return { type: "LITERAL", value: raw };
  };
  const { port, close } = await listening(server.server);
  onTestFinished(close);
  const host = `127.0.0.1:${port}`;
  const user = encodeURIComponent(USER);
  return {
    port,
    url: (folder = "INBOX") => `imaps://${user}:p%40ss%2Fword@${host}/${folder}`,
    urlOfToken: `imaps://${user}@${host}`,
    mailsIn: (folder) =>
      server.getMailbox(folder)?.messages.map(({ raw, flags = [] }) => ({ raw, flags })),
    commands,
    failAt: (command, fault) => faults.set(command, fault),
  };
}

function messageOf(mail: string): { readonly raw: string; readonly flags: readonly string[] } {
  const raw = mail.replace(/^Seen /, "");
  return { raw, flags: raw === mail ? [] : ["\\Seen", "\\Flagged"] };
}
