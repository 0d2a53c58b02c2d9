import type { Page, Browser } from "playwright-core";
import { browserFinding } from "../../outside-findings.ts";
import type { Finding } from "../../finding.ts";

/** A folded phone, the smallest current phone, and the most common one. */
const PHONES_PX = [375, 320, 280];

interface Overflow {
  readonly screenPx: number;
  readonly pagePx: number;
  readonly selector: string;
  readonly shown: string;
}

/** Finds elements that are wider than a phone's screen, and reports the widest affected phone. */
export async function overflowFindings(page: Page): Promise<Finding[]> {
  const overflow = await widestOverflow(page);
  if (!overflow) return [];
  const severity = overflow.screenPx === PHONES_PX[0] ? "error" : "warning";
  return [browserFinding("overflow", { ...described(overflow), severity })];
}

/** Finds elements that are too wide in clients that remove every `<style>`. It removes them from the page. */
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
    // One pixel may be lost by rounding.
    if (pagePx <= root.clientWidth + 1) return null;
    const sticksOut = (element: Element) => {
      const { left, right, width, height } = element.getBoundingClientRect();
      if (width === 0 || height === 0) return false;
      return right > root.clientWidth + 1 || left < -1;
    };
    // The innermost element that is too wide needs the fix. If there are several, the widest one.
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

/** The size that a finger needs (WCAG 2.2 §2.5.5, the guidelines of Apple and Microsoft). */
const FINGER_PX = 44;

/**
 * Finds buttons and separate links that are too small for a finger on a phone, unless a larger link leads to the same target.
 * A headline may be only as high as its line if a link below it leads to the same story (§2.5.5, "Equivalent").
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

    /** Whether the link is inside a sentence. WCAG exempts such links, because the line determines their height. */
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
    // Half a pixel may be lost by rounding.
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

/** An email with dark colours of its own changes at least this share of the page. */
const DARK_SHARE = 0.05;

/** Wider than any email, so that the page around it is visible. */
const DESKTOP = { width: 1024, height: 900 };

/**
 * Checks whether the page around the email is dark in dark mode too. It compares pixels, because a background without any
 * style is not visible in computed styles. An email without dark colours is ignored.
 */
export async function darkPageFindings(browser: Browser, page: Page): Promise<Finding[]> {
  await page.setViewportSize(DESKTOP);
  await page.emulateMedia({ colorScheme: "light" });
  const light = await page.screenshot();
  await page.emulateMedia({ colorScheme: "dark" });
  const dark = await page.screenshot();
  // An email without dark colours, the usual case, looks exactly the same.
  if (light.equals(dark)) return [];
  const { changed, lit } = await compare(browser, light, dark);
  if (changed < DARK_SHARE || lit === null) return [];
  const message = `in dark mode the sheet is dark, and the page around it stays ${lit}`;
  return [browserFinding("dark-page", { message, where: { selector: "body" } })];
}

/**
 * Returns the share of pixels that are dark only in the second picture, and the colour of a corner that is not dark there.
 * The browser decodes the pictures in a separate page.
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
