import { PX_IN } from "../../platform/css/values.ts";
import type { Declarations } from "./style-rules.ts";

/** The style of an element's text, as far as it decides whether readers see the text. */
export interface ComputedStyle {
  /** See `colourOf`; undefined where nothing was said. */
  readonly colour: string | undefined;
  /** Whether the markup gives this very text its colour, so that no other style sheet can have changed it. */
  readonly isOwnColour: boolean;
  /** As a colour; undefined where the page says nothing of it, which is white in browsers. */
  readonly background: string | undefined;
  /** A font size too small to read. */
  readonly smallSize: string | undefined;
  readonly isInvisible: boolean;
}

export const INITIAL_STYLE: ComputedStyle = {
  colour: undefined,
  isOwnColour: false,
  background: undefined,
  smallSize: undefined,
  isInvisible: false,
};

/** An element with what is declared for it. */
export interface Styled {
  readonly tag: string;
  readonly style: Declarations;
  readonly attributes: ReadonlyMap<string, string>;
  /** Whether there may be style sheets that are not in the markup. */
  readonly isStyledElsewhere: boolean;
}

/** What hides text of this style; undefined where it is shown. */
export function hidesText(style: ComputedStyle): Hiding | undefined {
  if (style.isInvisible) return forNow("visibility: hidden");
  if (style.smallSize !== undefined) return hidden(`font-size: ${style.smallSize}`);
  if (style.colour === "transparent") return hidden("transparent");
  const { colour, background } = style;
  if (colour === undefined || colour === UNKNOWN || background === UNKNOWN) return undefined;
  if (background !== undefined) {
    return isSameColour(colour, background) ? hidden("in the colour of its background") : undefined;
  }
  const isWhite = style.isOwnColour && isSameColour(colour, WHITE);
  return isWhite ? forNow("in the colour of its background") : undefined;
}

/** What hides text or an element. */
export interface Hiding {
  readonly cause: string;
  /** Whether pages do so while they load, too, or the background is a guess: what it hides may be shown. */
  readonly mayBeForNow: boolean;
}

function hidden(cause: string): Hiding {
  return { cause, mayBeForNow: false };
}

function forNow(cause: string): Hiding {
  return { cause, mayBeForNow: true };
}

/** The style in an element, of the style around it. */
export function computeStyle(outer: ComputedStyle, styled: Styled): ComputedStyle {
  const { tag, style, attributes } = styled;
  const isPlain = style.size === 0 && !SAYS_COLOUR.some((name) => attributes.has(name));
  if (isPlain && outer.colour === undefined) {
    const background = backgroundInside(outer.background, styled);
    return background === outer.background ? outer : { ...outer, background };
  }
  const visibility = style.get("visibility") ?? "inherit";
  return {
    ...colourInside(outer, styled),
    background: backgroundInside(outer.background, styled),
    smallSize: smallSizeInside(outer.smallSize, style),
    // Only a page that waits for its scripts is invisible as a whole.
    isInvisible:
      visibility === "inherit"
        ? outer.isInvisible
        : tag !== "body" && /^(?:hidden|collapse)$/.test(visibility),
  };
}

// Attributes from before there were styles.
const SAYS_COLOUR = ["bgcolor", "background", "color", "text"];

// Formatting inside of a line, which style sheets give no colour of its own.
const INLINE = /^(?:span|font|b|i|em|strong|u|small|sub|sup|s|del|ins|ruby|rb)$/;

