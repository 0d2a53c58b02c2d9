import { fold } from "../same-title.ts";
import { isThing, type Thing } from "./json-ld.ts";
import { plainValue } from "./plain-value.ts";
import type { Survey } from "./survey.ts";

/** What a page's site is called, as it says itself. */
export function siteName({ metas }: Survey, story: Thing | undefined): string | undefined {
  const publisher = story?.["publisher"];
  return [
    metas.get("og:site_name")?.[0],
    isThing(publisher) ? plainValue(publisher["name"]) : undefined,
    metas.get("application-name")?.[0],
    metas.get("apple-mobile-web-app-title")?.[0],
  ].find((name) => name !== undefined && name.length < 80 && !/^https?:/.test(name));
}

/** Whether a text is the name of the site: the one that it gives itself, or that of its address. */
export function isNameOfSite(text: string, site: string | undefined, host: string): boolean {
  const name = fold(text);
  if (name === "") return true;
  if (site !== undefined && name === fold(site)) return true;
  const joined = name.replaceAll(" ", "");
  const label = host
    .replace(/^www\./, "")
    .replace(/\.[a-z]{2,}$/, "")
    .replace(/[^\p{L}\p{N}]/gu, "");
  return (
    joined.length >= 4 &&
    (joined === label || joined === host.replace(/^www\./, "").replace(/[^\p{L}\p{N}]/gu, ""))
  );
}
