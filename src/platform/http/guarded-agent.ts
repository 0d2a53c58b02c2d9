import type { LookupAddress } from "node:dns";
import { lookup } from "node:dns/promises";
import { isIP, type LookupFunction } from "node:net";
import { callbackify } from "node:util";
import { Agent, buildConnector } from "undici";
import type { FetchLimits } from "./fetch-limits.ts";

/** Whom may be connected to. */
export interface Gate {
  readonly isAllowed: (address: string) => boolean;
  readonly resolve: Resolve;
}

/** The IP addresses of a host. */
export type Resolve = (host: string) => Promise<readonly LookupAddress[]>;

/** The system's own resolver, /etc/hosts included. */
export const systemResolve: Resolve = async (host) => lookup(host, { all: true });

/** Thrown instead of connecting. */
export class AddressRefused extends Error {
  readonly host: string;
  readonly address: string;

  constructor(host: string, address: string) {
    super(`${host} is at ${address}, which is refused`);
    this.host = host;
    this.address = address;
  }
}

/** A Content-Security-Policy and cookies can pass Node's 16 KB. */
const MAX_HEADER_BYTES = 64 * 1024;

/**
 * An agent that connects only where the gate lets it: the address that is checked is the one that is
 * connected to, so a name that leads somewhere else the next time (DNS rebinding) gains nothing. It
 * follows no redirect, and no proxy of the environment, behind which nothing could be checked.
 */
export function openAgent(gate: Gate, { connectMs, headersMs, idleMs }: FetchLimits): Agent {
  const connect = buildConnector({
    timeout: connectMs,
    lookup: guardedLookup(gate),
    autoSelectFamily: true,
    // Said here so that NODE_TLS_REJECT_UNAUTHORIZED=0, set for something else, has no say.
    rejectUnauthorized: true,
    minVersion: "TLSv1.2",
  });
  return new Agent({
    connections: 1,
    maxHeaderSize: MAX_HEADER_BYTES,
    headersTimeout: headersMs,
    bodyTimeout: idleMs,
    connect: (options, callback) => {
      const { hostname } = options;
      // Node calls no lookup for what is an IP address already.
      if (isIP(hostname) === 0 || gate.isAllowed(hostname)) return connect(options, callback);
      queueMicrotask(() => callback(new AddressRefused(hostname, hostname), null));
    },
  });
}

function guardedLookup(gate: Gate): LookupFunction {
  const find = callbackify(openAddresses);
  return (host, { all }, callback) => {
    find(gate, host, (error, found) => {
      if (error) callback(error, []);
      else if (all) callback(null, found);
      else callback(null, found[0].address, found[0].family);
    });
  };
}

/** @throws AddressRefused where a host has no address that the gate lets through. */
async function openAddresses(
  { isAllowed, resolve }: Gate,
  host: string,
): Promise<[LookupAddress, ...LookupAddress[]]> {
  const found = await resolve(host);
  const [first, ...others] = found.filter(({ address }) => isAllowed(address));
  if (first) return [first, ...others];
  const [refused] = found;
  if (refused) throw new AddressRefused(host, refused.address);
  throw Object.assign(new Error(`${host} has no address`), { code: "ENOTFOUND" });
}
