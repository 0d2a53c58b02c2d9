import { errors } from "undici";
import { AddressRefused, isHostAddress } from "./guarded-agent.ts";
import { type FetchLimits, OutOfTime } from "./fetch-limits.ts";
import type { FetchFailure } from "./fetch-outcome.ts";
import { TRY_LATER } from "./answer-failure.ts";
import { UnknownCoding } from "./exchange.ts";
import { shownUrl } from "./web-address.ts";

/** Thrown into running fetches when a session is closed. */
export class SessionClosed extends Error {}

type Account = Pick<FetchFailure, "why" | "fix" | "isTemporary"> & {
  readonly kind: "unreachable" | "timedOut" | "broken" | "private" | "calledOff";
};

const CHECK_HOST = "check the address and the network";

const UNREACHABLE: Readonly<Record<string, string>> = {
  ENOTFOUND: "there is no such host",
  EAI_AGAIN: "its name can't be looked up now",
  ECONNREFUSED: "nothing listens there",
  EHOSTUNREACH: "there is no route to it",
  ENETUNREACH: "there is no route to it",
  EADDRNOTAVAIL: "there is no route to it",
  ETIMEDOUT: "it does not answer",
  EACCES: "this machine does not let programs connect to it",
  EPERM: "this machine does not let programs connect to it",
};

const UNTRUSTED: Readonly<Record<string, string>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: "its certificate is self-signed",
  SELF_SIGNED_CERT_IN_CHAIN: "its certificate is signed by an authority that is not trusted",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "it does not send the certificate of its authority",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "its certificate is signed by an authority unknown here",
  CERT_HAS_EXPIRED: "its certificate has expired",
  CERT_NOT_YET_VALID: "its certificate is not valid yet",
  ERR_TLS_CERT_ALTNAME_INVALID: "its certificate is for another name",
};
const TLS = /CERT|CRL|ISSUER|SIGNATURE|INVALID_(?:CA|PURPOSE)|HOSTNAME|^ERR_(?:TLS|SSL)|^EPROTO$/;
const COMPRESSION = /^(?:Z_|ZSTD_|ERR_(?:_|BROTLI|ZSTD|ZLIB))/;

/** Converts the error of a request to a failure with its cause. Any other error is a bug in Broadsheet, and is thrown again. */
export function networkFailure(url: URL, error: unknown, limits: FetchLimits): FetchFailure {
  const account = accountOf(url, error, limits);
  if (!account) throw error;
  return { ...account, url: url.href };
}

function accountOf(url: URL, error: unknown, limits: FetchLimits): Account | undefined {
  if (error instanceof AddressRefused) return refusedAddress(error);
  if (error instanceof OutOfTime) {
    return tooSlow(`${shownUrl(url)} took longer than ${seconds(limits.totalMs)}, and was cut off`);
  }
  if (error instanceof SessionClosed) {
    const why = `${shownUrl(url)} was being fetched when the run ended`;
    return { kind: "calledOff", why, fix: "run it again", isTemporary: true };
  }
  if (error instanceof UnknownCoding) {
    const coding = error.message.slice(0, 40);
    return broken(`${shownUrl(url)} is compressed in an unknown way (${coding})`, false);
  }
  // This error sometimes has no code.
  if (error instanceof errors.HTTPParserError) {
    return broken(`${url.host} does not answer in HTTP`, false);
  }
  const code = codeOf(error);
  return code === undefined ? undefined : (coded(url, code, limits) ?? other(url, code, error));
}

function coded(url: URL, code: string, limits: FetchLimits): Account | undefined {
  switch (code) {
    case "UND_ERR_CONNECT_TIMEOUT":
      return tooSlow(`${url.host} could not be connected to in ${seconds(limits.connectMs)}`);
    case "UND_ERR_HEADERS_TIMEOUT":
      return tooSlow(`${url.host} did not answer in ${seconds(limits.headersMs)}`);
    case "UND_ERR_BODY_TIMEOUT":
      return tooSlow(`${shownUrl(url)} fell silent for ${seconds(limits.idleMs)} in mid-page`);
    case "UND_ERR_SOCKET":
    case "ECONNRESET":
    case "EPIPE":
      return broken(`${url.host} closed the connection before ${shownUrl(url)} was complete`);
    case "UND_ERR_RES_CONTENT_LENGTH_MISMATCH":
      return broken(`${shownUrl(url)} does not have the length that it declares`);
    case "UND_ERR_HEADERS_OVERFLOW":
      return broken(`${url.host} answers with headers longer than 64 KB`, false);
  }
  if (code in UNREACHABLE) {
    const account = unreachable(url, UNREACHABLE[code] ?? "", CHECK_HOST);
    return { ...account, isTemporary: code !== "ENOTFOUND" };
  }
  if (COMPRESSION.test(code)) return broken(`${shownUrl(url)} is compressed wrongly, or cut off`);
  if (TLS.test(code)) return untrusted(url, code);
  return undefined;
}

/** Other errors of undici or the system are failures of the network too, unless the request was invalid. */
function other(url: URL, code: string, error: unknown): Account | undefined {
  if (error instanceof errors.InvalidArgumentError) return undefined;
  const isTheirs =
    error instanceof errors.UndiciError || (error instanceof Error && "syscall" in error);
  return isTheirs ? unreachable(url, `the exchange failed (${code})`, TRY_LATER) : undefined;
}

function untrusted(url: URL, code: string): Account {
  const why = UNTRUSTED[code] ?? `it makes no secure connection (${code})`;
  const fix =
    "check the address; for an authority of your own, name its file in NODE_EXTRA_CA_CERTS";
  return { ...unreachable(url, why, fix), isTemporary: false };
}

function unreachable(url: URL, why: string, fix: string): Account {
  const whole = `${url.host} can't be reached: ${why}`;
  return { kind: "unreachable", why: whole, fix, isTemporary: true };
}

function refusedAddress({ host, address }: AddressRefused): Account {
  const subject = host === address ? host : `${host} is at ${address}, which`;
  const isHost = isHostAddress(address);
  return {
    kind: "private",
    why: `${subject} is ${isHost ? "no address of the public internet" : "no address of a web server"}, and was not connected to`,
    fix: isHost ? "if it is your own, allow it with --allow-private" : "check the address",
    isTemporary: false,
  };
}

function tooSlow(why: string): Account {
  return { kind: "timedOut", why, fix: TRY_LATER, isTemporary: true };
}

function broken(why: string, isTemporary = true): Account {
  const fix = isTemporary ? TRY_LATER : "open it in a browser, save the page and give that file";
  return { kind: "broken", why, fix, isTemporary };
}

function seconds(ms: number): string {
  return ms === 1000 ? "1 second" : `${ms / 1000} seconds`;
}

/** The code of an error. If several addresses were tried, the first code. */
function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if ("code" in error && typeof error.code === "string") return error.code;
  return error instanceof AggregateError
    ? error.errors.map(codeOf).find((code) => code !== undefined)
    : undefined;
}
