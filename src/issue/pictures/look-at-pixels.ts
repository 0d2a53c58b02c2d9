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

/** The background colours for a transparent picture. */
export type Grounds = Readonly<Record<"page" | "ink", Colour>>;

export function groundsOf({ colours }: Pick<Theme, "colours">): Grounds {
  const colour = (name: string): Colour => {
    const hex = colours[name]?.light ?? "#FFFFFF";
    const channel = (at: number) => Number.parseInt(hex.slice(at, at + 2), 16);
    return [channel(1), channel(3), channel(5)];
  };
  return { page: colour("page"), ink: colour("ink") };
}

/** The features of a picture that its pixels show. */
export interface Seen extends Pick<PictureLook, "kind" | "clear" | "tone" | "colours" | "hash"> {
  /** The background on which most of a transparent picture stays visible. */
  readonly ground: keyof Grounds;
  /** The most common colour of its edge. */
  readonly edge: Colour;
}

/** The number of points examined in each direction. */
const POINTS = 160;
/** A drawing has at most this many colours. A colour with too few points belongs to the edge between two others. */
const MOST_COLOURS = 40;
const LEAST_SHARE = 0.002;
/**
 * Points at this distance have exactly the same colour in flat areas. In drawings and screenshots that is at least a third of
 * the points. In photographs, grain, shading and the lens make them differ, even in the dark and in fog: rarely more than a
 * tenth are equal.
 */
const APART = 3;
const LEAST_FLAT = 0.2;
/** In a hatched drawing, nine tenths of the points have one of this few exact colours. */
const MOST_INKS = 24;
/** In a picture with a cut-out object, more than this share is transparent. */
const CUT_OUT = 0.1;
/** The lightness difference by which something is visible on its background. */
const LOST = 60;

type Point = readonly [...Colour, alpha: number];

/**
 * Analyses a picture: its transparent share, its tone and colours, and whether it is a photograph, a drawing or a logo. The
 * file name is one sign of a logo.
 */
export function lookAtPixels(pixels: Pixels, name: string, grounds: Grounds): Seen {
  const grid = pointsOf(pixels);
  const points = grid.flat();
  const visible = points.filter(isVisible);
  const lost = (ground: Colour) =>
    visible.filter((point) => Math.abs(lightness(point) - lightness(ground)) < LOST).length;
  const ground = lost(grounds.page) > lost(grounds.ink) ? "ink" : "page";
  // A transparent background counts as one more colour.
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

/** Points in rows at equal distances. */
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

/** The number of colours with enough points, with sixteen steps per channel. */
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

/** The number of exact colours that cover nine tenths of the points. */
function paletteOf(points: readonly Point[]): number {
  const counts = Map.groupBy(points, ([red, green, blue]) => (red << 16) | (green << 8) | blue);
  const sizes = [...counts.values()].map(({ length }) => length).sort((a, b) => b - a);
  let covered = 0;
  return sizes.filter((size) => (covered += size) - size < points.length * 0.9).length;
}

/** The share of points that equal their neighbours to the right and below. */
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

/** The point of median lightness. If most points have one colour, it has that colour. */
function middleOf(points: readonly Point[]): Point | undefined {
  const rank = (point: Point) => (isVisible(point) ? lightness(point) : -1);
  return points.toSorted((a, b) => rank(a) - rank(b))[Math.floor(points.length / 2)];
}

/** The name of a publisher's logo, or of its placeholder for a missing picture, often says so. */
const LOGO_NAME =
  /(?:^|[^a-z])(?:logo(?:type)?|favicon|icon|avatar|brand(?:ing|mark)?|wordmark|placeholder|default|fallback)(?:[^a-z]|$)/i;
/** A logo has at most this many colours, including its background. */
const MARK_COLOURS = 10;
/** A logo differs from its background by more than this in one channel. */
const MARK_CONTRAST = 24;
/** A logo covers at most this share of the picture, on a background of one colour. */
const MARK_AREA = 0.5;
const EVEN_EDGE = 0.97;
/** The maximum size in pixels of a home-screen icon, which is square. */
const ICON_PX = 512;

/** Whether a drawing is one small logo on an even background, or an icon. */
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

/** The distance between the first and the last place, both included. */
function spread(places: readonly number[]): number {
  const [least, most] = places.reduce(
    ([first, last], at) => [Math.min(first, at), Math.max(last, at)],
    [Infinity, -Infinity],
  );
  return most - least + 1;
}

/** The number of changes between ink and background in the rows with ink. Letters and lines change often. */
function changesIn(ink: readonly (readonly boolean[])[]): number {
  const rows = ink.filter((row) => row.some(Boolean));
  return share(rows, (row) => row.filter((isInk, at) => at > 0 && isInk !== row[at - 1]).length);
}

/** The number of cells in each direction of the grid for the hash. */
const CELLS = 9;
/** Smaller differences of lightness are noise of the encoder. */
const NOISE = 3;

/**
 * A perceptual hash of 128 bits: for each of 8 × 8 cells, whether the cell to its right is lighter, and whether the cell
 * below is. Another size or quality of the same picture changes few bits.
 */
function hashOf(grid: readonly (readonly Point[])[], ground: Colour): string {
  const cells = inCells(grid).map((rows) => {
    const columns = rows.map(inCells);
    return Array.from({ length: CELLS }, (_, at) =>
      share(
        columns.flatMap((row) => row[at] ?? []),
        (point) => lightness(point) * point[3] + lightness(ground) * (1 - point[3]),
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

/** Divides values into this many parts of nearly equal length. */
function inCells<T>(values: readonly T[]): T[][] {
  const start = (at: number) => Math.floor((at * values.length) / CELLS);
  return Array.from({ length: CELLS }, (_, at) =>
    values.slice(start(at), Math.max(start(at + 1), start(at) + 1)),
  );
}
