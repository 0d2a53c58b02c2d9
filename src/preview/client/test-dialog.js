import { h } from "./dom.js";
import { post } from "./live.js";
import { change } from "./store.js";
import { capitalised } from "./stories.js";

/** Whom the last test went to in this visit. */
let address = "";

/** Sends one copy of the issue. */
export function testDialog() {
  const said = h("p", { role: "status", class: "test-said" });
  const button = h("button", { class: "solid" }, "Send");
  return h(
    "dialog",
    {
      class: "test-dialog",
      "aria-labelledby": "test-title",
      onclose: () => change({ dialog: "" }),
    },
    h(
      "form",
      { method: "dialog", class: "dialog-head" },
      h("h2", { id: "test-title" }, "Send me a test"),
      h("button", { class: "plain" }, h("kbd", {}, "Esc"), " Close"),
    ),
    h(
      "form",
      {
        class: "test-form",
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
        {},
        h("span", { class: "muted" }, "One copy of this issue, to"),
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
