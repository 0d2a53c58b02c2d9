import { type Diagnosis, look, ok, toFix } from "./diagnosis.ts";
import type { Dns } from "./dns.ts";

/** RFC 7208 §4.6.4: the maximum number of DNS lookups that a receiving server makes. */
const MOST_LOOKUPS = 10;

/** A fault in an SPF record, or in an included one. The record is then invalid. */
class VoidRecord extends Error {
  override readonly name = "VoidRecord";
  readonly fix: string;

  constructor(says: string, fix: string) {
    super(says);
    this.fix = fix;
  }
}

interface Term {
  readonly qualifier: string;
  readonly name: string;
  readonly domain: string;
}

/** Diagnoses whether a domain has a valid record of the servers that may send for it (RFC 7208). */
export async function diagnoseSpf(domain: string, dns: Dns): Promise<Diagnosis> {
  try {
    const terms = await recordOf(domain, dns);
    if (!terms) return missing(domain);
    const lookups = await lookupsOf(terms, dns, 0);
    return judged(domain, terms, lookups);
  } catch (error) {
    if (!(error instanceof VoidRecord)) throw error;
    return toFix("SPF", error.message, { fix: error.fix, code: "DNS_RECORD_WRONG" });
  }
}

function missing(domain: string): Diagnosis {
  return toFix("SPF", `${domain} has no SPF record: no record says who may send for it`, {
    fix: `add a TXT record at ${domain}, in the words of your mail provider, such as: v=spf1 include:_spf.THEIRS -all`,
    code: "DNS_RECORD_WRONG",
  });
}

function judged(domain: string, terms: readonly Term[], lookups: number): Diagnosis {
  const all = terms.find(({ name }) => name === "all");
  const counted = `${lookups} of ${MOST_LOOKUPS} lookups`;
  if (all?.qualifier === "+") {
    return toFix("SPF", `the record of ${domain} ends in +all: every server may send for it`, {
      fix: "end it with -all or ~all",
      code: "DNS_RECORD_WRONG",
    });
  }
  const isOpen = !all && !terms.some(({ name }) => name === "redirect");
  if (isOpen || all?.qualifier === "?") {
    const end = isOpen ? "has no end" : "ends in ?all";
    return look(
      "SPF",
      `the record of ${domain} ${end}: it keeps no server out`,
      "end it with -all",
    );
  }
  const end = all ? `ends in ${all.qualifier}all` : "redirects";
  return ok("SPF", `${domain} ${end}, ${counted}`);
}

async function recordOf(domain: string, dns: Dns): Promise<Term[] | undefined> {
  const records = (await dns.txt(domain)).filter((text) => /^v=spf1(?: |$)/i.test(text));
  if (records.length > 1) {
    throw new VoidRecord(
      `${domain} has ${records.length} SPF records, so none is valid`,
      "combine them in one record, and remove the others",
    );
  }
  const [record] = records;
  return record
    ?.split(/ +/)
    .slice(1)
    .filter(Boolean)
    .map((word) => termOf(word, domain));
}

const MECHANISMS = new Set(["all", "include", "a", "mx", "ptr", "ip4", "ip6", "exists"]);

function termOf(word: string, domain: string): Term {
  const [, qualifier = "", name = "", sign = "", rest = ""] =
    /^([+?~-]?)([a-z][a-z0-9_.-]*)([:=/]?)(.*)$/i.exec(word) ?? [];
  const known = name.toLowerCase();
  const isModifier = sign === "=" && qualifier === "";
  if (!isModifier && !MECHANISMS.has(known)) {
    throw new VoidRecord(
      `the SPF record of ${domain} holds ${JSON.stringify(word.slice(0, 60))}, which is invalid, so the whole record is ignored`,
      "correct or remove that word",
    );
  }
  return { qualifier: qualifier || "+", name: known, domain: rest.split("/")[0] ?? "" };
}

const COUNTED = new Set(["include", "a", "mx", "ptr", "exists", "redirect"]);

/** The maximum number of lookups that a receiver makes, including those of included records. */
async function lookupsOf(terms: readonly Term[], dns: Dns, before: number): Promise<number> {
  let count = before;
  // RFC 7208 §6.1: with an `all`, a redirect is not followed.
  const isEnded = terms.some(({ name }) => name === "all");
  for (const { name, domain } of terms) {
    if (!COUNTED.has(name) || (name === "redirect" && isEnded)) continue;
    count += 1;
    if (count > MOST_LOOKUPS) throw tooMany();
    // A term that depends on the sender's address can't be followed here.
    const isFollowed = (name === "include" || name === "redirect") && !domain.includes("%");
    if (isFollowed) count = await lookupsOf(await taken(domain, dns), dns, count);
  }
  return count;
}

async function taken(domain: string, dns: Dns): Promise<Term[]> {
  const terms = await recordOf(domain, dns);
  if (terms) return terms;
  throw new VoidRecord(
    `the SPF record includes ${domain || "nothing"}, which has none, so the record is invalid`,
    "correct that name, or remove it from the record",
  );
}

function tooMany(): VoidRecord {
  return new VoidRecord(
    `the SPF record takes more than ${MOST_LOOKUPS} lookups, so it is invalid`,
    "remove the services that you no longer use: each include, a, mx, exists and redirect is one lookup, with those inside",
  );
}
