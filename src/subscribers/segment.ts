import { BroadsheetError, nearest } from "../errors.ts";
import { domainOf } from "./recipient.ts";
import { type SubscriberFacts, tagKey } from "./subscriber.ts";

/*
 * A segment selects subscribers, as in `tag:harbour and not (language:de or domain:post.example)`:
 *
 *     either = both { "or" both }
 *     both   = one { ["and"] one }          two conditions side by side must both hold
 *     one    = "not" one | "(" either ")" | field ":" value
 *     value  = a word | "words in quotes"
 */

/** Whether a subscriber is in the segment. */
export type Segment = (subscriber: SubscriberFacts) => boolean;

const FIELDS: Readonly<Record<string, (value: string) => Segment>> = {
  tag: (value) => {
    const wanted = tagKey(value);
    return ({ tags }) => tags.some((tag) => tagKey(tag) === wanted);
  },
  // "de" includes "de-AT" (RFC 4647 §3.3.1).
  language: (value) => {
    const wanted = value.toLowerCase();
    return ({ language = "" }) => {
      const has = language.toLowerCase();
      return has === wanted || has.startsWith(`${wanted}-`);
    };
  },
  domain: (value) => {
    const wanted = value.toLowerCase().replace(/^@/, "");
    return ({ address }) => domainOf(address) === wanted;
  },
};

/**
 * The segment of an expression.
 * @throws BroadsheetError USAGE, with the position of the fault.
 */
export function parseSegment(expression: string): Segment {
  const reader = new Reader(expression);
  const segment = either(reader);
  if (reader.next) throw reader.fault(`"${reader.next.text}" can't stand there`);
  return segment;
}

function either(reader: Reader): Segment {
  const left = both(reader);
  if (!reader.take("or")) return left;
  const right = either(reader);
  return (subscriber) => left(subscriber) || right(subscriber);
}

function both(reader: Reader): Segment {
  const left = one(reader);
  const isNamed = reader.take("and");
  const follows = reader.next !== undefined && reader.next.text !== ")" && !reader.isAt("or");
  if (!isNamed && !follows) return left;
  const right = both(reader);
  return (subscriber) => left(subscriber) && right(subscriber);
}

function one(reader: Reader): Segment {
  if (reader.take("not")) {
    const inner = one(reader);
    return (subscriber) => !inner(subscriber);
  }
  if (!reader.take("(")) return condition(reader);
  const inner = either(reader);
  if (!reader.take(")")) throw reader.fault("a ) is missing");
  return inner;
}

function condition(reader: Reader): Segment {
  const { field, value } = reader.condition();
  const make = Object.hasOwn(FIELDS, field) ? FIELDS[field] : undefined;
  const near = nearest(field, Object.keys(FIELDS));
  const fix = near ? `did you mean ${near}:${value}?` : FIX;
  if (!make) throw reader.fault(`there is no field "${field}"`, fix);
  reader.skip();
  return make(value);
}

const FIX =
  'write it like: tag:harbour and not (language:de or domain:post.example); "in quotes" with spaces';

interface Piece {
  readonly text: string;
  readonly at: number;
  readonly condition?: { readonly field: string; readonly value: string };
}

const PIECE = /\s*(?:([()])|([^\s():"]+):(?:"([^"]*)"|([^\s()"]+))|([^\s()]+))/y;

class Reader {
  readonly #expression: string;
  readonly #pieces: readonly Piece[];
  #index = 0;

  constructor(expression: string) {
    this.#expression = expression.trim();
    this.#pieces = piecesOf(this.#expression);
  }

  get next(): Piece | undefined {
    return this.#pieces[this.#index];
  }

  isAt(word: string): boolean {
    return this.next?.condition === undefined && this.next?.text.toLowerCase() === word;
  }

  take(word: string): boolean {
    if (!this.isAt(word)) return false;
    this.#index += 1;
    return true;
  }

  condition(): { readonly field: string; readonly value: string } {
    if (this.next?.condition) return this.next.condition;
    throw this.fault(this.next ? `"${this.next.text}" can't stand there` : "something is missing");
  }

  skip(): void {
    this.#index += 1;
  }

  fault(what: string, fix = FIX): BroadsheetError {
    const { at = this.#expression.length } = this.next ?? {};
    const place = this.#expression === "" ? "it is empty" : `${what}, at character ${at + 1}`;
    return new BroadsheetError("USAGE", `the segment can't be understood: ${place}`, { fix });
  }
}

function piecesOf(expression: string): Piece[] {
  const pieces: Piece[] = [];
  const pattern = new RegExp(PIECE);
  while (pattern.lastIndex < expression.length) {
    const start = pattern.lastIndex;
    const match = pattern.exec(expression);
    if (!match) return pieces;
    const [whole, bracket, field, quoted, word, other] = match;
    const at = start + whole.length - whole.trimStart().length;
    const text = bracket ?? other ?? whole.trim();
    const value = quoted ?? word;
    const isCondition = field !== undefined && value !== undefined;
    pieces.push(isCondition ? { text, at, condition: { field, value } } : { text, at });
  }
  return pieces;
}
