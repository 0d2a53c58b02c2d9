import { FetchSession, type SessionOptions } from "./fetch-session.ts";
import type { FetchOutcome, Role } from "./fetch-outcome.ts";

/**
 * What one address of the web gives, or what is in the way and what to do about it. Several
 * addresses are better fetched in one `FetchSession`, where a host is asked for one at a time.
 */
export async function fetchSource(
  address: string,
  { as, ...options }: SessionOptions & { readonly as: Role },
): Promise<FetchOutcome> {
  const session = new FetchSession(options);
  try {
    return await session.fetch(address, as);
  } finally {
    await session.close();
  }
}
