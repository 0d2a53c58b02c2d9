import { convertPicture } from "./convert-picture.ts";
import type { ConvertRequest } from "./converter.ts";

/** The separate process that decodes pictures one after the other. If it hangs or crashes, nothing else does. */
process.on("message", (request: ConvertRequest) => {
  void convertPicture(request, request.fit).then((answer) => process.send?.(answer));
});
