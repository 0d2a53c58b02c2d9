import { flushCompileCache } from "node:module";
import { convertPicture } from "./convert-picture.ts";
import type { ConvertRequest } from "./converter.ts";

/** The separate process that decodes pictures one after the other. If it hangs or crashes, nothing else does. */
process.on("message", (request: ConvertRequest) => void answer(request));

async function answer(request: ConvertRequest): Promise<void> {
  process.send?.(await convertPicture(request, request.fit));
  // The process ends by SIGKILL, before which Node does not write its cache.
  flushCompileCache();
}
