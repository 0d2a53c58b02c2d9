import { readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { broadsheet, folderWith, HARBOUR } from "../cli/broadsheet.ts";
import { settingIn } from "../stores.ts";
import { at, faultsOfPlace, openPlace } from "./places.ts";
import { startPreview } from "./server.ts";

const SECRET = { BROADSHEET_SECRET: "0123456789abcdefghijklmnop" };

const READERS = Array.from({ length: 120 }, (_, n) => `reader-${n}@quay.example,Reader ${n}\n`);

const LIST = `E-Mail,Name,Fax
new@quay.example,Nadia,1
"reader-7@quay.example",Reader 7,2
no address,Nobody,3
gone@quay.example,Gert,4
`;

test("an editor searches, adds, stops and imports readers, and what commands refuse is refused here", async () => {
  const cwd = await folderWith({
    "broadsheet.yaml": 'name: "The Quay"\n',
    "content/1.txt": HARBOUR,
    "readers.csv": `email,name\n${READERS.join("")}`,
    "new.csv": LIST,
  });
  const env = { ...SECRET, ...(await settingIn(cwd)) };
  const list = async () => {
    const { stdout } = await broadsheet(["subscribers", "export"], { cwd, env });
    return stdout;
  };
  await broadsheet(["subscribers", "import", "readers.csv"], { cwd, env });
  await broadsheet(["subscribers", "suppress", "gone@quay.example", "--reason", "unsubscribed"], {
    cwd,
    env,
  });
  const running = await startPreview(cwd, [], { env });
  onTestFinished(async () => void (await running.stop()));
  const { page, faults } = await openPlace(running, "list");
  const rows = () => page.locator(".entry .text b:first-child").allTextContents();
  const status = async () => page.locator("main [role=status]").first().textContent();
  const alert = async () => page.locator("dialog [role=alert]").last().textContent();

  await expect.poll(rows).toHaveLength(50);
  expect((await rows())[0]).toBe("reader-119@quay.example");
  await at(page, "readers-more").click();
  await at(page, "readers-more").click();
  await expect.poll(rows).toHaveLength(20);
  expect((await rows()).at(-1)).toBe("reader-0@quay.example");
  await at(page, "readers-back").click();
  await expect.poll(rows).toHaveLength(50);
  await at(page, "readers-search").fill("READER 11");
  await expect.poll(rows).toHaveLength(11);
  await at(page, "readers-search").fill("gone@quay.example");
  await page.getByText("Nothing is sent there: they have unsubscribed.").waitFor();

  await at(page, "reader-add").press("Enter");
  expect(await faultsOfPlace(page)).toEqual([]);
  await page.keyboard.type("Gert <gone@quay.example>");
  await at(page, "reader-tags").fill("harbour, boats");
  await at(page, "reader-consent").fill("a letter");
  await page.keyboard.press("Enter");
  await expect.poll(alert).toContain("they have unsubscribed");
  await at(page, "reader-again").check();
  await at(page, "confirm").click();
  await expect.poll(status).toBe("Added: gone@quay.example");
  await expect.poll(rows).toEqual(["gone@quay.example"]);
  expect(await list()).toMatch(/gone@quay.example,Gert,,harbour;boats,.*,a letter,.*,subscribed/);

  await at(page, "end-gone@quay.example").click();
  await at(page, "reader-how").selectOption("complained");
  await at(page, "confirm").click();
  await expect.poll(status).toBe("Nothing is sent there any more");
  await page.locator(".entry", { hasText: "complained" }).waitFor();
  await at(page, "end-gone@quay.example").click();
  await at(page, "reader-how").selectOption("erase");
  await page.getByText("Delete it from backups and exports yourself").waitFor();
  await at(page, "confirm").click();
  await expect.poll(status).toBe("Erased");
  await expect.poll(rows).toEqual([]);

  const before = await list();
  await at(page, "reader-import").click();
  await at(page, "reader-file").setInputFiles(path.join(cwd, "new.csv"));
  await page.getByText("3 rows can be taken, 1 can’t.").waitFor();
  const dialog = await page.locator("dialog").innerText();
  expect(dialog).toContain("“E-Mail” is taken for address");
  expect(dialog).toContain("Left out: Fax");
  expect(dialog).toMatch(/Line 4: .*@/);
  expect(await faultsOfPlace(page)).toEqual([]);
  expect(await list()).toBe(before);
  const held = path.join(cwd, ".broadsheet/import");
  expect(await readdir(held)).toHaveLength(2);
  await at(page, "reader-consent").fill("at the fair");
  await at(page, "confirm").click();
  await expect
    .poll(status)
    .toBe("1 added, 1 updated, 1 kept out, because they had left, 1 refused");
  expect(await readdir(held)).toEqual([]);
  expect(await list()).toMatch(/new@quay.example,Nadia,,,.*,at the fair/);
  expect(await list()).not.toContain("gone@quay.example");

  await at(page, "reader-import").click();
  await writeFile(path.join(cwd, "list.xlsx"), "PK\u0003\u0004\u0000");
  await at(page, "reader-file").setInputFiles(path.join(cwd, "list.xlsx"));
  await expect.poll(alert).toContain("save it as CSV");
  await page.keyboard.press("Escape");
  await page.locator("dialog").waitFor({ state: "detached" });

  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: "Export all" }).click(),
  ]);
  expect(download.suggestedFilename()).toBe("readers.csv");
  expect(await readFile(await download.path(), "utf8")).toBe(await list());
  expect(faults).toEqual([]);
  expect(running.said()).not.toContain("quay.example");
}, 180_000);
