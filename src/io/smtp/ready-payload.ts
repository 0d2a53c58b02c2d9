import { Readable, Transform } from "node:stream";

/**
 * A finished message as nodemailer takes it. nodemailer looks at every byte for dots to double and line
 * ends to mend (RFC 5321 §4.5.2), which is half of what sending costs. Ours never need it, so they are
 * pushed past its filter, which then adds the end; a message that has such a dot goes through it.
 */
export class ReadyPayload extends Readable {
  readonly #raw: Buffer;
  /** Whether it was asked for: the server has said 354, which is when doubt begins. */
  hasBegun = false;

  constructor(raw: Buffer) {
    super();
    this.#raw = raw;
  }

  override pipe<Filter extends NodeJS.WritableStream>(filter: Filter): Filter {
    if (!(filter instanceof Transform) || needsDots(this.#raw)) return super.pipe(filter);
    this.hasBegun = true;
    // Without its last line end, which the filter writes before the final dot.
    filter.push(this.#raw.subarray(0, -2));
    filter.end();
    return filter;
  }

  override _read(): void {
    this.hasBegun = true;
    this.push(this.#raw);
    this.push(null);
  }
}

function needsDots(raw: Buffer): boolean {
  return raw[0] === 0x2e || raw.includes("\n.") || raw.subarray(-2).toString("latin1") !== "\r\n";
}
