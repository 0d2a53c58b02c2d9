import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { describe, expect, test } from "vitest";
import { parseConfig } from "../../src/config/config.ts";
import { dkimRecord } from "../../src/delivery/dkim.ts";
import type { Diagnosis } from "../../src/doctor/diagnosis.ts";
import { diagnoseSender } from "../../src/doctor/diagnose-sender.ts";
import { openDns } from "../../src/doctor/io/dns.ts";
import { type DnsServer, startDnsServer, type Zone } from "../dns-server.ts";

const RSA = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
const ED25519 = generateKeyPairSync("ed25519").privateKey;
const KEY_AT = "s2031._domainkey.letters.wharfside";

/** A domain that has everything; a name ending in .example would be taken for a placeholder. */
const GOOD: Zone = {
  txt: {
    "letters.wharfside": ["a-verification=1", "v=spf1 include:_spf.relay.wharf -all"],
    "_spf.relay.wharf": ["v=spf1 ip4:192.0.2.0/24 a:out.relay.wharf ~all"],
    "_dmarc.letters.wharfside": ["v=DMARC1; p=reject; rua=mailto:post@letters.wharfside"],
    [KEY_AT]: [dkimRecord(RSA)],
  },
  mx: { "letters.wharfside": [[10, "mx.letters.wharfside"]] },
  a: { "mx.letters.wharfside": ["192.0.2.7"] },
};

const CONFIG = {
  from: "post@letters.wharfside",
  dkim: { selector: "s2031" },
  urls: { unsubscribe: "https://letters.wharfside/u/{token}" },
};

interface Case {
  readonly config?: object;
  readonly key?: KeyObject;
  readonly isLocal?: boolean;
}

async function diagnosed(zone: Zone, { config = {}, key = RSA, isLocal = false }: Case = {}) {
  const server = await startDnsServer(zone);
  const parsed = parseConfig({ ...CONFIG, ...config }, {}, "/letters/broadsheet.config.json");
  const keys = parsed.dkim.map(({ selector, domain }) => ({ selector, domain, key }));
  const dns = openDns(server.address);
  return { server, found: await diagnoseSender(parsed, { dns, keys, isLocal }) };
}

/** What is said of one thing in a zone where these texts are others. */
async function about(
  what: string,
  txt: Readonly<Record<string, readonly string[]>>,
  given: Case = {},
): Promise<Diagnosis> {
  const { found } = await diagnosed({ ...GOOD, txt: { ...GOOD.txt, ...txt } }, given);
  return only(found, what);
}

function only(found: readonly Diagnosis[], what: string): Diagnosis {
  const [first, ...more] = found.filter((diagnosis) => diagnosis.about === what);
  if (!first || more.length > 0)
    throw new Error(`${what} is there ${more.length + (first ? 1 : 0)} times`);
  return first;
}

test("a domain that has everything is well", async () => {
  const { found } = await diagnosed(GOOD);
  expect(found.map(({ about, verdict, says }) => [about, verdict, says])).toEqual([
    ["Sender", "ok", "post@letters.wharfside"],
    ["DKIM s2031", "ok", "the record of letters.wharfside has the key's public half, RSA-2048"],
    ["SPF", "ok", "letters.wharfside ends in -all, 2 of 10 lookups"],
    ["DMARC", "ok", "letters.wharfside has p=reject"],
    [
      "Alignment",
      "ok",
      "From letters.wharfside goes with DKIM of letters.wharfside and SPF of letters.wharfside",
    ],
    ["Bounces", "ok", "to post@letters.wharfside, which mx.letters.wharfside takes"],
    ["Unsubscribe", "ok", "one click, letters.wharfside"],
  ]);
});

test("a domain that has nothing is told what to publish", async () => {
  const { found } = await diagnosed({});
  const broken = found.filter(({ verdict }) => verdict === "fix");
  expect(broken.map(({ about, code }) => [about, code])).toEqual([
    ["DKIM s2031", "DNS_RECORD_WRONG"],
    ["SPF", "DNS_RECORD_WRONG"],
    ["DMARC", "DNS_RECORD_WRONG"],
    ["Bounces", "DNS_RECORD_WRONG"],
  ]);
  expect(broken[0]?.fix).toBe(`publish this as a TXT record at ${KEY_AT}: ${dkimRecord(RSA)}`);
});

test("where the DMARC record wasn't seen, only domains that are the same go together", async () => {
  const zone = { ...GOOD, broken: ["_dmarc.letters.wharfside"] };
  expect(only((await diagnosed(zone)).found, "Alignment").verdict).toBe("ok");
  const config = { dkim: { selector: "s2031", domain: "wharfside" }, bounce: "b@wharfside" };
  expect(only((await diagnosed(zone, { config })).found, "Alignment").verdict).toBe("unseen");
});

