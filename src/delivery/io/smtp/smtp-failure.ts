import type SMTPConnection from "nodemailer/lib/smtp-connection";

/** A failure as nodemailer reports it: its code, the command in flight, the server's reply. */
export type SmtpFailure = NonNullable<Parameters<Parameters<SMTPConnection["send"]>[2]>[0]>;

type Codes = Partial<Pick<SmtpFailure, "code" | "originalCode">>;

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nothing listens there",
  ENOTFOUND: "there is no such host",
  EAI_AGAIN: "its name cannot be looked up now",
  EDNS: "its name cannot be looked up",
  EHOSTUNREACH: "the network has no route to it",
  ENETUNREACH: "the network has no route to it",
  ETIMEDOUT: "it does not answer in time",
  ECONNECTION: "it closed the connection",
  ESTALLED: "it does not answer commands that follow each other (PIPELINING)",
  ECONNRESET: "it closed the connection",
  EPIPE: "it closed the connection",
  UND_ERR_SOCKET: "it closed the connection",
  ESOCKET: "the connection failed",
};

/** Why there is no connection. */
export function reasonOf({ code = "", originalCode = "" }: Codes): string {
  return (
    REASONS[originalCode] ?? REASONS[code] ?? (originalCode || code || "the connection failed")
  );
}

export function isTlsFailure({ code, originalCode = "" }: Codes): boolean {
  return (
    code === "ETLS" ||
    /CERT|CRL|ISSUER|SIGNATURE|INVALID_(?:CA|PURPOSE)|HOSTNAME|PATH_LENGTH|TLS|SSL|^EPROTO$/.test(
      originalCode,
    )
  );
}

const LONGEST_QUOTE = 200;

/** The text of a server or a program on one line. Secrets in it, plain or in base64, are replaced by asterisks. */
export function struckOut(words: string, secrets: readonly string[]): string {
  return secrets
    .flatMap((secret) => [Buffer.from(secret).toString("base64"), secret])
    .reduce((text, secret) => text.replaceAll(secret, "***"), words.slice(0, 10 * LONGEST_QUOTE))
    .replace(/[\p{Cc}\p{Cf}\s]+/gu, " ")
    .trim()
    .slice(0, LONGEST_QUOTE);
}
