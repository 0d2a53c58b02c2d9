import type { VIEW_RULES } from "../../outside-rules.ts";

/*
 * Visual faults that a designer sees at once but no style sheet shows. These functions run in the page, so they use nothing
 * from outside themselves.
 */

/** An element with a fault in a view. */
export interface Sight {
  readonly rule: (typeof VIEW_RULES)[number];
  /** The index of the element in the email, and its name. */
  readonly index: number;
  readonly name: string;
  /** The fault in words. */
  readonly says: string;
}

/**
 * Finds typographic faults: torn words, single last words and crowded lines. On request it also finds pictures with the
 * colour of their background, and a first headline that is too far down.
 */
export function lookIn({ isFirst, hasPictures }: Record<"isFirst" | "hasPictures", boolean>) {
  /** A smaller distance in px is a fault. For small print, half of its size is enough. */
  const NEAR_PX = 8;
  const NEAR_SHARE = 0.5;
  /** A shorter line is a mark or a border, not a separator. */
  const SHORTEST_RULE_PX = 100;
  /** The first screen of a phone. */
  const FOLD_PX = 900;

  interface Box {
    readonly left: number;
    readonly right: number;
    readonly top: number;
    readonly bottom: number;
  }
  interface Line {
    readonly element: Element;
    readonly text: string;
    readonly box: Box;
  }

  const all = [...document.querySelectorAll("*")];
  const places = new Map(all.map((element, index) => [element, index]));
  const sights: Sight[] = [];
  const report = (rule: Sight["rule"], element: Element, says: string) => {
    const [, kept] = /(?:^|\s)m_at(\d+)/.exec(element.getAttribute("class") ?? "") ?? [];
    const index = kept === undefined ? (places.get(element) ?? -1) : Number(kept);
    sights.push({ rule, index, name: element.localName, says });
  };
  const styles = new Map<Element, CSSStyleDeclaration>();
  const styleOf = (element: Element) => {
    const style = styles.get(element) ?? getComputedStyle(element);
    styles.set(element, style);
    return style;
  };
  const quoted = (text: string) => {
    const line = text.replace(/\s+/g, " ").trim();
    return `“${line.length > 48 ? `${line.slice(0, 47).trimEnd()}…` : line}”`;
  };

  const hidden = new Map<Element, boolean>();
  const isHidden = (element: Element): boolean => {
    const known = hidden.get(element);
    if (known !== undefined) return known;
    const { visibility, opacity, overflowX, overflowY } = styleOf(element);
    const { width, height } = element.getBoundingClientRect();
    const isClipped =
      (overflowX !== "visible" && width < 2) || (overflowY !== "visible" && height < 2);
    const isOwn = visibility !== "visible" || Number(opacity) < 0.1 || isClipped;
    const is = isOwn || (element.parentElement !== null && isHidden(element.parentElement));
    hidden.set(element, is);
    return is;
  };

  const boxesOf = (node: Node, start: number, end: number) => {
    const range = document.createRange();
    range.setStart(node, start);
    range.setEnd(node, end);
    return [...range.getClientRects()].filter(({ width, height }) => width > 0.5 && height > 0.5);
  };

  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const texts: { node: Text; element: Element; boxes: DOMRect[] }[] = [];
  while (walker.nextNode()) {
    const node = walker.currentNode;
    const element = node.parentElement;
    if (
      !(node instanceof Text) ||
      !element ||
      !/[\p{L}\p{N}]/u.test(node.data) ||
      isHidden(element)
    )
      continue;
    const boxes = boxesOf(node, 0, node.length).filter(
      ({ right, bottom }) => right > 0 && bottom + scrollY > 0,
    );
    if (boxes.length > 0) texts.push({ node, element, boxes });
  }

  const blockOf = (element: Element): Element => {
    let block = element;
    while (block.parentElement && styleOf(block).display.startsWith("inline"))
      block = block.parentElement;
    return block;
  };
  const roomIn = (block: Element) => {
    const { paddingLeft, paddingRight } = styleOf(block);
    return block.clientWidth - Number.parseFloat(paddingLeft) - Number.parseFloat(paddingRight);
  };

  /** A letter of a script with spaces between words. In other scripts, a line may break at any character. */
  const LETTER =
    /[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Arabic}\p{Script=Hebrew}\p{M}\p{Nd}]/u;
  const isAddress = (word: string) => /:\/\/|@|^www\.|\.\w{2,}\//.test(word);

  /** The position at which a word is torn; undefined if it is on one line, or has a hyphen at its break. */
  const tearIn = (node: Text, start: number, word: string): number | undefined => {
    let above: DOMRect | undefined;
    for (let at = 0; at < word.length; at++) {
      const box = boxesOf(node, start + at, start + at + 1).at(-1);
      if (!box) continue;
      const [before = "", here = ""] = [word[at - 1], word[at]];
      const isBroken = above && box.top - above.top > box.height / 2;
      const isInNumber = /[.,]/.test(before) && /\d/.test(here) && /\d/.test(word[at - 2] ?? "");
      if (isBroken && LETTER.test(here) && (LETTER.test(before) || isInNumber)) return at;
      above = box;
    }
    return undefined;
  };

  for (const { node, element, boxes } of texts) {
    if (boxes.length < 2) continue;
    const { fontSize, wordBreak, hyphens } = styleOf(element);
    if (hyphens === "auto") continue;
    const room = roomIn(blockOf(element));
    for (const { 0: word, index } of node.data.matchAll(/[^\s\u00AD\u200B]+/gu)) {
      // A letter is hardly wider than it is high.
      const mayBeTorn =
        wordBreak === "break-all" || word.length * Number.parseFloat(fontSize) > room;
      if (!mayBeTorn || isAddress(word)) continue;
      const at = tearIn(node, index, word);
      if (at === undefined) continue;
      report("word-torn", element, `${quoted(word)} is torn after ${quoted(word.slice(0, at))}`);
      break;
    }
  }

  const floating = [...document.images].filter((image) => styleOf(image).float !== "none");
  /** The available width of a line, which is smaller beside a picture. */
  const roomAt = (element: Element, { top, bottom }: DOMRect) => {
    const block = blockOf(element);
    const beside = floating.map((image) => {
      const box = image.getBoundingClientRect();
      const isBeside = box.top < bottom && box.bottom > top;
      return isBeside && block.parentElement?.contains(image) ? box.width : 0;
    });
    return roomIn(block) - Math.max(0, ...beside);
  };

  /** In a headline, a single word on the last line looks like a mistake. */
  const LONE_SHARE = 0.4;
  for (const heading of document.querySelectorAll("h1, h2, h3, h4, h5, h6, [role=heading]")) {
    const parts = texts.filter(({ element }) => heading.contains(element));
    const words = parts.flatMap(({ node }) =>
      [...node.data.matchAll(/[^\s]+/gu)].flatMap(({ 0: word, index }) => {
        const box = boxesOf(node, index, index + word.length).at(-1);
        return box ? [{ word, box }] : [];
      }),
    );
    const last = words.at(-1);
    const isLast = ({ box }: (typeof words)[number]) =>
      box.bottom > (last?.box.top ?? 0) + box.height / 2;
    if (!last || words.length < 4 || words.filter(isLast).length > 1) continue;
    if (last.box.width >= roomAt(heading, last.box) * LONE_SHARE) continue;
    report(
      "lone-word",
      heading,
      `${quoted(last.word)} stands alone on the last line of ${quoted(heading.textContent ?? "")}`,
    );
  }

  /** The part of a box that its ancestors do not cut off. */
  const shownOf = (box: Box, element: Element): Box => {
    let { left, right, top, bottom } = box;
    for (let at: Element | null = element; at && at !== document.body; at = at.parentElement) {
      const { overflowX, overflowY } = styleOf(at);
      if (overflowX === "visible" && overflowY === "visible") continue;
      const edge = at.getBoundingClientRect();
      [left, right] = [Math.max(left, edge.left), Math.min(right, edge.right)];
      [top, bottom] = [Math.max(top, edge.top), Math.min(bottom, edge.bottom)];
    }
    return { left, right, top, bottom };
  };
  /** The box of a line's letters, from the capital height to the baseline. A font's own box may be twice as high. */
  const lettersIn = ({ left, right, top, height }: DOMRect, element: Element): Box => {
    const size = Number.parseFloat(styleOf(element).fontSize);
    const standsOn = top + height * 0.79;
    return shownOf(
      { left, right, top: standsOn - size * 0.74, bottom: standsOn + size * 0.05 },
      element,
    );
  };
  const lines: Line[] = texts
    .flatMap(({ node, element, boxes }) =>
      boxes.map((box) => ({ element, text: node.data, box: lettersIn(box, element) })),
    )
    .filter(({ box }) => box.right - box.left > 2 && box.bottom - box.top > 2);
  const isNear = (apart: number, { element }: Line) =>
    apart < Math.min(NEAR_PX, Number.parseFloat(styleOf(element).fontSize) * NEAR_SHARE) - 0.5;
  const channelsOf = (colour: string) => (colour.match(/[\d.]+/g) ?? []).map(Number);
  const isClear = (colour: string) => channelsOf(colour)[3] === 0;
  const groundOf = (element: Element | null): string => {
    for (let at = element; at; at = at.parentElement) {
      const { backgroundColor } = styleOf(at);
      if (!isClear(backgroundColor)) return backgroundColor;
    }
    return "rgb(255, 255, 255)";
  };
  const isSeenOn = (colour: string, ground: string) => {
    const [one, other] = [channelsOf(colour), channelsOf(ground)];
    return (
      !isClear(colour) && [0, 1, 2].some((at) => Math.abs((one[at] ?? 0) - (other[at] ?? 0)) > 8)
    );
  };

  /** Separating lines: a border on one side, or a block as thin as one. */
  const rules = all.flatMap((element): Box[] => {
    const { left, right, top, bottom, width, height } = element.getBoundingClientRect();
    if (width < SHORTEST_RULE_PX || !document.body.contains(element) || isHidden(element))
      return [];
    const style = styleOf(element);
    if (style.display.startsWith("inline")) return [];
    const ground = groundOf(element.parentElement);
    const isThin = height > 0 && height <= 6;
    if (isThin && (element.localName === "hr" || isSeenOn(style.backgroundColor, ground)))
      return [{ left, right, top, bottom }];
    const [before = 0, after = 0, above = 0, below = 0] = [
      style.borderLeftWidth,
      style.borderRightWidth,
      style.borderTopWidth,
      style.borderBottomWidth,
    ].map((value) => Number.parseFloat(value));
    if (before > 0 || after > 0) return [];
    const borders = [
      { px: above, colour: style.borderTopColor, top, bottom: top + above },
      { px: below, colour: style.borderBottomColor, top: bottom - below, bottom },
    ];
    return borders
      .filter(({ px, colour }) => px > 0 && isSeenOn(colour, ground))
      .map((border) => ({ left, right, top: border.top, bottom: border.bottom }));
  });
  for (const rule of rules) {
    for (const line of lines) {
      const { element, text, box } = line;
      if (Math.min(box.right, rule.right) - Math.max(box.left, rule.left) < 1) continue;
      const apart = Math.max(box.top - rule.bottom, rule.top - box.bottom);
      if (!isNear(apart, line) || apart < box.top - box.bottom) continue;
      report(
        "crowded",
        element,
        `${quoted(text)} stands ${Math.max(0, Math.round(apart))} px from a rule`,
      );
    }
  }

  const cellOf = (element: Element) => element.closest("td, th");
  const sorted = lines.toSorted((a, b) => a.box.top - b.box.top);
  for (const [at, one] of sorted.entries()) {
    for (const other of sorted.slice(at + 1)) {
      if (other.box.top >= one.box.bottom) break;
      if (one.element === other.element) continue;
      const least = Math.min(one.box.bottom - one.box.top, other.box.bottom - other.box.top);
      const overlap = Math.min(one.box.bottom, other.box.bottom) - other.box.top;
      if (overlap < least * 0.4) continue;
      const apart =
        Math.max(one.box.left, other.box.left) - Math.min(one.box.right, other.box.right);
      const [cell, next] = [cellOf(one.element), cellOf(other.element)];
      const areApart = cell && next && !cell.contains(next) && !next.contains(cell);
      if (apart < -3 || (areApart && isNear(apart, one))) {
        const how = apart < -3 ? "lies on" : `stands ${Math.max(0, Math.round(apart))} px from`;
        report("crowded", other.element, `${quoted(other.text)} ${how} ${quoted(one.text)}`);
      }
    }
  }

  /** A picture is reduced to this many pixels in each direction for the check. */
  const SIZE = 96;
  /** A smaller picture is a tracking pixel or a spacer. */
  const SMALLEST_PX = 16;
  /** A lower contrast is invisible. */
  const LEAST_CONTRAST = 1.3;
  const light = (channels: readonly number[]) => {
    const [red = 0, green = 0, blue = 0] = channels.map((value) => {
      const share = value / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const contrast = (a: number, b: number) => (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  const isOnPicture = (element: Element | null): boolean => {
    if (!element) return false;
    const { backgroundColor, backgroundImage } = styleOf(element);
    if (backgroundImage !== "none") return true;
    return isClear(backgroundColor) && isOnPicture(element.parentElement);
  };
  for (const image of hasPictures ? document.images : []) {
    const { width, height } = image.getBoundingClientRect();
    if (image.naturalWidth < 2 || width < SMALLEST_PX || height < SMALLEST_PX) continue;
    const context = new OffscreenCanvas(SIZE, SIZE).getContext("2d");
    if (isOnPicture(image) || !context) continue;
    const ground = channelsOf(groundOf(image));
    context.drawImage(image, 0, 0, SIZE, SIZE);
    let pixels: Uint8ClampedArray;
    try {
      pixels = context.getImageData(0, 0, SIZE, SIZE).data;
    } catch {
      continue;
    }
    const under = light(ground.slice(0, 3));
    let [inked, seen] = [0, 0];
    for (let at = 0; at < pixels.length; at += 4) {
      const alpha = (pixels[at + 3] ?? 0) / 255;
      if (alpha < 0.1) continue;
      inked++;
      const shown = [0, 1, 2].map(
        (channel) => (pixels[at + channel] ?? 0) * alpha + (ground[channel] ?? 0) * (1 - alpha),
      );
      if (contrast(light(shown), under) >= LEAST_CONTRAST) seen++;
    }
    // A picture without any drawing is a spacer.
    const hasClearGround = inked < SIZE * SIZE * 0.95;
    if (inked === 0 || seen / inked >= (hasClearGround ? 0.15 : 0.01)) continue;
    const name = image.alt.trim() || image.src.replace(/^.*\//, "").slice(0, 40);
    report("picture-lost", image, `The picture “${name}” is lost on its ground`);
  }

  if (!isFirst) return sights;
  const anchor = document.querySelector("a[name=story-1]");
  const headings = [...document.querySelectorAll("h1, h2, h3")].filter((heading) => {
    const isAfter =
      anchor && (anchor.compareDocumentPosition(heading) & Node.DOCUMENT_POSITION_FOLLOWING) > 0;
    const isLarge =
      Number.parseFloat(styleOf(heading).fontSize) >= 24 &&
      (heading.textContent ?? "").trim().split(/\s+/).length > 2;
    return anchor ? isAfter : isLarge;
  });
  // A letter above the stories comes first on purpose.
  const [first] = document.querySelector(".t-letter") ? [] : headings;
  const top = first ? Math.round(first.getBoundingClientRect().top + scrollY) : 0;
  if (first && top > FOLD_PX)
    report(
      "hero-low",
      first,
      `${quoted(first.textContent ?? "")} begins ${top} px down, below the first screen of a phone`,
    );
  return sights;
}
