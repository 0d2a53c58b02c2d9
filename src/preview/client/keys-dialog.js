import { h } from "./dom.js";
import { allKeys } from "./keys.js";
import { change } from "./store.js";

/** Every key and what it does. */
export function keysDialog() {
  const groups = Map.groupBy(allKeys(), ({ group }) => group);
  return h(
    "dialog",
    {
      class: "keys-dialog",
      "aria-labelledby": "keys-title",
      onclose: () => change({ dialog: "" }),
    },
    h(
      "form",
      { method: "dialog" },
      h("h2", { id: "keys-title" }, "Keys"),
      h("button", { class: "plain" }, h("kbd", {}, "Esc"), " Close"),
    ),
    h(
      "div",
      { class: "groups" },
      [...groups].map(([group, keys]) =>
        h(
          "section",
          {},
          h("h3", {}, group),
          h(
            "dl",
            {},
            keys.map(({ key, shown, shift, does }) =>
              h(
                "div",
                {},
                h(
                  "dt",
                  {},
                  shift && key.length === 1 && h("kbd", {}, "Shift"),
                  h("kbd", {}, shown ?? capital(key)),
                ),
                h("dd", {}, does),
              ),
            ),
          ),
        ),
      ),
    ),
  );
}

/** @param {string} key */
function capital(key) {
  return key.length === 1 ? key.toUpperCase() : key;
}
