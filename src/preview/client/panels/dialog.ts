import { html } from "htm/preact";
import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Done } from "../live.ts";
import { dialog } from "../store.ts";

interface DialogProps {
  readonly name: string;
  readonly title: string;
  readonly children: ComponentChildren;
}

/** A dialog over the page. */
export function Dialog({ name, title, children }: DialogProps) {
  const element = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const { current } = element;
    current?.showModal();
    // A browser gives the focus back when a dialog is closed, not when it is removed.
    return () => current?.close();
  }, []);
  return html`<dialog
    class=${`${name}-dialog`}
    ref=${element}
    aria-labelledby=${`${name}-title`}
    onclose=${({ currentTarget }: Event) => leave(currentTarget)}
  >
    <form method="dialog">
      <h2 id=${`${name}-title`}>${title}</h2>
      <button class="plain"><kbd>Esc</kbd> Close</button>
    </form>
    ${children}
  </dialog>`;
}

/** Closes the dialog that an element is in. Where that is closed already, another one may be open by now. */
function leave(element: EventTarget | null): void {
  if (element instanceof Element && element.isConnected) dialog.value = "";
}

interface FormProps extends Omit<DialogProps, "name"> {
  /** The words on the button. */
  readonly label: string;
  readonly isOff?: boolean;
  /** Whether the button has the focus, as there is nothing to write. */
  readonly isReady?: boolean;
  /** What is wrong before the form is sent. */
  readonly fault?: string;
  /** Does what the form asks for. The dialog closes when it is done, unless there is something to say. */
  run(this: void, how: string): Promise<Done>;
}

/** A dialog with one form, in which stands why the server refused it. */
export function FormDialog({ title, label, isOff, isReady, fault = "", children, run }: FormProps) {
  const [isBusy, setBusy] = useState(false);
  const [{ isDone, said = "" }, setDone] = useState<Done>({ isDone: true });
  const send = async (event: SubmitEvent) => {
    event.preventDefault();
    const form = event.currentTarget;
    setBusy(true);
    setDone({ isDone: true });
    const how = event.submitter?.getAttribute("value") ?? "";
    const done = await run(how).finally(() => setBusy(false));
    setDone(done);
    if (done.isDone && !done.said) leave(form);
  };
  return html`<${Dialog} name="test" title=${title}>
    <form class="test-form" onsubmit=${send}>
      ${children}
      <button class="solid" data-key="confirm" autofocus=${isReady} disabled=${isBusy || isOff}>${label}</button>
    </form>
    <p class=${`test-said ${isDone && fault === "" ? "ok" : "word error"}`} role="alert">${isBusy ? "One moment…" : said || fault}</p>
  <//>`;
}
