import { shownUrl } from "../../platform/http/web-address.ts";
import { isOnTheWeb } from "../io/read-sources.ts";

/** A source as people are told of it: an address may hold a key to somebody's own feed. */
export function sourceName(name: string): string {
  const url = isOnTheWeb(name) ? URL.parse(name) : undefined;
  return url ? shownUrl(url) : name;
}
