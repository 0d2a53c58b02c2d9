import type { PictureLook } from "../../article/article.ts";
import type { Theme } from "../../email/theme.ts";

/** The pixels of a picture, row by row. */
export interface Pixels {
  readonly data: Buffer;
  readonly raw: {
    readonly width: number;
    readonly height: number;
    readonly channels: 1 | 2 | 3 | 4;
  };
}

/** A colour: red, green and blue, 0 to 255. */
export type Colour = readonly [red: number, green: number, blue: number];

/** The colours that a clear picture may be laid onto. */
export type Grounds = Readonly<Record<"page" | "ink", Colour>>;

/** The grounds of a theme. */
export function groundsOf({ colours }: Pick<Theme, "colours">): Grounds {
  const colour = (name: string): Colour => {
    const hex = colours[name]?.light ?? "#FFFFFF";
    const channel = (at: number) => Number.parseInt(hex.slice(at, at + 2), 16);
    return [channel(1), channel(3), channel(5)];
  };
  return { page: colour("page"), ink: colour("ink") };
}

/** What the pixels of a picture show. */
export interface Seen extends Pick<PictureLook, "kind" | "clear" | "tone" | "colours" | "hash"> {
  /** The ground on which a clear picture loses least. */
  readonly ground: keyof Grounds;
  /** The colour of most of its edge. */
  readonly edge: Colour;
}

/** The number of points that are looked at in each direction. */
const POINTS = 160;
/** A drawing has no more colours. A colour of fewer points than this belongs to the edge between two others. */
const MOST_COLOURS = 40;
const LEAST_SHARE = 0.002;
/**
 * Points this far apart have exactly one colour in a flat area: in a third of the points of a drawing or a screenshot at
 * least. In a photograph grain, shade or a lens sets them apart, in the dark and in fog too: few have more than a tenth.
 */
const APART = 3;
const LEAST_FLAT = 0.2;
/** Nine tenths of a drawing in hatching have one of so few colours exactly. */
const MOST_INKS = 24;
/** In a picture with a cut-out object, more than this share is clear. */
const CUT_OUT = 0.1;
/** Lightness by which something has to differ from its ground to be seen. */
const LOST = 60;

type Point = readonly [...Colour, alpha: number];

/**
 * Looks at a picture: how much of it is clear, its tone and colours, and whether it is a photograph, a drawing or a logo.
 * The name of its file is one sign of a logo.
 */
export function lookAtPixels(pixels: Pixels, name: string, grounds: Grounds): Seen {
  const grid = pointsOf(pixels);
  const points = grid.flat();
  const visible = points.filter(isVisible);
  const lost = (ground: Colour) =>
    visible.filter((point) => Math.abs(lightness(point) - lightness(ground)) < LOST).length;
  const ground = lost(grounds.page) > lost(grounds.ink) ? "ink" : "page";
  // A clear ground is one more.
  const colours = coloursOf(visible) + (visible.length < points.length * (1 - LEAST_SHARE) ? 1 : 0);
  const isFlat = () => flatShare(grid) >= LEAST_FLAT;
  const isDrawn = colours <= MOST_COLOURS && (isFlat() || paletteOf(visible) <= MOST_INKS);
  const clear = share(points, (point) => 1 - point[3]);
  const edge = middleOf(edgePoints(grid));
  const isNamedLogo = LOGO_NAME.test(name.split("/").at(-1) ?? "") && (isDrawn || clear > CUT_OUT);
  const isMark = isNamedLogo || (isDrawn && isLogo(grid, pixels, colours));
  return {
    kind: isMark ? "logo" : isDrawn ? "drawing" : "photograph",
    clear: rounded(clear),
    tone: rounded(share(visible, (point) => lightness(point) / 255)),
    colours,
    hash: hashOf(grid, grounds[ground]),
    ground,
    edge: edge && isVisible(edge) ? [edge[0], edge[1], edge[2]] : grounds[ground],
  };
}

/** Points in rows, evenly spread. */
function pointsOf({ data, raw: { width, height, channels } }: Pixels): Point[][] {
  const hasAlpha = channels % 2 === 0;
  const [green, blue] = channels < 3 ? [0, 0] : [1, 2];
  return placesIn(height).map((row) =>
    placesIn(width).map((column): Point => {
      const value = (channel: number) => data[(row * width + column) * channels + channel] ?? 0;
      return [value(0), value(green), value(blue), hasAlpha ? value(channels - 1) / 255 : 1];
    }),
  );
}

function placesIn(size: number): number[] {
  const count = Math.min(POINTS, size);
  return Array.from({ length: count }, (_, at) => Math.floor(((at + 0.5) * size) / count));
}

function isVisible([, , , alpha]: Point): boolean {
  return alpha >= 0.5;
}

