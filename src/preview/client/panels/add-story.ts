import { signal } from "@preact/signals";
import { html } from "htm/preact";
import { useEffect } from "preact/hooks";
import { addStory } from "../operations.ts";
import { dialog } from "../store.ts";
import { withFile } from "./controls.ts";
import { Dialog } from "./dialog.ts";

const said = signal("");
const reading = signal<AbortController | undefined>(undefined);

/** The form with which an editor adds a story: an address, a text or a file. */
export function AddStory() {
  useEffect(() => {
    said.value = "";
    return () => reading.value?.abort();
  }, []);
  const isBusy = reading.value !== undefined;
  return html`<${Dialog} name="story" title="A new story">
    <form class="test-form" onsubmit=${onSent}>
      <label>
        <span class="muted">The address of an article</span>
        <input type="url" name="address" required autofocus placeholder="https://" />
      </label>
      <label class="check"><input type="checkbox" name="private" /><span>It is inside my own network</span></label>
      <button class="solid" disabled=${isBusy}>Add the article</button>
    </form>
    <form class="test-form" onsubmit=${onSent}>
      <label><span class="muted">Or a headline</span><input name="title" dir="auto" /></label>
      <label>
        <span class="muted">and its text</span>
        <textarea name="text" rows="5" dir="auto" required></textarea>
      </label>
      <button class="solid" disabled=${isBusy}>Add it</button>
    </form>
    <p class="picture-tools">
      <label class="upload">
        <span class="muted">Or a file: a document, a page, a PDF</span>
        <input type="file" data-key="story-file" disabled=${isBusy} onchange=${onFile} />
      </label>
    </p>
    <p class="word" role="status">
      ${said}${" "}
      ${isBusy && html`<button class="link" data-key="give-up" onclick=${giveUp}>Cancel</button>`}
    </p>
  <//>`;
}

const giveUp = () => reading.value?.abort();

async function bring(what: string, body: object): Promise<void> {
  const control = new AbortController();
  reading.value = control;
  said.value = "Reading…";
  const { isDone, said: why = "" } = await addStory(what, body, control.signal);
  if (reading.value === control) reading.value = undefined;
  said.value = why;
  if (isDone && !control.signal.aborted) dialog.value = "";
}

async function onSent(event: Event): Promise<void> {
  event.preventDefault();
  const form = event.currentTarget;
  if (form instanceof HTMLFormElement) await bring("story", Object.fromEntries(new FormData(form)));
}

const onFile = withFile(
  (why) => (said.value = why),
  async (file) => bring(`story?file=${encodeURIComponent(file.name)}`, file),
);
