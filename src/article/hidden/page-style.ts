import { type Declared, type View } from "../../platform/css/cascade.ts";
import type { StyledElement } from "../../platform/css/selectors.ts";
import {
  type Colour,
  lengthPx,
  numberIn,
  over,
  parseColour,
  WHITE,
  withVariables,
} from "../../platform/css/values.ts";

/** The longhands that can hide text, or show hidden text. */
export const PROPERTIES: ReadonlySet<string> = new Set(
  `display visibility content-visibility opacity font-size position left right top bottom text-indent margin-left
   margin-top clip clip-path mask-image color background-color background-image background-clip box-shadow
   -webkit-text-fill-color -webkit-text-stroke text-shadow width max-width height max-height overflow overflow-x
   overflow-y contain padding-top padding-bottom transform scale translate rotate filter transition animation
   animation-name will-change zoom`.split(/\s+/),
);

/** The variables of an element, before the variables of its parent. */
interface Variables {
  readonly own: Declared;
  readonly outer: Variables | undefined;
}

/** The style of an element's text, as far as it decides whether readers see the text. */
export interface PageStyle {
  readonly variables: Variables | undefined;
  /** Whether the element is closed and shows only its summary. */
  readonly isClosed: boolean;
  readonly opacity: number;
  readonly isInvisible: boolean;
  /** The size of the font in px; undefined if it is not known. */
  readonly fontPx: number | undefined;
  /** The factor by which the box is drawn smaller. */
  readonly scale: number;
  /** The colour; undefined if none was set, or if it is not known. */
  readonly colour: Colour | undefined;
  /** Whether the markup sets the colour of this text, so that no other style sheet can have changed it. */
  readonly isOwnColour: boolean;
  /** The background of the text: a colour, the page without a declared colour, or undefined if it is unknown. */
  readonly ground: Colour | "page" | undefined;
}

export const INITIAL_STYLE: PageStyle = {
  variables: undefined,
  isClosed: false,
  opacity: 1,
  isInvisible: false,
  fontPx: 16,
  scale: 1,
  colour: undefined,
  isOwnColour: false,
  ground: "page",
};

/** The way in which text or an element is hidden. */
export interface Hiding {
  readonly cause: string;
  /** Whether the text may be shown later. Pages hide text this way while they load, or the background is a guess. */
  readonly mayBeForNow: boolean;
}

const hidden = (cause: string): Hiding => ({ cause, mayBeForNow: false });
const forNow = (cause: string): Hiding => ({ cause, mayBeForNow: true });

// Readers can't distinguish colours that are this close, or read text that is this small or faint.
const LEAST_STEP = 8;
const SMALLEST_PX = 2;
/** An alpha, an opacity or a scale below this is as good as 0. */
const NEARLY_ZERO = 0.03;
const BLURRED_PX = 24;

/** The cause that hides text of this style; undefined if the text is shown. */
export function hidesText(style: PageStyle): Hiding | undefined {
  const { fontPx, scale, colour, ground, isOwnColour } = style;
  if (style.isClosed) return forNow(CLOSED);
  if (style.isInvisible) return forNow("visibility: hidden");
  const px = fontPx === undefined ? undefined : fontPx * scale;
  if (px !== undefined && px < SMALLEST_PX)
    return hidden(`font-size: ${px === 0 ? 0 : `${Number(px.toFixed(2))}px`}`);
  if (!colour) return undefined;
  if (colour.alpha < NEARLY_ZERO) return hidden("transparent");
  if (ground === undefined) return undefined;
  if (ground !== "page") return isSame(colour, ground) ? hidden(LIKE_GROUND) : undefined;
  return isOwnColour && isSame(colour, WHITE) ? forNow(LIKE_GROUND) : undefined;
}

const CLOSED = "closed details";
const LIKE_GROUND = "in the colour of its background";

function isSame(text: Colour, ground: Colour): boolean {
  const seen = over(text, ground);
  const steps = [seen.red - ground.red, seen.green - ground.green, seen.blue - ground.blue];
  return steps.every((step) => Math.abs(step) <= LEAST_STEP);
}

