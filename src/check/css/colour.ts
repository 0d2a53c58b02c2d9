/** A colour in sRGB: 0 to 255 each, and how much of it covers what is behind, 0 to 1. */
export interface Colour {
  readonly red: number;
  readonly green: number;
  readonly blue: number;
  readonly alpha: number;
}

export const WHITE: Colour = { red: 255, green: 255, blue: 255, alpha: 1 };
export const BLACK: Colour = { red: 0, green: 0, blue: 0, alpha: 1 };
export const CLEAR: Colour = { red: 0, green: 0, blue: 0, alpha: 0 };

/**
 * The colour that a value of CSS or an HTML attribute names; undefined for one that cannot be told here,
 * such as `var(--ink)` or `oklch(…)`.
 */
export function parseColour(value: string): Colour | undefined {
  const text = value.trim().toLowerCase();
  if (text === "transparent") return CLEAR;
  const hex = /^#?([0-9a-f]{3,8})$/.exec(text)?.[1];
  if (hex && (text.startsWith("#") || hex.length === 6)) return fromHex(hex);
  const [, name, inner = ""] = /^(rgb|hsl)a?\(([^()]*)\)$/.exec(text) ?? [];
  const parts = inner.split(/[\s,/]+/).filter(Boolean);
  if (name === "rgb") return fromRgb(parts);
  if (name === "hsl") return fromHsl(parts);
  const known = COLOUR_NAMES.get(text);
  return known === undefined ? undefined : fromHex(known);
}

/** `#RRGGBB`, as it is shown and compared. */
export function hexOf({ red, green, blue }: Colour): string {
  const digits = [red, green, blue].map((part) => Math.round(part).toString(16).padStart(2, "0"));
  return `#${digits.join("").toUpperCase()}`;
}

/** What is seen of a colour on a ground that covers. */
export function over({ alpha, ...top }: Colour, ground: Colour): Colour {
  const mix = (a: number, b: number) => a * alpha + b * (1 - alpha);
  return {
    red: mix(top.red, ground.red),
    green: mix(top.green, ground.green),
    blue: mix(top.blue, ground.blue),
    alpha: 1,
  };
}

function fromHex(hex: string): Colour | undefined {
  const long = hex.length <= 4 ? hex.replace(/./g, "$&$&") : hex;
  if (long.length !== 6 && long.length !== 8) return undefined;
  const [red = 0, green = 0, blue = 0, alpha = 255] = (long.match(/../g) ?? []).map((pair) =>
    Number.parseInt(pair, 16),
  );
  return { red, green, blue, alpha: alpha / 255 };
}

function fromRgb(parts: readonly string[]): Colour | undefined {
  const [red, green, blue, alpha = 1] = parts.map((part, at) => amount(part, at < 3 ? 255 : 1));
  return finite({ red, green, blue, alpha });
}

function fromHsl(parts: readonly string[]): Colour | undefined {
  const hue = Number.parseFloat(parts[0] ?? "");
  const [, saturation = Number.NaN, lightness = Number.NaN, alpha = 1] = parts.map((part) =>
    amount(part, 1),
  );
  const reach = saturation * Math.min(lightness, 1 - lightness);
  const channel = (offset: number): number => {
    const at = (offset + hue / 30 + 12_000) % 12;
    return 255 * (lightness - reach * Math.max(-1, Math.min(at - 3, 9 - at, 1)));
  };
  return finite({ red: channel(0), green: channel(8), blue: channel(4), alpha });
}

/** A number, or a percentage of the whole. */
function amount(part: string, whole: number): number {
  const value = /^[+-]?[\d.]+(?:e[+-]?\d+)?%?$/.test(part) ? Number.parseFloat(part) : Number.NaN;
  return part.endsWith("%") ? (value / 100) * whole : value;
}

function finite(colour: { [Part in keyof Colour]: number | undefined }): Colour | undefined {
  const { red = Number.NaN, green = Number.NaN, blue = Number.NaN, alpha = Number.NaN } = colour;
  if (![red, green, blue, alpha].every(Number.isFinite)) return undefined;
  return {
    red: within(red, 255),
    green: within(green, 255),
    blue: within(blue, 255),
    alpha: within(alpha, 1),
  };
}

function within(value: number, most: number): number {
  return Math.min(most, Math.max(0, value));
}

