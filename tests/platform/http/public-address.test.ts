import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isHostAddress, isPublicAddress } from "../../../src/platform/http/guarded-agent.ts";

const PUBLIC = "8.8.8.8 1.1.1.1 172.15.255.255 172.32.0.1 2606:4700::1111 2a00:1450::1".split(" ");

const NOT_PUBLIC = [
  ["nothing", "0.0.0.0", "0.1.2.3", "::"],
  ["this machine", "127.0.0.1", "127.255.255.254", "::1"],
  ["private", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "fd12:3456::1"],
  ["link-local", "169.254.1.1", "fe80::1", "fec0::1"],
  ["metadata", "169.254.169.254", "100.100.100.200", "168.63.129.16", "fd00:ec2::254"],
  ["a provider's inside (CGNAT)", "100.64.0.1", "100.127.255.255"],
  ["groups and everybody", "224.0.0.1", "239.255.255.255", "ff02::1", "255.255.255.255"],
  ["reserved", "192.0.0.8", "192.0.2.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "240.0.0.1"],
  ["reserved in IPv6", "2001:db8::1", "100::1", "4000::1", "3fff::1"],
  ["tunnels", "2002:7f00:1::", "2001:0:4136:e378::1", "::127.0.0.1", "::ffff:0:127.0.0.1"],
  ["IPv4 in IPv6", "::ffff:127.0.0.1", "::ffff:7f00:1", "::ffff:a9fe:a9fe", "::ffff:10.0.0.1"],
  ["NAT64", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b::10.0.0.1", "64:ff9b:1::1"],
  ["no address", "", "localhost", "example.org", "1.2.3.4.5", "[::1]"],
];

describe("an address of the public internet", () => {
  test.each(PUBLIC)("%s is one", (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });

  test.each(NOT_PUBLIC.map(([name, ...addresses]) => ({ name, addresses })))(
    "is not $name: $addresses",
    ({ addresses }) => {
      expect(addresses.filter(isPublicAddress)).toEqual([]);
    },
  );

  test("an IPv4 address is judged the same in the clothes of IPv6", () => {
    fc.assert(
      fc.property(fc.ipV4(), (address) => {
        const isPublic = isPublicAddress(address);
        expect(isPublicAddress(`::ffff:${address}`)).toBe(isPublic);
        expect(isPublicAddress(`64:ff9b::${address}`)).toBe(isPublic);
        expect(isPublicAddress(`2002:${hextets(address)}::`)).toBe(false);
      }),
    );
  });
});

describe("where private addresses are allowed", () => {
  test.each(["127.0.0.1", "::1", "10.1.2.3", "192.168.0.4", "fd12::1", "8.8.8.8"])(
    "%s may be connected to",
    (address) => {
      expect(isHostAddress(address)).toBe(true);
    },
  );

  test.each(
    "169.254.169.254 ::ffff:169.254.169.254 64:ff9b::a9fe:a9fe 224.0.0.1 ff02::1 x".split(" "),
  )("%s still may not", (address) => {
    expect(isHostAddress(address)).toBe(false);
  });
});

function hextets(address: string): string {
  const [a = 0, b = 0, c = 0, d = 0] = address.split(".").map(Number);
  return `${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
}