/** The declarations for an element, with the values of its variables. */
export class Styled {
  readonly tag: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly outer: PageStyle;
  readonly variables: Variables | undefined;
  readonly #declared: Declared;
  readonly #widthPx: number;

  constructor(element: StyledElement, declared: Declared, outer: PageStyle, view: View) {
    this.tag = element.name;
    this.attributes = element.attributes;
    this.outer = outer;
    this.#declared = declared;
    this.#widthPx = view.widthPx ?? 0;
    const hasOwn = [...declared.keys()].some((property) => property.startsWith("--"));
    this.variables = hasOwn ? { own: declared, outer: outer.variables } : outer.variables;
  }

  get isPlain(): boolean {
    return this.#declared.size === 0;
  }

  /** The value in lower case. Undefined if no valid value is declared. */
  get(property: string): string | undefined {
    const value = this.#declared.get(property)?.toLowerCase();
    if (!value?.includes("var(")) return value;
    return withVariables(value, (name) => valueOf(name, this.variables));
  }

  is(property: string, pattern: RegExp): boolean {
    return pattern.test(this.get(property) ?? "");
  }

  /** The value as a length in px; undefined if it is unknown or not declared. */
  px(property: string): number | undefined {
    return this.toPx(this.get(property));
  }

  toPx(value: string | undefined, wholePx: number | undefined = this.#widthPx): number | undefined {
    if (value === undefined || !/\d/.test(value)) return undefined;
    return lengthPx(value, this.outer.fontPx, wholePx, this.#widthPx);
  }
}

function valueOf(name: string, variables: Variables | undefined): string | undefined {
  for (let at = variables; at; at = at.outer) {
    const value = at.own.get(name);
    if (value !== undefined) return value;
  }
  return undefined;
}

/** The style inside an element. `isStyledElsewhere`: the page may have style sheets outside the markup. */
export function computeStyle(styled: Styled, isStyledElsewhere: boolean): PageStyle {
  const { tag, outer } = styled;
  const ground = groundInside(styled, isStyledElsewhere);
  const { colour, isOwnColour } = colourInside(styled, isStyledElsewhere);
  const isClosed = tag === "details" && !styled.attributes.has("open");
  const isAsOutside =
    ground === outer.ground &&
    colour === outer.colour &&
    isOwnColour === outer.isOwnColour &&
    isClosed === outer.isClosed;
  if (styled.isPlain)
    return isAsOutside ? outer : { ...outer, ground, colour, isOwnColour, isClosed };
  // A page that is invisible as a whole is waiting for its scripts.
  const isPage = tag === "html" || tag === "body";
  const visibility = styled.get("visibility") ?? "inherit";
  const size = styled.get("font-size");
  return {
    variables: styled.variables,
    isClosed,
    opacity: isPage ? 1 : outer.opacity * opacityOf(styled),
    isInvisible:
      visibility === "inherit"
        ? outer.isInvisible
        : !isPage && /^(?:hidden|collapse)$/.test(visibility),
    fontPx: size === undefined ? outer.fontPx : fontPxOf(size, styled),
    scale: outer.scale * scaleOf(styled),
    colour,
    isOwnColour,
    ground,
  };
}

function fontPxOf(size: string, styled: Styled): number | undefined {
  if (/^(?:initial|medium|revert)/.test(size)) return 16;
  return size === "inherit" || size === "unset"
    ? styled.outer.fontPx
    : styled.toPx(size, styled.outer.fontPx);
}

function opacityOf(styled: Styled): number {
  const [, filter] = /\bopacity\(([^()]+)\)/.exec(styled.get("filter") ?? "") ?? [];
  return [styled.get("opacity"), filter]
    .map((value) => (value === undefined ? undefined : numberIn(value)))
    .reduce((product: number, value) => product * Math.min(1, Math.max(0, value ?? 1)), 1);
}

interface Call {
  readonly name: string;
  readonly args: readonly string[];
}

function callsIn(value: string): Call[] {
  return [...value.matchAll(/([a-z][\w-]*)\(((?:[^()]|\([^()]*\))*)\)/g)].map(
    ([, name = "", args = ""]) => {
      return { name, args: args.split(/\s*,\s*|\s+(?![-+*/]\s)/).filter(Boolean) };
    },
  );
}

/** The functions of `transform`, and of the properties `scale`, `translate` and `rotate`. */
function transformsOf(styled: Styled): Call[] {
  const own = ["scale", "translate", "rotate"].flatMap((name): Call[] => {
    const args = styled.get(name)?.split(/\s+/);
    if (!args || args[0] === "none") return [];
    const axis =
      name === "rotate" && args.length > 1 ? (args.find((one) => /^[xyz]$/.test(one)) ?? "") : "";
    return [{ name: `${name}${axis}`, args: args.filter((one) => one !== axis) }];
  });
  return [...own, ...callsIn(styled.get("transform") ?? "")];
}

/** The factor by which an element's box is drawn smaller. The smaller side counts. */
function scaleOf(styled: Styled): number {
  const zoom = numberIn(styled.get("zoom") ?? "1") ?? 1;
  return transformsOf(styled)
    .map(scaleBy)
    .reduce((product, scale) => product * scale, zoom);
}

function scaleBy({ name, args }: Call): number {
  const numbers = args.map((value) => numberIn(value) ?? 1);
  const [a = 1, b = 0, c = 0, d = 1] = numbers;
  if (name === "matrix") return Math.min(1, Math.sqrt(Math.abs(a * d - b * c)));
  if (/^scale(?:3d|x|y)?$/.test(name)) return Math.min(1, ...numbers.slice(0, 2).map(Math.abs));
  const isFlat =
    /^rotate[xy]$/.test(name) ||
    (name === "rotate3d" && /^(?:1 0|0 1) 0$/.test(args.slice(0, 3).join(" ")));
  return isFlat ? Math.abs(Math.cos(radiansOf(args.at(-1) ?? ""))) : 1;
}

function radiansOf(angle: string): number {
  const [, number = "0", unit = "rad"] = /^([-+]?[\d.]+)(deg|g?rad|turn)$/.exec(angle) ?? [];
  const turns = { deg: 360, grad: 400, turn: 1 }[unit];
  return turns === undefined ? Number(number) : (Number(number) / turns) * 2 * Math.PI;
}

// Inline elements, to which style sheets give no colour of their own.
const INLINE = /^(?:span|font|b|i|em|strong|u|small|sub|sup|s|del|ins|ruby|rb)$/;
const KEEPS = /^(?:inherit|currentcolor|unset)$/;

function colourInside(
  styled: Styled,
  isStyledElsewhere: boolean,
): Pick<PageStyle, "colour" | "isOwnColour"> {
  const { tag, outer, attributes } = styled;
  // Letters filled with a picture, outlined or blurred.
  const isPainted =
    styled.is("background-clip", /text/) ||
    styled.is("text-shadow", /^(?!none)./) ||
    styled.is("-webkit-text-stroke", /^(?!0)./);
  if (isPainted) return { colour: undefined, isOwnColour: true };
  const attribute =
    tag === "font" ? attributes.get("color") : tag === "body" ? attributes.get("text") : undefined;
  const said = [styled.get("-webkit-text-fill-color"), styled.get("color") ?? attribute].find(
    (value) => value !== undefined && !KEEPS.test(value),
  );
  if (said !== undefined) return { colour: parseColour(said), isOwnColour: true };
  // Browsers give links their own colour.
  if (tag === "a" && !styled.get("color")) return { colour: undefined, isOwnColour: false };
  const isOwnColour = outer.isOwnColour && (INLINE.test(tag) || !isStyledElsewhere);
  return { colour: outer.colour, isOwnColour };
}

// These elements contain the page or the story, so their background is that of the shown text.
const WHOLE_PAGE = /^(?:html|body|main|article)$/;

function groundInside(styled: Styled, isStyledElsewhere: boolean): PageStyle["ground"] {
  const { tag, outer, attributes } = styled;
  const said = styled.get("background-color") ?? attributes.get("bgcolor") ?? "transparent";
  const hasPicture = styled.is("background-image", /^(?!none|initial|unset)./);
  if (hasPicture || attributes.has("background") || styled.is("box-shadow", /inset/))
    return undefined;
  const isClear = /^(?:none|inherit|initial|unset|transparent)$/.test(said);
  const own = isClear ? undefined : parseColour(said);
  if (!isClear && own?.alpha !== 0) {
    if (!own || own.alpha === 1) return own;
    return outer.ground && over(own, outer.ground === "page" ? WHITE : outer.ground);
  }
  // A positioned element may be on top of any other.
  if (styled.is("position", /^(?:absolute|fixed)$/)) return undefined;
  const label = `${attributes.get("class")} ${attributes.get("data-theme")}`;
  if (WHOLE_PAGE.test(tag)) return /dark|night/i.test(label) ? undefined : outer.ground;
  const isNamed = attributes.has("class") || attributes.has("id");
  return isNamed && isStyledElsewhere ? undefined : outer.ground;
}

/** The cause that hides an element with its whole content; undefined if it is shown. */
export function hidesElement(styled: Styled, style: PageStyle): Hiding | undefined {
  const { attributes } = styled;
  const byMarkup = hidesByMarkup(styled);
  if (byMarkup) return forNow(byMarkup);
  if (FOR_SCREEN_READERS.test(attributes.get("class") ?? "")) return hidden("for screen readers");
  if (styled.isPlain) return undefined;
  if (styled.is("display", /^none$/)) return forNow("display: none");
  if (styled.is("content-visibility", /^hidden$/)) return forNow("content-visibility: hidden");
  const entering = isEntering(styled);
  if (style.opacity < NEARLY_ZERO && !entering && !styled.get("transform"))
    return forNow("opacity: 0");
  if (isOffScreen(styled)) return forNow("off screen");
  if (isClippedAway(styled)) return hidden("clipped to nothing");
  const blur = callsIn(styled.get("filter") ?? "").find(({ name }) => name === "blur");
  if (blur && (styled.toPx(blur.args[0]) ?? 0) >= BLURRED_PX) return hidden("blurred");
  const isScaledAway = style.scale < NEARLY_ZERO;
  return (isScaledAway || hasNoSize(styled)) && !entering ? forNow("no size") : undefined;
}

/** The cause that hides an element without any style sheet (HTML §15.3.1), such as a closed `details`. */
function hidesByMarkup(styled: Styled): string | undefined {
  const { tag, attributes, outer } = styled;
  if (outer.isClosed && tag !== "summary") return CLOSED;
  if (attributes.get("hidden") === "until-found") return "hidden";
  if (styled.get("display") !== undefined) return undefined;
  if (attributes.has("hidden")) return "hidden";
  if (attributes.has("popover")) return "popover";
  return tag === "dialog" && !attributes.has("open") ? "dialog" : undefined;
}

const FOR_SCREEN_READERS =
  /(?:^|\s)(?:sr-only|screen-reader(?:-text|-only)?|visually-?hidden|u-visually-hidden|is-visually-hidden|a11y-hidden|element-invisible|show-for-sr)(?:\s|$)/;

const BY_SCRIPT = /^data-(?:aos|w-id|sal|scroll|animat|framer|reveal|gsap|motion)/;
const ENTERS = /(?:^|[\s_-])(?:wow|aos|animated?|fade|reveal|lazy\w*|scroll)(?:[\s_-]|$)/;

// Whether the element is hidden only until a reader scrolls to it, when it moves or fades in.
function isEntering(styled: Styled): boolean {
  return (
    ["transition", "animation", "animation-name", "will-change"].some((property) =>
      styled.is(property, /^(?!none)./),
    ) ||
    [...styled.attributes.keys()].some((name) => BY_SCRIPT.test(name)) ||
    ENTERS.test(styled.attributes.get("class") ?? "")
  );
}

const FAR_PX = 999;
const FARTHEST_PX = 5000;

function isFar(px: number | undefined): boolean {
  return px !== undefined && (px <= -FAR_PX || px >= FARTHEST_PX);
}

function isOffScreen(styled: Styled): boolean {
  const sides = ["left", "top", "right", "bottom"];
  if (styled.is("position", /^(?:absolute|fixed|relative)$/)) {
    const isGone = sides.some((side) => {
      const px = styled.px(side);
      // Text far to the left is never seen. Readers may scroll to text on the right.
      return (
        isFar(px) || (side === "right" && styled.is("position", /fixed/) && (px ?? 0) > FAR_PX)
      );
    });
    if (isGone) return true;
  }
  if (["text-indent", "margin-left", "margin-top"].some((side) => isFar(styled.px(side))))
    return true;
  const isCut = styled.is("overflow", /hidden|clip/);
  if (isCut && styled.is("text-indent", /^[1-9]\d\d+%$/)) return true;
  return transformsOf(styled)
    .filter(({ name }) => /^translate(?:3d|x|y)?$/.test(name))
    .some(({ args }) => args.slice(0, 2).some((value) => isFar(styled.toPx(value, 0))));
}

function isClippedAway(styled: Styled): boolean {
  const isPlaced = styled.is("position", /^(?:absolute|fixed)$/);
  const [rect] = isPlaced ? callsIn(styled.get("clip") ?? "") : [];
  if (rect?.name === "rect" && hasNoArea(rect.args)) return true;
  return callsIn(styled.get("clip-path") ?? "").some(isNothing) || isMaskedAway(styled);
}

// The sides of rect() are positions. The area is zero if top and bottom, or left and right, are equal.
function hasNoArea(sides: readonly string[]): boolean {
  const [top = 0, right = 0, bottom = 0, left = 0] = sides.map((side) => Number.parseFloat(side));
  return bottom <= top || right <= left;
}

function isNothing({ name, args }: Call): boolean {
  const numbers = args.map((value) => Number.parseFloat(value));
  if (name === "circle" || name === "ellipse") return numbers[0] === 0;
  if (name === "inset" && args.slice(0, 4).every((value) => /^0|%$/.test(value))) {
    const [top = 0, right = top, bottom = top, left = right] = numbers;
    return top + bottom >= 100 || left + right >= 100;
  }
  return name === "polygon" && Math.abs(areaOf(numbers)) < 0.01;
}

/** The shoelace formula for corners given as x, y, x, y. */
function areaOf(corners: readonly number[]): number {
  return corners.reduce((area, x, at) => {
    if (at % 2 === 1) return area;
    const [y = 0, nextX = 0, nextY = 0] = [1, 2, 3].map(
      (by) => corners[(at + by) % corners.length],
    );
    return area + (x * nextY - nextX * y) / 2;
  }, 0);
}

/** Whether an element's mask is fully transparent. */
function isMaskedAway(styled: Styled): boolean {
  const mask = styled.get("mask-image") ?? "";
  if (!/^[a-z-]*gradient\(/.test(mask)) return false;
  const colours = mask.match(
    /(?<![\w-])(?:transparent|#[\da-f]{3,8}|(?:rgb|hsl)a?\([^()]*\)|black|white)/g,
  );
  return colours !== null && colours.every((one) => (parseColour(one)?.alpha ?? 1) < NEARLY_ZERO);
}

// Whether a box without height or width hides its overflow. Padding may keep the proportions of a picture, so a box
// with padding is shown.
function hasNoSize(styled: Styled): boolean {
  const isCut =
    ["overflow", "overflow-x", "overflow-y"].some((name) =>
      styled.is(name, /hidden|clip|auto|scroll/),
    ) || styled.is("contain", /paint|strict|content/);
  if (!isCut) return false;
  if (["padding-top", "padding-bottom"].some((name) => styled.is(name, /[1-9]|var\(/)))
    return false;
  return ["height", "max-height", "width", "max-width"].some((name) => {
    const px = styled.px(name);
    return px !== undefined && px >= 0 && px <= 1 && !styled.is(name, /(?:%|em|v[wh])$/);
  });
}
