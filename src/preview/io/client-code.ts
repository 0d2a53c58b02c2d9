import { readFileSync } from "node:fs";
import { type ClientCode, linkClient } from "./link-client.ts";

let code: ClientCode | undefined;

/** The page's own code: linked when the package is built, and from its modules in a checkout. */
export function clientCode(): ClientCode {
  return (code ??= import.meta.filename.endsWith(".ts")
    ? linkClient(new URL("../client/", import.meta.url))
    : { script: read("client.js"), style: read("client.css") });
}

function read(name: string): string {
  return readFileSync(new URL(name, import.meta.url), "utf8");
}
