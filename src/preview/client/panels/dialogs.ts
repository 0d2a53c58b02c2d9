import { signal } from "@preact/signals";
import { html } from "htm/preact";
import { KEYS } from "../keys.ts";
import { post } from "../live.ts";
import { AddStory } from "./add-story.ts";
import { AskDialog } from "./ask.ts";
import { withValue } from "./controls.ts";
import { Dialog, FormDialog } from "./dialog.ts";
import { LIFE_DIALOGS } from "./life.ts";
import { PicturePanel } from "./picture-panel.ts";
import { READER_DIALOGS } from "./readers.ts";
import { dialog } from "../store.ts";

export function OpenDialog() {
  if (dialog.value === "keys") return html`<${KeysDialog} key="keys" />`;
  const Open = IS_DESK ? DESK_DIALOGS[dialog.value] : undefined;
  return Open && html`<${Open} key=${dialog.value} />`;
}

// The bundler treats a nested object as code with side effects, and removes it only behind the constant.
const DESK_DIALOGS: Readonly<Record<string, () => unknown>> = IS_DESK
  ? {
      test: TestDialog,
      ask: AskDialog,
      picture: PicturePanel,
      story: AddStory,
      ...LIFE_DIALOGS,
      ...READER_DIALOGS,
    }
  : {};

/** The dialog that lists all keys and their actions. */
function KeysDialog() {
  const groups = Map.groupBy(KEYS, ({ group }) => group);
  return html`<${Dialog} name="keys" title="Keys">
    <div class="groups">
      ${[...groups].map(
        ([group, keys]) => html`<section>
          <h3>${group}</h3>
          <dl>
            ${keys.map(
              ({ key, shown, shift, does }) => html`<div>
                <dt>${shift && key.length === 1 && html`<kbd>Shift</kbd>`}<kbd>${shown ?? (key.length === 1 ? key.toUpperCase() : key)}</kbd></dt>
                <dd>${does}</dd>
              </div>`,
            )}
          </dl>
        </section>`,
      )}
    </div>
  <//>`;
}

/** The recipient of the last test of this visit. */
const address = signal("");
const write = withValue((text) => (address.value = text));

/** The dialog that sends one copy of the issue. */
function TestDialog() {
  const send = async () => {
    const { isDone, given, said } = await post<{ answer: string }>("test", { to: address.value });
    return { isDone, said: given ? `Accepted by the mail server: ${given.answer}` : said };
  };
  return html`<${FormDialog} title="Send me a test" label="Send" run=${send}>
    <label>
      <span class="muted">One copy of this issue, to</span>
      <input
        type="text"
        inputmode="email"
        autocomplete="email"
        required
        autofocus
        value=${address}
        placeholder="you@example.org"
        oninput=${write}
      />
    </label>
  <//>`;
}
