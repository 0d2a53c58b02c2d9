import { get } from "node:https";
import type { LookupFunction } from "node:net";
import { text } from "node:stream/consumers";
import { BroadsheetError } from "../../errors.ts";
import type { Sns } from "../ports.ts";

const TIMEOUT_MS = 5_000;
/** The most certificates in the cache. SNS changes them about once a year, and each region has its own. */
const MOST_KEPT = 20;

/** The place of the servers of SNS. Tests run them on this machine. */
interface HostPlace {
  readonly port?: number;
  readonly lookup?: LookupFunction;
  /** The certificate, in PEM, of an authority that is trusted instead of the usual ones. */
  readonly ca?: string;
}

/** The servers of Amazon SNS. They provide certificates, and confirm subscriptions. */
export class SnsHost implements Sns {
  readonly #place: HostPlace;
  readonly #certificates = new Map<string, string>();

  constructor(place: HostPlace = {}) {
    this.#place = place;
  }

  /** @throws BroadsheetError FETCH_DEFERRED. */
  async certificate(url: URL): Promise<string> {
    const kept = this.#certificates.get(url.href);
    if (kept !== undefined) return kept;
    const certificate = await this.#get(url);
    if (this.#certificates.size >= MOST_KEPT) this.#certificates.clear();
    this.#certificates.set(url.href, certificate);
    return certificate;
  }

  /** @throws BroadsheetError FETCH_DEFERRED. */
  async confirm(url: URL): Promise<void> {
    await this.#get(url);
  }

  async #get(url: URL): Promise<string> {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    try {
      return await new Promise<string>((resolve, reject) => {
        const request = get(url, { ...this.#place, signal, agent: false }, (answer) => {
          if (answer.statusCode === 200) text(answer).then(resolve, reject);
          else reject(new Error(`it answers ${answer.statusCode}`));
        });
        request.on("error", reject);
      });
    } catch (cause) {
      throw new BroadsheetError("FETCH_DEFERRED", `${url.hostname} gave no valid answer of SNS`, {
        fix: "nothing was changed; SNS reports again by itself",
        cause,
      });
    }
  }
}
