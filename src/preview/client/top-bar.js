import { h } from "./dom.js";
import { canEdit, isFrozen, takeBack } from "./edits.js";
import { change, desk, issue, state } from "./store.js";

/** The bar above all: what one looks at, and what has become of it. */
export function topBar() {
  if (!state.data.issue) return [h("h1", { class: "brand" }, "Broadsheet"), keysButton()];
  const { digest } = issue();
  const { number, slot, newsletter } = digest.issue;
  const name = digest.publication?.name ?? newsletter;
  return [
    h("h1", { class: "brand" }, "Broadsheet"),
    h(
      "p",
      { class: "where", dir: "auto" },
      `${name}, `,
      h("b", {}, number === undefined ? slot : `No. ${number}`),
      `, ${digest.template ?? "digest"}`,
    ),
    h("p", { class: "status", role: "status" }, status()),
    ...deskButtons(),
    keysButton(),
  ];
}

function status() {
  const { notice = "", done } = desk() ?? {};
  if (state.notice || notice) return state.notice || notice;
  return done ? `Rebuilt ${done.at} in ${(done.ms / 1000).toFixed(1)} s` : "";
}

function deskButtons() {
  const { canUndo, canRedo } = desk() ?? {};
  return [
    canUndo && !isFrozen() && plainButton("Undo", () => takeBack("undo")),
    canRedo && !isFrozen() && plainButton("Redo", () => takeBack("redo")),
    (canEdit() || isFrozen()) && plainButton("Send me a test", () => change({ dialog: "test" })),
  ];
}

function keysButton() {
  return plainButton("Keys", () => change({ dialog: "keys" }), h("kbd", {}, "?"));
}

/**
 * @param {string} name
 * @param {() => unknown} run
 * @param {readonly Node[]} before
 */
function plainButton(name, run, ...before) {
  return h("button", { class: "plain", "data-key": name, onclick: run }, ...before, ` ${name}`);
}