/** CSS Color 4 §6.1: the named colours, as RRGGBB. */
const LIST =
  "aliceblue f0f8ff, antiquewhite faebd7, aqua 00ffff, aquamarine 7fffd4, azure f0ffff, beige " +
  "f5f5dc, bisque ffe4c4, black 000000, blanchedalmond ffebcd, blue 0000ff, blueviolet " +
  "8a2be2, brown a52a2a, burlywood deb887, cadetblue 5f9ea0, chartreuse 7fff00, chocolate " +
  "d2691e, coral ff7f50, cornflowerblue 6495ed, cornsilk fff8dc, crimson dc143c, cyan 00ffff, " +
  "darkblue 00008b, darkcyan 008b8b, darkgoldenrod b8860b, darkgray a9a9a9, darkgreen 006400, " +
  "darkgrey a9a9a9, darkkhaki bdb76b, darkmagenta 8b008b, darkolivegreen 556b2f, darkorange " +
  "ff8c00, darkorchid 9932cc, darkred 8b0000, darksalmon e9967a, darkseagreen 8fbc8f, " +
  "darkslateblue 483d8b, darkslategray 2f4f4f, darkslategrey 2f4f4f, darkturquoise 00ced1, " +
  "darkviolet 9400d3, deeppink ff1493, deepskyblue 00bfff, dimgray 696969, dimgrey 696969, " +
  "dodgerblue 1e90ff, firebrick b22222, floralwhite fffaf0, forestgreen 228b22, fuchsia " +
  "ff00ff, gainsboro dcdcdc, ghostwhite f8f8ff, gold ffd700, goldenrod daa520, gray 808080, " +
  "green 008000, greenyellow adff2f, grey 808080, honeydew f0fff0, hotpink ff69b4, indianred " +
  "cd5c5c, indigo 4b0082, ivory fffff0, khaki f0e68c, lavender e6e6fa, lavenderblush fff0f5, " +
  "lawngreen 7cfc00, lemonchiffon fffacd, lightblue add8e6, lightcoral f08080, lightcyan " +
  "e0ffff, lightgoldenrodyellow fafad2, lightgray d3d3d3, lightgreen 90ee90, lightgrey " +
  "d3d3d3, lightpink ffb6c1, lightsalmon ffa07a, lightseagreen 20b2aa, lightskyblue 87cefa, " +
  "lightslategray 778899, lightslategrey 778899, lightsteelblue b0c4de, lightyellow ffffe0, " +
  "lime 00ff00, limegreen 32cd32, linen faf0e6, magenta ff00ff, maroon 800000, " +
  "mediumaquamarine 66cdaa, mediumblue 0000cd, mediumorchid ba55d3, mediumpurple 9370db, " +
  "mediumseagreen 3cb371, mediumslateblue 7b68ee, mediumspringgreen 00fa9a, mediumturquoise " +
  "48d1cc, mediumvioletred c71585, midnightblue 191970, mintcream f5fffa, mistyrose ffe4e1, " +
  "moccasin ffe4b5, navajowhite ffdead, navy 000080, oldlace fdf5e6, olive 808000, olivedrab " +
  "6b8e23, orange ffa500, orangered ff4500, orchid da70d6, palegoldenrod eee8aa, palegreen " +
  "98fb98, paleturquoise afeeee, palevioletred db7093, papayawhip ffefd5, peachpuff ffdab9, " +
  "peru cd853f, pink ffc0cb, plum dda0dd, powderblue b0e0e6, purple 800080, rebeccapurple " +
  "663399, red ff0000, rosybrown bc8f8f, royalblue 4169e1, saddlebrown 8b4513, salmon fa8072, " +
  "sandybrown f4a460, seagreen 2e8b57, seashell fff5ee, sienna a0522d, silver c0c0c0, skyblue " +
  "87ceeb, slateblue 6a5acd, slategray 708090, slategrey 708090, snow fffafa, springgreen " +
  "00ff7f, steelblue 4682b4, tan d2b48c, teal 008080, thistle d8bfd8, tomato ff6347, " +
  "turquoise 40e0d0, violet ee82ee, wheat f5deb3, white ffffff, whitesmoke f5f5f5, yellow " +
  "ffff00, yellowgreen 9acd32";

const COLOUR_NAMES: ReadonlyMap<string, string> = new Map(
  LIST.split(", ").map((entry): [string, string] => {
    const [name = "", hex = ""] = entry.split(" ");
    return [name, hex];
  }),
);
