import type { Page } from "playwright-core";
import { browserFinding } from "../../outside-rules.ts";
import type { Finding } from "../../finding.ts";

/** What a finger needs (WCAG 2.2 §2.5.5, Apple's and Microsoft's guidelines). */
const FINGER_PX = 44;

/**
 * Buttons and links that stand alone, on a phone, that a finger misses, and that no larger link leads to: a
 * headline may be as low as its line where a link below it goes to the same story (§2.5.5, "Equivalent").
 */
export async function tapTargetFindings(page: Page): Promise<Finding[]> {
  await page.setViewportSize({ width: 375, height: 900 });
  const small = await smallTargets(page);
  const [smallest] = small;
  if (!smallest) return [];
  const more = small.length - 1;
  const others = more === 0 ? "" : more === 1 ? "; so does one more" : `; so do ${more} more`;
  const message = `“${smallest.text}” is ${smallest.heightPx} px high, and a finger needs ${FINGER_PX}${others}`;
  return [browserFinding("tap-target", { message, where: { selector: smallest.selector } })];
}

interface Target {
  readonly selector: string;
  readonly text: string;
  readonly heightPx: number;
}

function smallTargets(page: Page): Promise<Target[]> {
  return page.evaluate((finger) => {
    const wordsOf = (text: string | null) => text?.replace(/[\s|·•‧–—/,،、:]+/g, "") ?? "";

    /** Whether a line of text has the link in it, which WCAG excepts: then the line sets its height. */
    const isInSentence = (link: Element) => {
      if (getComputedStyle(link).display !== "inline") return false;
      let block = link.parentElement;
      while (block && getComputedStyle(block).display.startsWith("inline"))
        block = block.parentElement;
      const links = [...(block?.querySelectorAll("a") ?? [])].map((a) => wordsOf(a.textContent));
      return wordsOf(block?.textContent ?? "").length > links.join("").length;
    };
    const heightOf = (link: Element) => {
      const boxes = [link, ...link.querySelectorAll("*")]
        .map((element) => element.getBoundingClientRect())
        .filter(({ width, height }) => width > 0 && height > 0);
      if (boxes.length === 0) return Infinity;
      const top = Math.min(...boxes.map((box) => box.top));
      return Math.max(...boxes.map((box) => box.bottom)) - top;
    };
    const nameOf = (link: Element) =>
      link.textContent?.trim() || link.querySelector("img")?.alt || link.getAttribute("href") || "";

    axe.setup(document.documentElement);
    const targets = [...document.querySelectorAll("a[href], button")]
      .filter((link) => !isInSentence(link))
      .map((link) => ({ link, href: link.getAttribute("href"), height: heightOf(link) }))
      .filter(({ height }) => height < Infinity);
    // Half a pixel is lost to rounding.
    const isLow = ({ height }: { height: number }) => height < finger - 0.5;
    const reached = new Set(targets.filter((target) => !isLow(target)).map(({ href }) => href));
    const small = targets
      .filter((target) => isLow(target) && (target.href === null || !reached.has(target.href)))
      .sort((a, b) => a.height - b.height)
      .map(({ link, height }) => ({
        selector: axe.utils.getSelector(link),
        text: nameOf(link).replace(/\s+/g, " ").slice(0, 40),
        heightPx: Math.round(height),
      }));
    axe.teardown();
    return small;
  }, FINGER_PX);
}