/** ITU-R BT.709, 0 to 255. */
function lightness([red, green, blue]: Point | Colour): number {
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function share<T>(values: readonly T[], of: (value: T) => number): number {
  return values.length === 0
    ? 0
    : values.reduce((sum, value) => sum + of(value), 0) / values.length;
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}

/** The number of colours, sixteen steps to a channel, that enough of the points have. */
function coloursOf(points: readonly Point[]): number {
  const counts = new Map<number, number>();
  for (const [red, green, blue] of points) {
    const colour = ((red >> 4) << 8) | ((green >> 4) << 4) | (blue >> 4);
    counts.set(colour, (counts.get(colour) ?? 0) + 1);
  }
  return [...counts.values()].filter((count) => count >= points.length * LEAST_SHARE).length;
}

function isAlike(a: Point, b: Point, within = 0): boolean {
  if (!isVisible(a) || !isVisible(b)) return isVisible(a) === isVisible(b);
  return [0, 1, 2].every((at) => Math.abs((a[at] ?? 0) - (b[at] ?? 0)) <= within);
}

/** How many exact colours it takes for nine tenths of the points. */
function paletteOf(points: readonly Point[]): number {
  const counts = Map.groupBy(points, ([red, green, blue]) => (red << 16) | (green << 8) | blue);
  const sizes = [...counts.values()].map(({ length }) => length).sort((a, b) => b - a);
  let covered = 0;
  return sizes.filter((size) => (covered += size) - size < points.length * 0.9).length;
}

/** How much of a picture is flat: the share of points that are as the ones to their right and below. */
function flatShare(grid: readonly (readonly Point[])[]): number {
  const flat = grid.flatMap((row, at) =>
    row.slice(0, -APART).flatMap((point, column) => {
      const [right, below] = [row[column + APART], grid[at + APART]?.[column]];
      return right && below ? [isAlike(point, right) && isAlike(point, below)] : [];
    }),
  );
  return share(flat, Number);
}

function edgePoints(grid: readonly (readonly Point[])[]): Point[] {
  const sides = grid.flatMap((row) => [...row.slice(0, 1), ...row.slice(-1)]);
  return [...(grid[0] ?? []), ...(grid.at(-1) ?? []), ...sides];
}

/** The point of middle lightness: with most of the points of one colour, it has that colour. */
function middleOf(points: readonly Point[]): Point | undefined {
  const rank = (point: Point) => (isVisible(point) ? lightness(point) : -1);
  return points.toSorted((a, b) => rank(a) - rank(b))[Math.floor(points.length / 2)];
}

/** A publisher's mark, or its stand-in for a picture, often says so in its name. */
const LOGO_NAME =
  /(?:^|[^a-z])(?:logo(?:type)?|favicon|icon|avatar|brand(?:ing|mark)?|wordmark|placeholder|default|fallback)(?:[^a-z]|$)/i;
/** A mark has no more colours, with its ground. */
const MARK_COLOURS = 10;
/** A mark differs from its ground by more than this in a channel. */
const MARK_CONTRAST = 24;
/** A mark takes no more of the picture than this, with one colour all round it. */
const MARK_AREA = 0.5;
const EVEN_EDGE = 0.97;
/** An icon for a home screen is a square of this many pixels at most. */
const ICON_PX = 512;

/** Whether a drawing is one small mark on an even ground, or an icon. */
function isLogo(
  grid: readonly (readonly Point[])[],
  { raw: { width, height } }: Pixels,
  colours: number,
): boolean {
  const ground = middleOf(edgePoints(grid));
  if (!ground || colours > MARK_COLOURS) return false;
  const ink = grid.map((row) => row.map((point) => !isAlike(point, ground, MARK_CONTRAST)));
  const rows = ink.flatMap((row, at) => (row.some(Boolean) ? [at] : []));
  const columns = ink.flatMap((row) => row.flatMap((isInk, at) => (isInk ? [at] : [])));
  const area = (spread(rows) / grid.length) * (spread(columns) / (grid[0]?.length ?? 1));
  const edge = share(edgePoints(grid), (point) => Number(isAlike(point, ground, MARK_CONTRAST)));
  const isSquare = Math.abs(Math.log(width / height)) < 0.1 && width <= ICON_PX;
  if (rows.length === 0) return false;
  return (area <= MARK_AREA && edge >= EVEN_EDGE) || (isSquare && changesIn(ink) <= 5);
}

/** How far places lie apart, the first and the last included. */
function spread(places: readonly number[]): number {
  const [least, most] = places.reduce(
    ([first, last], at) => [Math.min(first, at), Math.max(last, at)],
    [Infinity, -Infinity],
  );
  return most - least + 1;
}

/** How often a row that has ink changes between ground and ink. Letters and lines change often. */
function changesIn(ink: readonly (readonly boolean[])[]): number {
  const rows = ink.filter((row) => row.some(Boolean));
  return share(rows, (row) => row.filter((isInk, at) => at > 0 && isInk !== row[at - 1]).length);
}

/** Cells in each direction of the grid that a hash compares. */
const CELLS = 9;
/** Differences of lightness below this are noise of the encoder. */
const NOISE = 3;

/**
 * A perceptual hash of 128 bits: for each of 8 × 8 cells whether the cell to its right is lighter, and whether the one below
 * is. Another size or quality of one picture changes few of them.
 */
function hashOf(grid: readonly (readonly Point[])[], ground: Colour): string {
  const cells = inCells(grid).map((rows) => {
    const columns = rows.map(inCells);
    return Array.from({ length: CELLS }, (_, at) =>
      share(
        columns.flatMap((row) => row[at] ?? []),
        (point) => laidOn(point, ground),
      ),
    );
  });
  const bits = cells.slice(0, -1).flatMap((line, row) =>
    line.slice(0, -1).flatMap((cell, column) => {
      const [right = 0, below = 0] = [line[column + 1], cells[row + 1]?.[column]];
      return [right - cell > NOISE ? 1 : 0, below - cell > NOISE ? 1 : 0];
    }),
  );
  return Array.from({ length: bits.length / 4 }, (_, at) =>
    Number.parseInt(bits.slice(at * 4, at * 4 + 4).join(""), 2).toString(16),
  ).join("");
}

/** Values in so many parts of nearly one length. */
function inCells<T>(values: readonly T[]): T[][] {
  const start = (at: number) => Math.floor((at * values.length) / CELLS);
  return Array.from({ length: CELLS }, (_, at) =>
    values.slice(start(at), Math.max(start(at + 1), start(at) + 1)),
  );
}

function laidOn(point: Point, ground: Colour): number {
  return lightness(point) * point[3] + lightness(ground) * (1 - point[3]);
}