test("where the DNS fails nothing is said to be well or missing", async () => {
  const { found } = await diagnosed({
    ...GOOD,
    broken: [KEY_AT, "letters.wharfside", "_dmarc.letters.wharfside"],
  });
  const unseen = found.filter(({ verdict }) => verdict === "unseen");
  expect(unseen.map(({ about, code }) => [about, code])).toEqual(
    ["DKIM s2031", "SPF", "DMARC", "Bounces"].map((about) => [about, "DNS_UNREACHABLE"]),
  );
  expect(unseen[0]?.says).toBe("the DNS fails to answer (SERVFAIL)");
});

describe("a DKIM record", () => {
  const other = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
  const own = dkimRecord(RSA);

  test.each([
    ["of another key", [dkimRecord(other)], "fix", "the public half of another key"],
    ["that was revoked", ["v=DKIM1; k=rsa; p="], "fix", "has been revoked"],
    ["without a key", ["v=DKIM1; k=rsa"], "fix", "has no key"],
    ["of another kind", [dkimRecord(ED25519)], "fix", "another kind: ed25519, not rsa"],
    ["with a tag twice", [`${own}; p=AA`], "fix", "can't be read"],
    ["beside another", [own, dkimRecord(other)], "fix", "there are 2 records"],
    ["for SHA-1 only", [own.replace("k=rsa", "k=rsa; h=sha1")], "fix", "doesn't allow SHA-256"],
    ["for something else", [own.replace("k=rsa", "k=rsa; s=tlsrpt")], "fix", "is not for mail"],
    ["that is tested", [own.replace("k=rsa", "k=rsa; t=y:s")], "look", "only a test"],
    ["with spaces", [own.replace("v=DKIM1; ", "").replace("MII", " M II")], "ok", "public half"],
  ])("%s", async (_name, records, verdict, says) => {
    const diagnosis = await about("DKIM s2031", { [KEY_AT]: records });
    expect(diagnosis.verdict).toBe(verdict);
    expect(diagnosis.says).toContain(says);
  });

  test("of an Ed25519 key", async () => {
    const records = { [KEY_AT]: [dkimRecord(ED25519)] };
    expect((await about("DKIM s2031", records, { key: ED25519 })).verdict).toBe("ok");
  });

  test("of a short key", async () => {
    const { privateKey: key } = generateKeyPairSync("rsa", { modulusLength: 1024 });
    const diagnosis = await about("DKIM s2031", { [KEY_AT]: [dkimRecord(key)] }, { key });
    expect([diagnosis.verdict, diagnosis.says]).toEqual([
      "look",
      expect.stringContaining("1024 bits"),
    ]);
  });

  test("without a key in the config nobody can say", async () => {
    const { found } = await diagnosed(GOOD, { config: { dkim: [] } });
    expect(only(found, "DKIM").verdict).toBe("unseen");
    expect(only(found, "Alignment").verdict).toBe("look");
  });
});

describe("an SPF record", () => {
  const at = "letters.wharfside";
  test.each([
    ["that isn't there", ["something else"], "fix", "has no SPF record"],
    ["beside another", ["v=spf1 -all", "v=spf1 mx -all"], "fix", "2 SPF records"],
    ["that lets everybody", ["v=spf1 +all"], "fix", "+all"],
    ["that lets everybody without saying +", ["v=spf1 mx all"], "fix", "+all"],
    ["that is neutral", ["v=spf1 mx ?all"], "look", "?all"],
    ["without an end", ["v=spf1 mx"], "look", "has no end"],
    ["with a word that means nothing", ["v=spf1 ipv4:192.0.2.1 -all"], "fix", '"ipv4:192.0.2.1"'],
    ["that takes in what isn't there", ["v=spf1 include:gone.wharf -all"], "fix", "gone.wharf"],
    ["that takes in itself", [`v=spf1 include:${at} -all`], "fix", "more than 10 lookups"],
    ["that redirects", ["v=spf1 redirect=_spf.relay.wharf"], "ok", "2 of 10"],
    ["hanging on it", ["v=spf1 exists:%{i}.%{l}.wharf include:%{d}.wharf -all"], "ok", "2 of 10"],
    ["with ten lookups", [`v=spf1 ${"a ".repeat(9)}mx -all`], "ok", "10 of 10"],
    ["with eleven", [`v=spf1 ${"a ".repeat(10)}mx -all`], "fix", "more than 10"],
  ])("%s", async (_name, records, verdict, says) => {
    const diagnosis = await about("SPF", { [at]: records });
    expect(diagnosis.verdict).toBe(verdict);
    expect(diagnosis.says).toContain(says);
  });

  test("that takes in others by the dozen costs a bounded number of questions", async () => {
    const names = Array.from({ length: 9 }, (_, n) => `include:n${n}.wharf`).join(" ");
    const inner = Object.fromEntries(
      Array.from({ length: 9 }, (_, n) => [`n${n}.wharf`, [`v=spf1 ${names} -all`]]),
    );
    const txt = { ...GOOD.txt, [at]: [`v=spf1 ${names} -all`], ...inner };
    const { found, server } = await diagnosed({ ...GOOD, txt });
    expect(only(found, "SPF").says).toContain("more than 10 lookups");
    // Each is asked for twice where the first answer is late.
    expect(asks(server, "wharf").length).toBeLessThanOrEqual(2 * 11);
  });
});

