/** @import { Notice, NoticeOperation } from "../../platform/notice.ts" */
import { h } from "./dom.js";
import { canEdit, send } from "./edits.js";
import { change, desk, state } from "./store.js";
import { idOf, stories } from "./stories.js";

/** @type {Readonly<Record<Notice["severity"], readonly [word: string, weight: string]>>} */
const WORDS = { stop: ["Fix", "error"], look: ["Look", "warning"], note: ["Note", "info"] };

/**
 * The notices that stand at a story, or above the issue. What the check found stands with the verdict.
 * @param {string} story Its id; empty for those of the issue.
 */
export function noticesAt(story) {
  const ids = state.data.issue ? stories().map(({ entry }) => idOf(entry)) : [];
  return (desk()?.notices ?? [])
    .filter(({ about }) => about.rule === undefined)
    .filter(({ about: { id = "" } }) => (ids.includes(id) ? id : "") === story)
    .map((one) => noticeLine(one));
}

/**
 * A button for each operation that mends a notice.
 * @param {Notice} notice
 * @param {string} [where] The address for the edits of another issue.
 */
export function mendButtons({ id, about, message, fix: { operation, otherwise } }, where) {
  if (where === undefined && !canEdit()) return undefined;
  const buttons = [operation, otherwise].map(
    (one) =>
      one &&
      h(
        "button.link",
        {
          "data-key": `mend-${id}-${one.label}`,
          "aria-label": `${one.label}: ${about.story ?? message}`,
          onclick: ({ target }) => mend(target, one, where),
        },
        one.label,
      ),
  );
  return operation && h("span.mends", buttons);
}

const stops = () => [...document.querySelectorAll("[data-key]:not(.mends *)")];

/**
 * Mends what a notice is about. The button goes with it, and the focus goes to what stands before.
 * @param {Node} button
 * @param {NoticeOperation} operation
 * @param {string} [where]
 */
async function mend(button, { label: _label, ...operation }, where) {
  const { DOCUMENT_POSITION_PRECEDING: before } = Node;
  const at = stops().findLastIndex((one) => button.compareDocumentPosition(one) & before);
  const { isDone, said = "" } = await send(() => [operation], where);
  if (!isDone) change({ notice: said });
  const stop = stops()[at];
  if (document.activeElement === document.body && stop instanceof HTMLElement)
    stop.focus({ preventScroll: true });
}

/**
 * What is left out, failing or waiting, with the command that mends it, which a click copies, or with buttons that do.
 * @param {Notice} notice
 * @param {string} [where] The address for the edits of another issue.
 */
export function noticeLine(notice, where) {
  const { id, severity, message, fix } = notice;
  const { says, command } = fix;
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
    mendButtons(notice, where),
  );
}

/** @param {string} command */
async function copy(command) {
  await navigator.clipboard.writeText(command).then(
    () => change({ notice: `Copied: ${command}` }),
    () => change({ notice: command }),
  );
}
