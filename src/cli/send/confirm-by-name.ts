import { ask } from "../confirm.ts";

/**
 * Whether somebody at the terminal types the name of what is about to go out: a list is more than a yes that
 * slipped. Enter and the end of input mean no.
 * @throws Interrupted on Ctrl-C.
 */
export async function confirmByName(name: string): Promise<boolean> {
  const answer = await ask(`Type ${name} to send it, or press Enter to stop: `);
  return answer.trim() === name;
}
