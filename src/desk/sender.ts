import type { Hono } from "hono";
import * as z from "zod";
import type { Config } from "../config/config.ts";
import { changeEnvironment } from "../config/io/change-config.ts";
import { parseSmtpUrl, type SmtpServer } from "../delivery/io/smtp/smtp-server.ts";
import { examineSending } from "../doctor/io/examine.ts";
import { BroadsheetError } from "../errors.ts";
import type { SenderData } from "../preview/page-data.ts";
import { type AppOptions, postRoutes } from "./issue-page.ts";

const serverSchema = z.strictObject({
  host: z.string().trim().max(255),
  port: z.string().max(10),
  isImplicitTls: z.boolean(),
  user: z.string().max(320),
  /** An empty password keeps the stored one. */
  password: z.string().max(1_000),
});

type Server = z.output<typeof serverSchema>;

/** Adds the routes by which the page shows the sender, tests the mail server and stores it. The password is never sent back. */
export function addSender(app: Hono, { config }: AppOptions): void {
  const sender = async () => senderOf(await config.parsed());
  app.get("/~sender", async (context) => context.json(await sender()));
  const post = postRoutes(app);
  post("/~sender/test", serverSchema, async (server) => {
    const now = await config.parsed();
    const secrets = { ...now.secrets, smtpUrl: urlOf(server, now) };
    return examineSending({ ...now, secrets });
  });
  post("/~sender", serverSchema, async (server) => {
    const now = await config.parsed();
    await changeEnvironment(now.folder, { SMTP_URL: urlOf(server, now) });
    return sender();
  });
}

function senderOf(config: Config): SenderData {
  const { address, name = "" } = config.from;
  const { transport } = config;
  const isFixed = (process.env["SMTP_URL"] ?? "") !== "";
  const server = serverOf(config);
  if (!server) return { address, name, transport, isFixed };
  const { login, ...where } = server;
  const user = login?.user ?? "";
  const hasPassword = login !== undefined && "password" in login;
  return { address, name, transport, isFixed, server: { ...where, user, hasPassword } };
}

/** Returns the stored server. Undefined if there is none, or if it cannot be read. */
function serverOf({ secrets: { smtpUrl = "", smtpOAuth } }: Config): SmtpServer | undefined {
  try {
    return parseSmtpUrl(smtpUrl, smtpOAuth);
  } catch {
    return undefined;
  }
}

/**
 * Returns SMTP_URL for a server. The stored password is used only for the same server and user.
 * @throws BroadsheetError CONFIG_INVALID.
 */
function urlOf({ host, port, isImplicitTls, user, password }: Server, config: Config): string {
  if (!/^[^\s/@?#]+$/.test(host) || !(Number(port) >= 1 && Number(port) <= 65_535))
    throw new BroadsheetError(
      "CONFIG_INVALID",
      "the name or the port of the mail server is not valid",
      {
        fix: "write a name such as smtp.example.org, and a port such as 465",
      },
    );
  const stored = serverOf(config);
  const isSame = stored?.host === host.toLowerCase() && stored.login?.user === user;
  const login = isSame ? stored.login : undefined;
  const kept = login && "password" in login ? login.password : "";
  if (user !== "" && password === "" && !login)
    throw new BroadsheetError("CONFIG_INVALID", "this server and user have no password yet", {
      fix: "write the password too",
    });
  const found = smtpUrl({ host, port, isImplicitTls, user, password: password || kept });
  parseSmtpUrl(found, config.secrets.smtpOAuth);
  return found;
}

/** Returns SMTP_URL for a server, with any characters in user name and password. */
export function smtpUrl({ host, port, isImplicitTls, user, password }: Server): string {
  const [as, secret] = [encodeURIComponent(user), encodeURIComponent(password)];
  const before = user === "" ? "" : `${as}${secret && `:${secret}`}@`;
  const name = /^[^[].*:/.test(host) ? `[${host}]` : host;
  return `${isImplicitTls ? "smtps" : "smtp"}://${before}${name}:${port}`;
}
