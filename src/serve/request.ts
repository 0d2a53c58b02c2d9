import type { Context } from "hono";
import { accepts } from "hono/accepts";
import { HTTPException } from "hono/http-exception";
import { labelLanguage } from "../email/labels.ts";
import type { Clock } from "../platform/clock.ts";
import { canonicalLanguage } from "../subscribers/subscriber.ts";
import type { Keyring } from "../subscribers/tokens.ts";
import type { Look, PageParts } from "./pages.ts";
import type { Ports } from "./ports.ts";

export interface DoorSettings extends Look {
  /** The language of the newsletter. Without it, the language of the browser is used. */
  readonly language?: string | undefined;
  readonly timeZone: string;
  /** The six bytes that identify the list in the tokens of its forms. */
  readonly list: Uint8Array;
  readonly keyring: Keyring;
  readonly clock: Clock;
  /** The number of proxies before the server. `true` is one. */
  readonly trustProxy: boolean | number;
  readonly script: string;
  /** Called when a visitor has asked to subscribe. */
  readonly onAsked?: () => void;
  /** The providers that report bounces and complaints. */
  readonly hooks?: HookSettings | undefined;
  /** Called with each request when it is answered. */
  readonly onServed?: (served: ServedRequest) => void;
}

/** The providers that report bounces and complaints. */
interface HookSettings {
  readonly ses?: { readonly topic: string } | undefined;
  readonly postmark?: boolean | undefined;
}

/** A request for the log. A path contains a token, so the log has its route instead. */
export interface ServedRequest {
  readonly method: string;
  /** For example "/u/:token". */
  readonly route: string;
  readonly status: number;
  readonly ms: number;
  readonly error?: Error | undefined;
}

/** The context that all routes share. */
export interface Door extends DoorSettings, Ports {
  /** The parts of a page, in the language of the newsletter or of the browser. */
  readonly partsFor: (context: Context) => PageParts;
  /** The page for every unknown path and every invalid token. */
  readonly notFound: (context: Context) => Response | Promise<Response>;
}

/** The browser's most preferred language that the pages have. */
export function wantedLanguage(context: Context): string {
  return accepts(context, {
    header: "Accept-Language",
    supports: [],
    default: "en",
    match: (wanted) =>
      wanted
        .toSorted((a, b) => b.q - a.q)
        .map(({ type }) => labelLanguage(canonicalLanguage(type) ?? "und"))
        .find((language) => language !== undefined) ?? "en",
  });
}

const FORM = /^(?:application\/x-www-form-urlencoded|multipart\/form-data)(?:;|$)/i;

/** The fields of a form. @throws HTTPException 400 or 415 if the body is not a form. */
export async function fieldsOf({ req }: Context): Promise<ReadonlyMap<string, string>> {
  if (!FORM.test(req.header("content-type") ?? "")) throw new HTTPException(415, NO_FORM);
  const fields = await req.parseBody().catch((cause: unknown) => {
    throw new HTTPException(400, { ...NO_FORM, cause });
  });
  return new Map(
    Object.entries(fields).flatMap(([name, value]) =>
      typeof value === "string" ? [[name, value] as const] : [],
    ),
  );
}

const NO_FORM = { message: "This is not what the page sends.\n" };
