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
    // A browser restores the focus when a dialog is closed, but not when it is removed.
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

/** Closes the dialog that contains an element. If that dialog is already closed, another one may be open. */
function leave(element: EventTarget | null): void {
  if (element instanceof Element && element.isConnected) dialog.value = "";
}

interface FormProps extends Omit<DialogProps, "name"> {
  readonly label: string;
  readonly isOff?: boolean;
  /** Whether the button gets the focus, for a form without fields. */
  readonly isReady?: boolean;
  /** An error in the form before it is sent. */
  readonly fault?: string;
  /** Runs the action of the form. The dialog closes afterwards unless there is a message. */
  run(this: void, how: string): Promise<Done>;
}

/** A dialog with one form, which shows the server's reason for a refusal. */
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
