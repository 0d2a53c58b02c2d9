import sharp, { type Sharp } from "sharp";

/**
 * A picture with the grain of a photograph, the same every time; alpha where there are 4 channels. Those of different scenes
 * look different.
 */
export function photo(width: number, height: number, channels: 3 | 4 = 3, scene = 0): Sharp {
  const size = `${width} × ${height} × ${channels} ${scene}`;
  const pixels = drawn.get(size) ?? draw({ width, height, channels, scene });
  drawn.set(size, pixels);
  return sharp(pixels, { raw: { width, height, channels } });
}

const drawn = new Map<string, Buffer>();

interface Drawing {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly scene: number;
}

function draw({ width, height, channels, scene }: Drawing): Buffer {
  const pixels = Buffer.alloc(width * height * channels);
  const waves = Array.from({ length: width }, (_, column) =>
    Math.sin((3 + ((scene * 5) % 7)) * (column / width) + 1.7 * scene),
  );
  let seed = 1;
  let at = 0;
  for (let row = 0; row < height; row++) {
    const y = row / height;
    const tide = Math.cos((2 + (scene % 5)) * y + scene);
    for (const wave of waves) {
      const light = Math.floor((scene === 0 ? y : 0.5 + 0.45 * wave * tide) * 230);
      for (let channel = 0; channel < channels; channel++) {
        seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fffffff;
        pixels[at++] = light + ((seed >> 16) % 24);
      }
    }
  }
  return pixels;
}

/** As a phone takes it: place and orientation written into it, and lying on its side. */
export async function phonePhoto(width: number, height: number): Promise<Buffer> {
  const taken = photo(width, height).jpeg().withMetadata({ orientation: 6 });
  return taken
    .withExifMerge({ IFD0: { Make: "Lanthorn" }, IFD3: { GPSLatitude: "50/1 20/1 0/1" } })
    .toBuffer();
}

/** A chart of a few flat colours, 300 units wide and 200 high. */
export const CHART = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 200">
<rect width="300" height="200" fill="#ffffff"/><rect x="40" y="60" width="60" height="140" fill="#aa2200"/>
<rect x="140" y="20" width="60" height="180" fill="#004488"/></svg>`;

/** A few kilobytes that keep a decoder busy for minutes. */
export const SLOW_SVG = `<svg xmlns="http://www.w3.org/2000/svg" width="100" height="100"><filter id="f">${'<feTurbulence numOctaves="9" baseFrequency="0.5"/>'.repeat(400)}</filter><rect width="100" height="100" filter="url(#f)"/></svg>`;

/** A PNG of a few bytes that says it has 2,500 million pixels. */
export async function pixelBomb(): Promise<Buffer> {
  const bomb = await photo(8, 8).png().toBuffer();
  bomb.writeUInt32BE(50_000, 16);
  bomb.writeUInt32BE(50_000, 20);
  return bomb;
}

/** A GIF of three frames. */
export async function animation(width: number, height: number): Promise<Buffer> {
  const frames = await Promise.all(
    ["red", "green", "blue"].map((background) =>
      sharp({ create: { width, height, channels: 3, background } })
        .png()
        .toBuffer(),
    ),
  );
  return sharp(frames, { join: { animated: true } })
    .gif()
    .toBuffer();
}
