import { Resolver } from "node:dns/promises";
import { isIP } from "node:net";
import { type Dns, DnsFailure } from "../dns.ts";
import { BroadsheetError } from "../../errors.ts";

const WAIT_MS = 3_000;
const TRIES = 2;

/** Opens the DNS resolver of this machine, or the server `HOST[:PORT]`. */
export function openDns(server?: string): Dns {
  const resolver = new Resolver({ timeout: WAIT_MS, tries: TRIES });
  if (server !== undefined) point(resolver, server);
  return {
    txt: async (name) => (await answer(resolver.resolveTxt(name))).map((pieces) => pieces.join("")),
    mx: async (name) => answer(resolver.resolveMx(name)),
    addresses: async (name) => {
      if (isIP(name)) return [name];
      const both = [resolver.resolve4(name), resolver.resolve6(name)];
      return (await Promise.all(both.map(answer))).flat();
    },
  };
}

function point(resolver: Resolver, server: string): void {
  try {
    resolver.setServers([server]);
  } catch (cause) {
    throw new BroadsheetError("USAGE", `--resolver ${JSON.stringify(server)} is no address`, {
      fix: "give the IP address of a DNS server, and its port where it isn't 53: 9.9.9.9 or 127.0.0.1:5353",
      cause,
    });
  }
}

/** The answer of the DNS; empty if there is no such name or record. */
async function answer<Found>(asked: Promise<readonly Found[]>): Promise<readonly Found[]> {
  try {
    return await asked;
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
    if (code === "ENOTFOUND" || code === "ENODATA") return [];
    throw new DnsFailure(REASONS[code] ?? `gives no answer (${code || "it failed"})`, { cause });
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ETIMEOUT: "doesn't answer in time",
  ECONNREFUSED: "can't be reached",
  ESERVFAIL: "fails to answer (SERVFAIL)",
  EREFUSED: "refuses to answer",
  EBADRESP: "answers with something that can't be read",
  EBADNAME: "can't look up such a name",
};
