import sharp, { type Sharp } from "sharp";
import type { Image } from "../../../src/article/article.ts";
import { phonePhoto, photo } from "../../pictures.ts";

/** A picture with what an editor says of it: its kind, and the places where it may stand. */
export interface Labelled {
  readonly name: string;
  readonly kind: "photograph" | "drawing" | "logo" | "blank" | "unknown";
  /** "lead pair row", as far as it may; the first words are the best place. */
  readonly places: string;
  /** What its clear ground is laid onto. */
  readonly ground?: "page" | "ink";
  /** The bytes of its file; a linked picture has none. */
  readonly make?: () => Promise<Buffer>;
}

const svg = (width: number, height: number, inside: string, ground = "") =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${ground && `<rect width="100%" height="100%" fill="${ground}"/>`}${inside}</svg>`;

const drawn = (width: number, height: number, inside: string, ground?: string): Sharp =>
  sharp(Buffer.from(svg(width, height, inside, ground)));

const jpeg = async (picture: Sharp) => picture.jpeg({ quality: 85 }).toBuffer();

/** A picture whose pixels are given one by one, with grain. */
function painted(
  width: number,
  height: number,
  colourAt: (x: number, y: number) => readonly [number, number, number],
  grain = 14,
): Sharp {
  const data = Buffer.alloc(width * height * 3);
  let seed = 7;
  for (let at = 0; at < width * height; at++) {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fffffff;
    const noise = ((seed >> 16) % (2 * grain + 1)) - grain;
    const colour = colourAt((at % width) / width, Math.floor(at / width) / height);
    for (const [channel, value] of colour.entries())
      data[at * 3 + channel] = Math.max(0, Math.min(255, Math.round(value + noise)));
  }
  return sharp(data, { raw: { width, height, channels: 3 } });
}

/** Hills under a sky. */
const landscape = (x: number, y: number): [number, number, number] => {
  const ridge = 0.45 + 0.12 * Math.sin(7 * x) + 0.05 * Math.sin(23 * x + 1);
  if (y < ridge) return [120 + 90 * y, 160 + 70 * y, 215 + 20 * y];
  const shade = 30 * Math.sin(40 * x + 30 * y) + 20 * Math.sin(90 * x * y);
  return [70 + shade + 60 * y, 105 + shade, 50 + shade / 2];
};

/** A few lamps in the dark. */
const night = (x: number, y: number): [number, number, number] => {
  const lamps = [0.2, 0.45, 0.7, 0.85].map((lamp) =>
    Math.exp(-((x - lamp) ** 2 + (y - 0.6) ** 2) * 180),
  );
  const light = lamps.reduce((sum, lamp) => sum + lamp, 0);
  return [8 + 235 * light + 14 * y, 8 + 190 * light + 10 * y, 14 + 90 * light + 16 * (1 - y)];
};

/** Fog over water: pale, with little contrast. */
const fog = (x: number, y: number): [number, number, number] => {
  const pale = 205 + 30 * Math.sin(3 * x + 2 * y) - 25 * Math.exp(-((y - 0.6) ** 2) * 60);
  return [pale, pale + 4, pale + 9];
};

/** A stone jar on white paper. */
const jar = (x: number, y: number): [number, number, number] => {
  const inside = ((x - 0.5) / 0.3) ** 2 + ((y - 0.52) / 0.42) ** 2;
  if (inside > 1) return [254, 254, 254];
  const turned = 150 - 90 * (x - 0.3) + 25 * Math.sin(60 * y + 5 * x) - 40 * inside;
  return [turned + 30, turned, turned - 35];
};

const bars = (heights: readonly number[]) =>
  heights
    .map(
      (height, at) =>
        `<rect x="${90 + at * 130}" y="${720 - height}" width="80" height="${height}" fill="#1f4e79"/>` +
        `<text x="${96 + at * 130}" y="760" font-size="28" font-family="DejaVu Sans">20${10 + at}</text>` +
        `<text x="${96 + at * 130}" y="${705 - height}" font-size="24" font-family="DejaVu Sans">${height}</text>`,
    )
    .join("") +
  `<line x1="60" y1="720" x2="1160" y2="720" stroke="#222" stroke-width="3"/><text x="60" y="50" font-size="36" font-family="DejaVu Sans">Ferries a year</text>`;

const windmill = (colour: string) =>
  `<g stroke="${colour}" stroke-width="5" fill="none"><path d="M380 560 L420 250 L500 250 L540 560 Z"/><path d="M460 250 L180 60 M460 250 L740 60 M460 250 L220 480 M460 250 L710 470"/><circle cx="460" cy="250" r="26"/><path d="M20 560 H880 M60 580 H820"/><path d="M80 540 q30 -60 60 0 M700 540 q40 -90 80 0 M230 90 l60 -20 M650 90 l-60 -20"/></g>`;

const wordmark = (colour: string) =>
  `<text x="50%" y="54%" text-anchor="middle" font-size="80" font-weight="700" font-family="DejaVu Sans" fill="${colour}">The Quay</text>`;

const harbourMap = `<path d="M0 0 H1000 V420 Q700 340 520 460 T0 520 Z" fill="#cfe3ee"/><path d="M0 520 Q300 600 520 460 T1000 420 V700 H0 Z" fill="#e9dfc3"/><path d="M120 700 L300 420 L620 300 L1000 120" stroke="#b8472a" stroke-width="14" fill="none"/><circle cx="300" cy="420" r="26" fill="#2c3e50"/><circle cx="620" cy="300" r="26" fill="#2c3e50"/><text x="330" y="410" font-size="34" font-family="DejaVu Sans">Orrell</text><text x="650" y="290" font-size="34" font-family="DejaVu Sans">Samphire Quay</text><path d="M700 560 h220 v90 h-220 z" fill="#7fa36b"/>`;

const page = Array.from(
  { length: 20 },
  (_, at) =>
    `<text x="60" y="${70 + at * 36}" font-size="24" font-family="DejaVu Sans" fill="#333">${at + 1}. The harbour board has ${at * 7 + 3} ferries on its list of the year</text>`,
).join("");

const [ALL, NONE] = ["lead pair row", ""];

type Row = readonly [
  name: string,
  kind: Labelled["kind"],
  places: string,
  picture?: () => Sharp | Promise<Buffer>,
  ground?: Labelled["ground"],
];

const ROWS: readonly Row[] = [
  ["landscape.jpg", "photograph", ALL, () => painted(1200, 800, landscape)],
  [
    "one-pixel-short-for-the-hero.jpg",
    "photograph",
    "pair row",
    () => painted(599, 400, (x, y) => landscape(1 - x, y * y)),
  ],
  [
    "just-wide-enough-for-a-pair.jpg",
    "photograph",
    "pair row",
    () => painted(480, 300, (x, y) => landscape(x * x, 1 - y)),
  ],
  [
    "one-pixel-short-for-a-pair.jpg",
    "photograph",
    "row",
    () => painted(479, 400, (x, y) => night(y, x)),
  ],
  ["one-pixel-short-for-a-row.jpg", "photograph", NONE, () => photo(271, 271)],
  ["sixty-by-forty.png", "photograph", NONE, () => photo(60, 40)],
  ["banner.jpg", "photograph", NONE, () => painted(1200, 300, (x, y) => fog(y, x))],
  ["tower.jpg", "photograph", NONE, () => painted(600, 1200, landscape)],
  ["tower-that-lies-on-its-side.jpg", "photograph", NONE, () => phonePhoto(1200, 800)],
  ["night.jpg", "photograph", ALL, () => painted(1200, 750, night, 4)],
  ["fog.jpg", "photograph", ALL, () => painted(900, 600, fog, 3)],
  [
    "black-and-white.jpg",
    "photograph",
    ALL,
    () => painted(1000, 700, (x, y) => landscape(y, x)).greyscale(),
  ],
  ["jar-on-white.jpg", "photograph", ALL, () => painted(900, 700, jar, 2)],
  ["map.png", "drawing", ALL, () => drawn(1000, 700, harbourMap)],
  [
    "bar-chart.png",
    "drawing",
    ALL,
    () => drawn(1200, 800, bars([300, 420, 380, 510, 460, 590, 620, 560]), "#ffffff"),
  ],
  [
    "bar-chart-of-other-figures.png",
    "drawing",
    ALL,
    () => drawn(1200, 800, bars([590, 410, 500, 280, 330, 220, 180, 240]), "#ffffff"),
  ],
  ["page-of-text.png", "drawing", ALL, () => drawn(1200, 800, page, "#fdfdfd")],
  ["clear-black.png", "drawing", ALL, () => drawn(900, 600, windmill("#111111")), "page"],
  // The same mill from behind, so that it is another picture.
  [
    "clear-white.png",
    "drawing",
    ALL,
    () => drawn(900, 600, windmill("#ffffff")).flop().flip(),
    "ink",
  ],
  ["share-image.png", "logo", NONE, () => drawn(1200, 630, wordmark("#ffffff"), "#7a1f2b")],
  ["clear-wordmark.png", "logo", NONE, () => drawn(1000, 500, wordmark("#000000")), "page"],
  ["nothing-but-clear.png", "blank", NONE, () => drawn(800, 600, ""), "page"],
  [
    "landscape-again-but-smaller.webp",
    "photograph",
    NONE,
    () => painted(1200, 800, landscape).resize(700).webp({ quality: 45 }).toBuffer(),
  ],
  ["https://paper.example/linked.jpg", "unknown", "row"],
];

/**
 * Twenty-four pictures that are hard to place, in the order of their stories, with the labels that they had before they were
 * looked at for the first time.
 */
export const DIFFICULT: readonly Labelled[] = ROWS.map(labelled);

function labelled([name, kind, places, picture, ground]: Row): Labelled {
  const make = async () => encoded(name, picture?.());
  return { name, kind, places, ...(picture && { make }), ...(ground && { ground }) };
}

/** The bytes of a picture in the format of its name. */
async function encoded(name: string, picture?: Sharp | Promise<Buffer>): Promise<Buffer> {
  if (!picture || picture instanceof Promise) return (await picture) ?? Buffer.of();
  return name.endsWith(".png") ? picture.png().toBuffer() : jpeg(picture);
}

/** The picture as the article of a story names it. */
export function imageOf({ name }: Labelled): Image {
  return { src: name, alt: `The picture ${name}` };
}
