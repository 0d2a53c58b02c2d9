import type { LookupAddress } from "node:dns";
import { lookup } from "node:dns/promises";
import { isIP, type LookupFunction } from "node:net";
import { callbackify } from "node:util";
import { Agent, buildConnector } from "undici";
import ipaddr from "ipaddr.js";
import type { FetchLimits } from "./fetch-limits.ts";

/** Which hosts may be connected to. */
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

/**
 * Where clouds give keys to any process inside: no page is there. The ranges below hold some
 * of them, yet these stay shut when private addresses are allowed, and one is a public address.
 */
const METADATA = new Set([
  "169.254.169.254", // AWS, Azure, Google, Oracle, DigitalOcean
  "169.254.170.2", // AWS ECS
  "169.254.170.23", // AWS EKS
  "fd00:ec2::254", // AWS over IPv6
  "fd00:ec2::23", // AWS EKS over IPv6
  "fd20:ce::254", // Google over IPv6
  "100.100.100.200", // Alibaba
  "168.63.129.16", // Azure's host, public by number only
]);

/** Addresses of no single host: multicast, broadcast, unspecified. */
const NOT_ONE_HOST = new Set(["multicast", "broadcast"]);

const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR("2000::/3");
/** RFC 6052 §2.1: an IPv4 address as networks that have only IPv6 write it. */
const NAT64 = ipaddr.IPv6.parseCIDR("64:ff9b::/96");

/**
 * Whether an IP address is one of the public internet (the IANA special-purpose registries,
 * RFC 6890). An IPv4 address in IPv6 clothes (RFC 4291 §2.5.5.2, RFC 6052) is judged by what it wears.
 */
export function isPublicAddress(address: string): boolean {
  const bare = unwrap(address);
  if (!bare || METADATA.has(bare.toString())) return false;
  // IPv6 addresses are only given out from 2000::/3 (RFC 4291 §2.4), so that all others are refused, also without a table.
  const isGiven = bare instanceof ipaddr.IPv4 || bare.match(GLOBAL_UNICAST);
  return isGiven && bare.range() === "unicast";
}

/** Whether an IP address is a single host's, public or not, and no cloud's metadata service. */
export function isHostAddress(address: string): boolean {
  const bare = unwrap(address);
  return bare !== undefined && !METADATA.has(bare.toString()) && !NOT_ONE_HOST.has(bare.range());
}

function unwrap(address: string): ipaddr.IPv4 | ipaddr.IPv6 | undefined {
  if (!ipaddr.isValid(address)) return undefined;
  const bare = ipaddr.process(address);
  if (bare instanceof ipaddr.IPv4 || !bare.match(NAT64)) return bare;
  return new ipaddr.IPv4(bare.toByteArray().slice(12));
}
