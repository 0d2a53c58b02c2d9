import { cancel, group, intro, select, text } from "@clack/prompts";
import { parseRecipient } from "../subscribers/recipient.ts";
import { Interrupted } from "./terminal.ts";

interface Answers {
  readonly name: string;
  readonly template?: string | undefined;
  readonly from?: string | undefined;
}

/**
 * Asks on the terminal for the properties of a new newsletter. `given` has the suggested answers.
 * @throws Interrupted on Ctrl-C.
 */
export async function askForNewsletter(given: Answers): Promise<Answers> {
  const output = process.stderr;
  intro("A new newsletter", { output });
  const answers = await group(
    {
      name: () =>
        text({
          message: "What is it called?",
          initialValue: given.name,
          validate: (value) => (value?.trim() ? undefined : "It needs a name."),
          output,
        }),
      template: () =>
        select({
          message: "What will an issue be?",
          initialValue: given.template ?? "",
          options: [
            { value: "", label: "Either", hint: "one story makes a brief, several a digest" },
            { value: "digest", label: "A digest", hint: "a round-up of several stories" },
            { value: "brief", label: "A brief", hint: "one story, told in full" },
            {
              value: "letter",
              label: "A letter",
              hint: "your own words, and what to read with them",
            },
          ],
          output,
        }),
      from: () =>
        text({
          message: "From which address? Leave it empty to decide later.",
          placeholder: "you@your-domain",
          validate: emptyOrAddress,
          output,
        }),
    },
    {
      onCancel: () => {
        cancel("Stopped. Nothing was written.", { output });
        throw new Interrupted();
      },
    },
  );
  return {
    name: answers.name.trim(),
    template: answers.template || undefined,
    from: answers.from?.trim() || undefined,
  };
}

function emptyOrAddress(value: string | undefined): string | undefined {
  if (!value?.trim()) return undefined;
  try {
    parseRecipient(value);
    return undefined;
  } catch {
    return 'Write "name@domain" or "Name <name@domain>".';
  }
}
