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
  /** The language of the newsletter; that of the browser if the newsletter has none. */
  readonly language?: string | undefined;
  /** Decides which day it is. */
  readonly timeZone: string;
  /** The six bytes of the list, which are in the tokens of its forms. */
  readonly list: Uint8Array;
  readonly keyring: Keyring;
  readonly clock: Clock;
  /** How many proxies stand before the server; true is one. */
  readonly trustProxy: boolean | number;
  /** The script of the subscribe page. */
  readonly script: string;
  /** Told when a visitor has asked to join. */
  readonly onAsked?: () => void;
  /** The providers that report bounces and complaints. */
  readonly hooks?: HookSettings | undefined;
  /** Told of each request when it is answered. */
  readonly onServed?: (served: ServedRequest) => void;
}

/** The providers that report what became of messages. */
interface HookSettings {
  readonly ses?: { readonly topic: string } | undefined;
  readonly postmark?: boolean | undefined;
}

/** A request as a log may have it: a path holds a token, so its route stands for it. */
export interface ServedRequest {
  readonly method: string;
  /** Such as "/u/:token". */
  readonly route: string;
  readonly status: number;
  readonly ms: number;
  readonly error?: Error | undefined;
}

/** What the routes of the door share. */
export interface Door extends DoorSettings, Ports {
  /** The parts of a page, in the language of the newsletter or of the browser. */
  readonly partsFor: (context: Context) => PageParts;
  /** The one page for everything that is not there, and for every invalid token. */
  readonly notFound: (context: Context) => Response | Promise<Response>;
}

/** The first language of the browser that the pages are in. */
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

/** The fields of a form. @throws HTTPException 400 or 415 where the body is no form. */
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
