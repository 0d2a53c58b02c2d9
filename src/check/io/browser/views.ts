import type { Page } from "playwright-core";
import { lookIn, type Sight } from "./sights.ts";
import { type EmailPage, ORIGIN } from "./open-email.ts";
import type { CheckInput, Fault } from "../../rule.ts";
import { findingOf } from "../../check-email.ts";
import { BROWSER_RULES } from "../../outside-rules.ts";
import type { Finding } from "../../finding.ts";
import type { MailElement } from "../../html-document.ts";
import { browserCode } from "../../../platform/browser-code.ts";

/** The most common phone comes first, because a finding names the first view with the fault. */
const WIDTHS_PX = [375, 320, 600];

/** A sight and its views. */
interface Seen extends Sight {
  readonly views: string[];
}

/**
 * Finds visual faults in every view: light, dark, in webmail, without styles and without pictures. Each element is reported
 * once, with the views in which it has the fault. The page is loaded anew.
 */
export async function viewFindings(
  { page, load }: EmailPage,
  html: string,
  { folder, input }: { readonly folder?: string | undefined; readonly input: CheckInput },
): Promise<Finding[]> {
  const views = new Views();
  await page.emulateMedia({ colorScheme: "light" });
  await load(html, folder);
  const hasPictures = await page.evaluate(() =>
    [...document.images].some(({ naturalWidth }) => naturalWidth > 1),
  );
  await views.look("light", page);
  await page.emulateMedia({ colorScheme: "dark" });
  await views.look("dark", page);
  await page.emulateMedia({ colorScheme: "light" });
  await load(await inWebmail(page), folder);
  await views.look("webmail", page);
  await load(html, folder);
  // The style elements are disabled and not removed, so that each element keeps its index.
  await page.evaluate(() => {
    for (const sheet of document.styleSheets) sheet.disabled = true;
  });
  await views.look("without styles", page);
  // An email whose pictures are missing has already been checked without them.
  if (hasPictures) {
    await load(html);
    await views.look("without pictures", page);
  }
  return views.findings(input);
}

/** The email as webmail shows it. Classes stay and identify each element of the original. */
async function inWebmail(page: Page): Promise<string> {
  const html = await page.evaluate((origin) => {
    const copy = document.documentElement.cloneNode(true);
    if (!(copy instanceof Element)) return "";
    for (const [index, element] of [copy, ...copy.querySelectorAll("*")].entries()) {
      element.classList.add(`at${index}`);
      const src = element.getAttribute("src") ?? "";
      if (src.startsWith("images/")) element.setAttribute("src", `${origin}${src}`);
    }
    return copy.outerHTML;
  }, ORIGIN);
  return page.evaluate(
    `${browserCode("platform/css/webmail.js")}.asInWebmail(${JSON.stringify(html)})`,
  );
}

/** The sights found so far. */
class Views {
  readonly #seen = new Map<string, Seen>();

  async look(view: string, page: Page): Promise<void> {
    for (const widthPx of WIDTHS_PX) {
      await page.setViewportSize({ width: widthPx, height: 900 });
      const isFirst = view === "light" && widthPx === 375;
      const hasPictures = widthPx === 375;
      for (const sight of await page.evaluate(lookIn, { isFirst, hasPictures }))
        this.#add(sight, view === "light" ? `${widthPx} px` : `${view}, ${widthPx} px`);
    }
  }

  #add(sight: Sight, view: string): void {
    const key = `${sight.rule} ${sight.index}`;
    const known = this.#seen.get(key);
    if (known) known.views.push(view);
    else this.#seen.set(key, { ...sight, views: [view] });
  }

  /** Makes one finding per rule and story, and one for places outside stories. */
  findings(input: CheckInput): Finding[] {
    const elements = input.html?.elements ?? [];
    const placed = [...this.#seen.values()].map((seen) => {
      const element = elements[seen.index];
      const known = element?.name === seen.name ? element : undefined;
      const story = known && input.content?.storyAt(known)?.id;
      return { seen, element: known, story };
    });
    const open = placed.filter(({ story = "" }) => !input.content?.accepted?.has(story));
    const groups = Map.groupBy(open, ({ seen, story }) => `${seen.rule} ${story ?? ""}`);
    return [...groups.values()].flatMap((group) => {
      const [first] = group;
      if (!first) return [];
      const at = group.flatMap(({ element }): MailElement[] => (element ? [element] : []));
      const { rule, says, views } = first.seen;
      const fault: Fault = { message: `${says} (${viewsOf(views)})`, at };
      return [findingOf({ id: rule, ...BROWSER_RULES[rule] }, fault, input)];
    });
  }
}

function viewsOf([first = "", ...others]: readonly string[]): string {
  if (others.length === 0) return first;
  return `${first}, and ${others.length === 1 ? "one more view" : `${others.length} more views`}`;
}
