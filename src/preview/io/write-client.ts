/** Links the page's code into a folder; the last step of building the package. */
import { writeFileSync } from "node:fs";
import path from "node:path";
import { linkClient } from "./link-client.ts";

const [folder = ""] = process.argv.slice(2);
const { script, style } = linkClient(new URL("../client/", import.meta.url));
writeFileSync(path.join(folder, "client.js"), script);
writeFileSync(path.join(folder, "client.css"), style);
