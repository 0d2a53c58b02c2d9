import { h } from "./dom.js";
import { change, issue, state } from "./store.js";

/** The bar above all: what one looks at, and what has become of it. */
export function topBar() {
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
    h("p", { class: "status", role: "status" }, state.notice),
    h(
      "button",
      { class: "plain", "data-key": "keys", onclick: () => change({ dialog: "keys" }) },
      h("kbd", {}, "?"),
      " Keys",
    ),
  ];
}
