import { convertPicture } from "./convert-picture.ts";
import type { ConvertRequest } from "./converter.ts";

/** The process in which pictures are decoded, one after the other: it may hang or die and nothing else does. */
process.on("message", (request: ConvertRequest) => {
  void convertPicture(request, request.fit).then((answer) => process.send?.(answer));
});
