import type { Clock } from "../../platform/clock.ts";
import type { Store } from "../../platform/database.ts";
import type { Audience } from "../../subscribers/io/audience.ts";
import type { Keyring } from "../../subscribers/tokens.ts";

/** The context of a write. */
export interface OpenList {
  readonly store: Store;
  readonly audience: Audience;
  readonly clock: Clock;
  readonly keyring: Keyring;
}

/** A store that is only read. */
export interface StoreReader {
  store(): Promise<Store>;
  close(): Promise<void>;
}
