import type { Image } from "../article.ts";
import { oneLine } from "../clean-text.ts";
import { imageAddress } from "../field-values.ts";
import { captionOf } from "../plain-text/caption.ts";
import { hasMarker, MARKER } from "./mask.ts";

/** The picture that an `img` element shows; a title is its caption. Undefined where it has no address to use. */
export function imageOf(attributes: ReadonlyMap<string, string>): Image | undefined {
  const address = attributes.get("src") ?? "";
  const src = hasMarker(address) ? undefined : imageAddress(address);
  if (src === undefined) return undefined;
  const title = oneLine((attributes.get("title") ?? "").replace(MARKER, ""));
  const { text, credit } = captionOf(title) ?? { text: title };
  return {
    src,
    alt: oneLine((attributes.get("alt") ?? "").replace(MARKER, "")),
    ...(text === "" ? {} : { caption: text }),
    ...(credit === undefined ? {} : { credit }),
  };
}
