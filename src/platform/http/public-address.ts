import ipaddr from "ipaddr.js";

/**
 * Where clouds hand keys to whoever asks from inside: no page is there. The ranges below hold some
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

/** Nobody's address: a group, everybody, or nothing at all. */
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
  // Of IPv6 only 2000::/3 is given out (RFC 4291 §2.4), so what is not in a table is closed too.
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
