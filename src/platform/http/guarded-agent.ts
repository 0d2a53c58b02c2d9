import type { LookupAddress } from "node:dns";
import { lookup } from "node:dns/promises";
import { isIP, type LookupFunction } from "node:net";
import { callbackify } from "node:util";
import { Agent, buildConnector } from "undici";
import ipaddr from "ipaddr.js";
import type { FetchLimits } from "./fetch-limits.ts";

/** Decides to which addresses a connection is allowed. */
export interface Gate {
  readonly isAllowed: (address: string) => boolean;
  readonly resolve: Resolve;
}

/** The IP addresses of a host. */
export type Resolve = (host: string) => Promise<readonly LookupAddress[]>;

/** The resolver of the system, which also reads /etc/hosts. */
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

/** A Content-Security-Policy and cookies can exceed Node's limit of 16 KB. */
const MAX_HEADER_BYTES = 64 * 1024;

/**
 * An agent that connects only to addresses that the gate allows. It connects to the very address that was checked, which
 * prevents DNS rebinding. It follows no redirect and uses no proxy of the environment, because a proxy would hide the
 * address.
 */
export function openAgent(gate: Gate, { connectMs, headersMs, idleMs }: FetchLimits): Agent {
  const connect = buildConnector({
    timeout: connectMs,
    lookup: guardedLookup(gate),
    autoSelectFamily: true,
    // This overrides NODE_TLS_REJECT_UNAUTHORIZED=0, which may be set for another program.
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
      // Node calls no lookup for an IP address.
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

/** @throws AddressRefused if the gate allows no address of the host. */
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
 * The metadata services of clouds, which give keys to any process on a machine. They are refused even if private addresses
 * are allowed. One of them is a public address.
 */
const METADATA = new Set([
  "169.254.169.254", // AWS, Azure, Google, Oracle, DigitalOcean
  "169.254.170.2", // AWS ECS
  "169.254.170.23", // AWS EKS
  "fd00:ec2::254", // AWS over IPv6
  "fd00:ec2::23", // AWS EKS over IPv6
  "fd20:ce::254", // Google over IPv6
  "100.100.100.200", // Alibaba
  "168.63.129.16", // Azure's host, in a public range
]);

/** Addresses of no single host: multicast, broadcast, unspecified. */
const NOT_ONE_HOST = new Set(["multicast", "broadcast"]);

const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR("2000::/3");
/** RFC 6052 §2.1: the form of IPv4 addresses in networks with IPv6 only. */
const NAT64 = ipaddr.IPv6.parseCIDR("64:ff9b::/96");

/**
 * Whether an IP address is on the public internet (the IANA special-purpose registries, RFC 6890). An IPv4 address that is
 * written as IPv6 (RFC 4291 §2.5.5.2, RFC 6052) counts as IPv4.
 */
export function isPublicAddress(address: string): boolean {
  const bare = unwrap(address);
  if (!bare || METADATA.has(bare.toString())) return false;
  // Public IPv6 addresses are in 2000::/3 only (RFC 4291 §2.4).
  const isGiven = bare instanceof ipaddr.IPv4 || bare.match(GLOBAL_UNICAST);
  return isGiven && bare.range() === "unicast";
}

/** Whether an IP address belongs to a single host, public or private, and not to a metadata service of a cloud. */
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
