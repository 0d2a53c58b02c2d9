import type SMTPConnection from "nodemailer/lib/smtp-connection";
import type { SmtpFailure } from "../smtp-failure.ts";
import type { AccessTokens } from "./access-tokens.ts";

/** What nodemailer is told to log in with. */
export type Auth = NonNullable<Parameters<SMTPConnection["login"]>[0]>;

interface Way {
  /** Logs in; rejects with nodemailer's failure. */
  readonly attempt: (auth: Auth) => Promise<unknown>;
  /** What the server answered last. */
  readonly said: () => string;
  /** How long a token may be waited for. */
  readonly timeoutMs: number;
}

/**
 * Logs in by XOAUTH2. A token that may have ended is tried once more as another one; of a server that refuses a
 * new one nothing more is asked.
 * @throws DeliveryError where there is no token; nodemailer's failure.
 */
export async function logInByToken(
  { user, tokens }: { readonly user: string; readonly tokens: AccessTokens },
  { attempt, said, timeoutMs }: Way,
): Promise<void> {
  const { default: XOAuth2 } = await import("nodemailer/lib/xoauth2");
  // Google asks for another token (334) where others say no (535): whether there is one is asked below.
  const provisionCallback = (_user: string, _isNew: boolean, done: (error: Error) => void) =>
    done(refusal(said()));
  const logIn = async (accessToken: string): Promise<void> => {
    await attempt({ user, oauth2: new XOAuth2({ user, accessToken, provisionCallback }) });
    tokens.taken(accessToken);
  };
  const token = await tokens.current(timeoutMs);
  try {
    await logIn(token);
  } catch (error) {
    const other = isRefusal(error) ? await tokens.after(token, timeoutMs) : undefined;
    if (other === undefined) throw error;
    await logIn(other);
  }
}

/** The answer to a login that failed, in the form in which nodemailer tells all others. */
function refusal(response: string): SmtpFailure {
  const code = Number.parseInt(response);
  const responseCode = code >= 400 ? code : 535;
  return Object.assign(new Error("refused"), { code: "EAUTH", response, responseCode });
}

function isRefusal(error: unknown): boolean {
  if (!(error instanceof Error) || !("code" in error) || !("responseCode" in error)) return false;
  return error.code === "EAUTH" && Number(error.responseCode) >= 500;
}
