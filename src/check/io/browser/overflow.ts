import type { Page } from "playwright-core";
import { browserFinding } from "../../outside-rules.ts";
import type { Finding } from "../../finding.ts";

/** A folded phone, the smallest in use, and the most common. */
const PHONES_PX = [375, 320, 280];

interface Overflow {
  readonly screenPx: number;
  readonly pagePx: number;
  readonly selector: string;
  readonly shown: string;
}

/** What is wider than a phone's screen, found on the widest phone on which it is. */
export async function overflowFindings(page: Page): Promise<Finding[]> {
  const overflow = await widestOverflow(page);
  if (!overflow) return [];
  const severity = overflow.screenPx === PHONES_PX[0] ? "error" : "warning";
  return [browserFinding("overflow", { ...told(overflow), severity })];
}

/** The same where a client has dropped every `<style>`; the page has none afterwards. */
export async function unstyledOverflowFindings(page: Page): Promise<Finding[]> {
  await page.evaluate(() => {
    for (const sheet of document.querySelectorAll("style, link[rel=stylesheet]")) sheet.remove();
  });
  const overflow = await widestOverflow(page);
  if (!overflow) return [];
  const { message, where } = told(overflow);
  return [browserFinding("overflow-unstyled", { message: `without <style>, ${message}`, where })];
}

function told({ screenPx, pagePx, selector, shown }: Overflow) {
  const message = `on a screen of ${screenPx} px the page is ${pagePx} px wide, and readers have to move it sideways: ${shown} sticks out`;
  return { message, where: { selector } };
}

async function widestOverflow(page: Page): Promise<Overflow | undefined> {
  for (const screenPx of PHONES_PX) {
    await page.setViewportSize({ width: screenPx, height: 900 });
    const overflow = await measure(page);
    if (overflow) return { screenPx, ...overflow };
  }
  return undefined;
}

function measure(page: Page): Promise<Omit<Overflow, "screenPx"> | null> {
  return page.evaluate(() => {
    const root = document.documentElement;
    const pagePx = Math.max(root.scrollWidth, document.body.scrollWidth);
    // A pixel may be lost to rounding.
    if (pagePx <= root.clientWidth + 1) return null;
    const sticksOut = (element: Element) => {
      const { left, right, width, height } = element.getBoundingClientRect();
      if (width === 0 || height === 0) return false;
      return right > root.clientWidth + 1 || left < -1;
    };
    // The innermost of those that stick out is the one to mend; of several, the widest.
    const out = [...document.body.querySelectorAll("*")].filter(sticksOut);
    const innermost = out.filter((element) => ![...element.children].some(sticksOut));
    const widest = innermost
      .map((element) => ({ element, width: element.getBoundingClientRect().width }))
      .sort((a, b) => b.width - a.width)[0]?.element;
    const culprit = widest ?? document.body;
    const text = culprit.textContent?.replace(/\s+/g, " ").trim().slice(0, 40);
    const tag = `<${culprit.localName}>`;
    axe.setup(document.documentElement);
    const selector = axe.utils.getSelector(culprit);
    axe.teardown();
    return { pagePx, selector, shown: text ? `${tag} “${text}”` : tag };
  });
}