function colourInside(
  outer: ComputedStyle,
  styled: Styled,
): Pick<ComputedStyle, "colour" | "isOwnColour"> {
  const { tag, style, attributes, isStyledElsewhere } = styled;
  // Letters filled with a picture, and blurred ones.
  const isClipped =
    style.has("-webkit-text-fill-color") ||
    /text|var\(/.test(`${style.get("background-clip")} ${style.get("-webkit-background-clip")}`) ||
    (style.get("text-shadow") ?? "none") !== "none";
  if (isClipped) return { colour: UNKNOWN, isOwnColour: true };
  const said = style.get("color") ?? ofAttribute(tag, attributes);
  if (said !== undefined && !/^(?:inherit|currentcolor|unset)$/.test(said)) {
    return { colour: colourOf(said), isOwnColour: true };
  }
  // Links have a colour of their own.
  if (tag === "a" && said === undefined) return { colour: undefined, isOwnColour: false };
  const isOwnColour = outer.isOwnColour && (INLINE.test(tag) || !isStyledElsewhere);
  return { colour: outer.colour, isOwnColour };
}

function ofAttribute(tag: string, attributes: ReadonlyMap<string, string>): string | undefined {
  if (tag === "font") return attributes.get("color");
  return tag === "body" ? attributes.get("text") : undefined;
}

// They hold the page or the story, so their background is that of the text which is shown.
const WHOLE_PAGE = /^(?:html|body|main|article)$/;

function backgroundInside(outer: string | undefined, styled: Styled): string | undefined {
  const { tag, style, attributes, isStyledElsewhere } = styled;
  const said =
    style.get("background-color") ?? style.get("background") ?? attributes.get("bgcolor");
  const picture = style.get("background-image");
  if (/inset|var\(/.test(style.get("box-shadow") ?? "")) return UNKNOWN;
  if ((picture !== undefined && picture !== "none") || attributes.has("background")) return UNKNOWN;
  if (said === undefined || /^(?:none|inherit|initial|unset|transparent)$/.test(said)) {
    const label = `${attributes.get("class")} ${attributes.get("data-theme")}`;
    if (WHOLE_PAGE.test(tag)) return /dark|night/i.test(label) ? UNKNOWN : outer;
    const isNamed = attributes.has("class") || attributes.has("id");
    return isNamed && isStyledElsewhere ? UNKNOWN : outer;
  }
  return backgroundOf(said);
}

function backgroundOf(value: string): string {
  if (/url\(|gradient\(|var\(/.test(value)) return UNKNOWN;
  const colour = /#[\da-f]{3,8}\b|rgba?\([^)]*\)/.exec(value)?.[0] ?? value.split(/\s+/)[0] ?? "";
  const known = colourOf(colour);
  return known === "transparent" ? UNKNOWN : known;
}

const UNKNOWN = "unknown";
const WHITE = "255,255,255";

/** A colour as "r,g,b", "transparent", the name that it has, or "unknown". */
function colourOf(value: string): string {
  const text = value.trim().toLowerCase();
  const hex = /^#?([\da-f]{3,4}|[\da-f]{6}|[\da-f]{8})$/.exec(text)?.[1];
  if (hex !== undefined) {
    const digits = hex.length < 5 ? hex.replace(/./g, "$&$&") : hex;
    const [r = 0, g = 0, b = 0, alpha = 255] = (digits.match(/../g) ?? []).map((pair) =>
      Number.parseInt(pair, 16),
    );
    return alpha < 6 ? "transparent" : `${r},${g},${b}`;
  }
  const [, parts = ""] = /^rgba?\(([^)]*)\)$/.exec(text) ?? [];
  if (parts !== "") {
    const [r, g, b, alpha = 1] = parts
      .split(/[\s,/]+/)
      .filter(Boolean)
      .map(Number.parseFloat);
    if (alpha < 0.03) return "transparent";
    return [r, g, b].some((part) => part === undefined || Number.isNaN(part)) || text.includes("%")
      ? UNKNOWN
      : `${r},${g},${b}`;
  }
  if (text === "white") return WHITE;
  if (text === "black") return "0,0,0";
  return /^[a-z]+$/.test(text) ? text : UNKNOWN;
}

// No reader can tell colours apart that are this close.
const LEAST_STEP = 8;

function isSameColour(a: string, b: string): boolean {
  if (a === b) return true;
  const [left, right] = [a.split(",").map(Number), b.split(",").map(Number)];
  return (
    left.length === 3 &&
    right.length === 3 &&
    left.every((part, index) => Math.abs(part - (right[index] ?? Infinity)) <= LEAST_STEP)
  );
}

const SMALLEST_PX = 2;

function smallSizeInside(outer: string | undefined, style: Declarations): string | undefined {
  const size = style.get("font-size") ?? sizeInFont(style.get("font"));
  if (size === undefined || size === "inherit") return outer;
  const isRelative = /(?:em|%)$/.test(size) && !size.endsWith("rem");
  const px = pxOf(size);
  if (px === undefined) return undefined;
  if (px === 0) return "0";
  if (isRelative) return px < SMALLEST_PX ? size : outer;
  return px < SMALLEST_PX ? size : undefined;
}

// "0/0 a", "bold 1px/1 serif"
function sizeInFont(font = ""): string | undefined {
  return /(?:^|\s)(-?\d*\.?\d+(?:px|pt|r?em|%)?)(?=\s*\/|\s)/.exec(font)?.[1];
}

/** Those of characters and screens in an ordinary size, too. */
const ABOUT_PX_IN: ReadonlyMap<string, number> = new Map([
  ...PX_IN,
  ["", 1],
  ["em", 16],
  ["rem", 16],
  ["ex", 8],
  ["ch", 8],
  ["%", 0.16],
  ["vw", 10],
  ["vh", 10],
]);

/** A length in pixels, one of characters in an ordinary size; undefined for what is none. */
function pxOf(value: string | undefined): number | undefined {
  const [, number, unit = ""] = /^(-?\d*\.?\d+)([a-z%]*)$/.exec(value ?? "") ?? [];
  const px = ABOUT_PX_IN.get(unit);
  return number === undefined || px === undefined ? undefined : Number(number) * px;
}

/** What hides an element with all that is in it, however that is styled; undefined where it is shown. */
export function hidesElement({
  style,
  attributes,
}: Pick<Styled, "style" | "attributes">): Hiding | undefined {
  if (attributes.has("hidden")) return forNow("hidden");
  if (isForScreenReaders(attributes.get("class"))) return hidden("for screen readers");
  if (style.size === 0) return undefined;
  if (style.get("display") === "none") return forNow("display: none");
  const entering = isEntering(style, attributes);
  const opacity = Number.parseFloat(style.get("opacity") ?? "1");
  if (opacity < 0.03 && !entering && !style.has("transform")) return forNow("opacity: 0");
  if (isOffScreen(style)) return forNow("off screen");
  if (isClippedAway(style)) return hidden("clipped to nothing");
  const isScaledAway =
    style.get("zoom") === "0" ||
    /\bscale(?:3d|x|y)?\(\s*0*\.?0+\s*[,)]/.test(style.get("transform") ?? "");
  return (isScaledAway || hasNoSize(style)) && !entering ? forNow("no size") : undefined;
}

const FOR_SCREEN_READERS =
  /(?:^|\s)(?:sr-only|screen-reader(?:-text|-only)?|visually-?hidden|u-visually-hidden|is-visually-hidden|a11y-hidden|element-invisible|show-for-sr)(?:\s|$)/;

function isForScreenReaders(classes = ""): boolean {
  return FOR_SCREEN_READERS.test(classes);
}

const BY_SCRIPT = /^data-(?:aos|w-id|sal|scroll|animat|framer|reveal|gsap|motion)/;
const ENTERS = /(?:^|[\s_-])(?:wow|aos|animated?|fade|reveal|lazy\w*|scroll)(?:[\s_-]|$)/;

// An element that moves or fades in when a reader scrolls to it is not shown before.
function isEntering(style: Declarations, attributes: ReadonlyMap<string, string>): boolean {
  return (
    ["transition", "animation", "animation-name", "will-change"].some(
      (property) => !/^(?:none)?$/.test(style.get(property) ?? ""),
    ) ||
    [...attributes.keys()].some((name) => BY_SCRIPT.test(name)) ||
    ENTERS.test(attributes.get("class") ?? "")
  );
}

const FAR_PX = 999;
const FARTHEST_PX = 5000;

function isFar(value: string | undefined): boolean {
  const px = pxOf(value) ?? 0;
  return px <= -FAR_PX || px >= FARTHEST_PX;
}

function isOffScreen(style: Declarations): boolean {
  const isPlaced = /^(?:absolute|fixed|relative)$/.test(style.get("position") ?? "");
  const places = ["left", "top", "right", "bottom"].map((side) => style.get(side));
  if (isPlaced && places.some(isFar)) return true;
  const shifts = ["text-indent", "margin-left", "margin-top"].map((side) => style.get(side));
  const [, moved] =
    /\btranslate(?:3d|x|y)?\(\s*(-?[\d.]+[a-z]*)/.exec(style.get("transform") ?? "") ?? [];
  return [...shifts, moved].some(isFar);
}

const CLIPPED =
  /^rect\(\s*(-?[\d.]+)(?:px)?(?:[\s,]+\1(?:px)?){3}\s*\)$|^inset\(\s*(?:[5-9]\d|1\d\d)%|^circle\(\s*0|^polygon\(\s*0[^,]*(?:,\s*0[a-z%]*\s+0[a-z%]*\s*)+\)$/;

function isClippedAway(style: Declarations): boolean {
  return ["clip", "clip-path"].some((property) => CLIPPED.test(style.get(property) ?? ""));
}

// A box without height that hides what overflows, save for one that keeps a picture's proportions by its padding.
function hasNoSize(style: Declarations): boolean {
  const overflow = ["overflow", "overflow-x", "overflow-y"].map((name) => style.get(name) ?? "");
  if (!overflow.some((value) => /hidden|clip/.test(value))) return false;
  const isPadded = ["padding", "padding-top", "padding-bottom"].some((name) =>
    /[1-9]|var\(/.test(style.get(name) ?? ""),
  );
  if (isPadded) return false;
  return ["height", "max-height", "width", "max-width"].some((name) => {
    const px = pxOf(style.get(name));
    return px !== undefined && px >= 0 && px <= 1 && !/%|em|v[wh]$/.test(style.get(name) ?? "");
  });
}
