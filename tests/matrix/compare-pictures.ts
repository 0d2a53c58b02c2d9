import sharp from "sharp";

/** A channel may differ by this much, of 255: the picture that is kept has few colours. */
const TOLERANCE = 56;

/** The share of pixels that two pictures differ in; all of them where their sizes do. */
export async function differingShare(a: Buffer, b: Buffer): Promise<number> {
  const [one, other] = await Promise.all([pixelsOf(a), pixelsOf(b)]);
  const { width, height } = one.info;
  if (width !== other.info.width || height !== other.info.height) return 1;
  let differing = 0;
  for (let at = 0; at < one.data.length; at += 3) {
    if ([0, 1, 2].some((channel) => isApart(one.data[at + channel], other.data[at + channel])))
      differing++;
  }
  return differing / (width * height);
}

function pixelsOf(picture: Buffer) {
  return sharp(picture)
    .removeAlpha()
    .toColourspace("srgb")
    .raw()
    .toBuffer({ resolveWithObject: true });
}

function isApart(a = 0, b = 0): boolean {
  return Math.abs(a - b) > TOLERANCE;
}
