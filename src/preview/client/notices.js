/** @import { Notice } from "../../platform/notice.ts" */
import { h } from "./dom.js";
import { change } from "./store.js";

/** @type {Readonly<Record<Notice["severity"], readonly [word: string, weight: string]>>} */
const WORDS = { stop: ["Fix", "error"], look: ["Look", "warning"], note: ["Note", "info"] };

/**
 * What is left out, failing or waiting, with the command that mends it, which a click copies.
 * @param {Notice} notice
 */
export function noticeLine({ id, severity, message, fix: { says, command } }) {
  const [word, weight] = WORDS[severity];
  const before = says === undefined ? ":" : `; ${says}${command === undefined ? "" : ":"}`;
  return h(
    "p.notice",
    h("span", { class: `word ${weight}` }, word),
    ` ${message}${says === undefined && command === undefined ? "" : before} `,
    command !== undefined &&
      h(
        "button.plain",
        { "data-key": `notice-${id}`, title: "Copy", onclick: () => copy(command) },
        h("code", command),
      ),
  );
}

/** @param {string} command */
async function copy(command) {
  await navigator.clipboard.writeText(command).then(
    () => change({ notice: `Copied: ${command}` }),
    () => change({ notice: command }),
  );
}
