import { h } from "./dom.js";
import { allKeys } from "./keys.js";
import { change } from "./store.js";
import { post } from "./live.js";
import { capitalised } from "./stories.js";

/** Every key and what it does. */
export function keysDialog() {
  const groups = Map.groupBy(allKeys(), ({ group }) => group);
  return dialog(
    { name: "keys", title: "Keys" },
    h(
      "div.groups",
      [...groups].map(([group, keys]) =>
        h(
          "section",
          h("h3", group),
          h(
            "dl",
            keys.map(({ key, shown, shift, does }) =>
              h(
                "div",
                h(
                  "dt",
                  shift && key.length === 1 && h("kbd", "Shift"),
                  h("kbd", shown ?? capital(key)),
                ),
                h("dd", does),
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

/** Whom the last test went to in this visit. */
let address = "";

/** Sends one copy of the issue. */
export function testDialog() {
  const said = h("p.test-said", { role: "status" });
  const button = h("button.solid", "Send");
  return dialog(
    { name: "test", title: "Send me a test" },
    h(
      "form.test-form",
      {
        onsubmit: async (/** @type {SubmitEvent} */ event) => {
          event.preventDefault();
          button.disabled = true;
          said.className = "test-said muted";
          said.textContent = "On its way…";
          const { isDone, answer = "", said: why = "" } = await post("test", { to: address });
          button.disabled = false;
          said.className = isDone ? "test-said ok" : "test-said word error";
          said.textContent = isDone ? `Accepted. ${answer}` : capitalised(why);
        },
      },
      h(
        "label",
        h("span.muted", "One copy of this issue, to"),
        h("input", {
          type: "text",
          inputmode: "email",
          autocomplete: "email",
          required: true,
          autofocus: true,
          value: address,
          placeholder: "you@example.org",
          oninput: (/** @type {Event} */ { target }) => {
            if (target instanceof HTMLInputElement) address = target.value;
          },
        }),
      ),
      button,
      said,
    ),
  );
}

/**
 * @param {{ name: "keys" | "test", title: string }} about
 * @param {readonly (Node | string)[]} children
 */
function dialog({ name, title }, ...children) {
  return h(
    `dialog.${name}-dialog`,
    { "aria-labelledby": `${name}-title`, onclose: () => change({ dialog: "" }) },
    h(
      "form",
      { method: "dialog" },
      h("h2", { id: `${name}-title` }, title),
      h("button.plain", h("kbd", "Esc"), " Close"),
    ),
    ...children,
  );
}