function asks({ questions }: DnsServer, end: string): string[] {
  return questions.filter((question) => question.startsWith("TXT n") && question.endsWith(end));
}

describe("a DMARC record", () => {
  const at = "_dmarc.letters.wharfside";
  test.each([
    ["that asks for reports", ["v=DMARC1; p=none"], "ok", "reports only"],
    ["beside another", ["v=DMARC1; p=none", "v=DMARC1; p=reject"], "fix", "2 records"],
    ["without a policy", ["v=DMARC1; rua=mailto:a@b.wharf"], "fix", "no valid policy"],
    ["with a policy that isn't one", ["v=DMARC1; p=strict"], "fix", "no valid policy"],
  ])("%s", async (_name, records, verdict, says) => {
    const diagnosis = await about("DMARC", { [at]: records });
    expect(diagnosis.verdict).toBe(verdict);
    expect(diagnosis.says).toContain(says);
  });

  test("of the domain above holds for the one below, with its own policy for those", async () => {
    const txt = {
      ...GOOD.txt,
      [at]: [],
      "_dmarc.wharfside.net": ["v=DMARC1; p=reject; sp=quarantine"],
    };
    const config = { from: "post@letters.wharfside.net" };
    const { found } = await diagnosed({ ...GOOD, txt }, { config });
    expect(only(found, "DMARC").says).toBe(
      "letters.wharfside.net has p=quarantine, from the record of wharfside.net",
    );
  });
});

async function alignment(config: object, dmarc = "v=DMARC1; p=none"): Promise<Diagnosis> {
  return about("Alignment", { "_dmarc.letters.wharfside": [dmarc] }, { config });
}

describe("domains that go together", () => {
  test("a key of a domain above is enough, unless the policy is strict", async () => {
    const config = {
      dkim: { selector: "s2031", domain: "wharfside" },
      bounce: "b@bounces.elsewhere",
    };
    expect((await alignment(config)).verdict).toBe("ok");
    expect((await alignment(config, "v=DMARC1; p=none; adkim=s")).verdict).toBe("look");
  });

  test("a key of somebody else's domain counts for nothing", async () => {
    const found = await alignment({ dkim: { selector: "s2031", domain: "relay.wharf" } });
    expect(found.verdict).toBe("look");
    expect(found.fix).toContain("set dkim.domain to letters.wharfside");
  });

  test("neither a key nor a bounce domain of its own: all hangs on the relay, which can't be seen", async () => {
    const found = await alignment({ dkim: [], bounce: "b@relay.wharf" });
    expect(found.verdict).toBe("unseen");
  });
});

test("a bounce domain that takes no mail, and one without a server of its own", async () => {
  const nowhere = await diagnosed({ ...GOOD, mx: { "letters.wharfside": [[0, ""]] } });
  expect(only(nowhere.found, "Bounces").says).toContain("null MX");
  const plain = await diagnosed({ ...GOOD, mx: {}, a: { "letters.wharfside": ["192.0.2.9"] } });
  expect(only(plain.found, "Bounces").verdict).toBe("look");
  const dangling = await diagnosed({ ...GOOD, a: {} });
  expect(only(dangling.found, "Bounces").says).toContain("has no address");
});

test("an example for a sender is good on this machine only", async () => {
  const config = { from: "post@slipway.example" };
  const { found: away, server } = await diagnosed(GOOD, { config });
  expect(only(away, "Sender").code).toBe("SENDER_PLACEHOLDER");
  expect(only(away, "SPF").verdict).toBe("unseen");
  expect(server.questions).toEqual([]);
  const { found: here } = await diagnosed(GOOD, { config, isLocal: true });
  expect(only(here, "Sender").verdict).toBe("look");
});

test("without a link of one click there is something to look at", async () => {
  const without = await diagnosed(GOOD, { config: { urls: {} } });
  expect(only(without.found, "Unsubscribe").verdict).toBe("look");
});
