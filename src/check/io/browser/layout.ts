import type { Page, Browser } from "playwright-core";
import { browserFinding } from "../../outside-findings.ts";
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
  return [browserFinding("overflow", { ...described(overflow), severity })];
}

/** The same where a client has dropped every `<style>`; the page has none afterwards. */
export async function unstyledOverflowFindings(page: Page): Promise<Finding[]> {
  await page.evaluate(() => {
    for (const sheet of document.querySelectorAll("style, link[rel=stylesheet]")) sheet.remove();
  });
  const overflow = await widestOverflow(page);
  if (!overflow) return [];
  const { message, where } = described(overflow);
  return [browserFinding("overflow-unstyled", { message: `without <style>, ${message}`, where })];
}

function described({ screenPx, pagePx, selector, shown }: Overflow) {
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

/** If an email has its own dark colours, at least this share of the page changes. */
const DARK_SHARE = 0.05;

/** Wider than any sheet, so that what is outside it is seen. */
const DESKTOP = { width: 1024, height: 900 };

/**
 * Whether the page outside the sheet turns dark with it: pixels are asked, since a tool that reads styles
 * cannot see what is painted where nothing says how. An email without dark colours is left alone.
 */
export async function darkPageFindings(browser: Browser, page: Page): Promise<Finding[]> {
  await page.setViewportSize(DESKTOP);
  await page.emulateMedia({ colorScheme: "light" });
  const light = await page.screenshot();
  await page.emulateMedia({ colorScheme: "dark" });
  const dark = await page.screenshot();
  // An email without dark colours looks the same to the byte, and is the usual case.
  if (light.equals(dark)) return [];
  const { changed, lit } = await compare(browser, light, dark);
  if (changed < DARK_SHARE || lit === null) return [];
  const message = `in the dark the sheet is dark, and the page around it stays ${lit}`;
  return [browserFinding("dark-page", { message, where: { selector: "body" } })];
}

/**
 * The share of pixels that are dark only in the second picture, and the colour of a corner that is not
 * dark there. The browser itself reads its pictures, in a page of its own.
 */
async function compare(
  browser: Browser,
  light: Buffer,
  dark: Buffer,
): Promise<{ changed: number; lit: string | null }> {
  await using page = await browser.newPage();
  return await page.evaluate(
    async (pictures) => {
      const pixelsOf = async (base64: string) => {
        const image = new Image();
        image.src = `data:image/png;base64,${base64}`;
        await image.decode();
        const context = new OffscreenCanvas(image.width, image.height).getContext("2d");
        context?.drawImage(image, 0, 0);
        return context?.getImageData(0, 0, image.width, image.height);
      };
      const [before, after] = await Promise.all(pictures.map(pixelsOf));
      if (!before || !after) return { changed: 0, lit: null };
      const { width, height } = after;
      const at = ({ data }: ImageData, index: number) =>
        [0, 1, 2].map((channel) => data[index * 4 + channel] ?? 0);
      const isDark = (colour: readonly number[]) => Math.max(...colour) < 100;
      let changed = 0;
      for (let index = 0; index < width * height; index++) {
        if (isDark(at(after, index)) && !isDark(at(before, index))) changed++;
      }
      const corners = [
        [2, 2],
        [width - 3, 2],
        [2, height - 3],
        [width - 3, height - 3],
      ].map(([x = 0, y = 0]) => at(after, y * width + x));
      const lit = corners.find((colour) => !isDark(colour));
      const hex = lit?.map((value) => value.toString(16).padStart(2, "0")).join("");
      return { changed: changed / (width * height), lit: hex ? `#${hex.toUpperCase()}` : null };
    },
    [light.toString("base64"), dark.toString("base64")],
  );
}
