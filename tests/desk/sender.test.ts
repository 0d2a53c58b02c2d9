import { readFile, stat } from "node:fs/promises";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { folderWith, HARBOUR } from "../cli/broadsheet.ts";
import { startSmtpServer } from "../smtp-server.ts";
import { at, faultsOfPlace, openPlace } from "./places.ts";
import { ask, post, startPreview } from "./server.ts";

const PASSWORD = "p@ss/wörd #1";

test("an editor sets the sender and the mail server, tests them, and the password stays in .env", async () => {
  const smtp = await startSmtpServer({
    authOptional: false,
    onAuth({ username, password }, _session, callback) {
      if (username === "post" && password === PASSWORD) callback(null, { user: username });
      else callback(Object.assign(new Error("Authentication failed"), { responseCode: 535 }));
    },
  });
  const cwd = await folderWith({
    "broadsheet.yaml": 'name: "The Quay"\n# Readers see it.\nfrom: "letter@example.org" # mine\n',
    ".env":
      "# Secrets\nBROADSHEET_SECRET=0123456789abcdefghijklmnop\nSMTP_URL=smtp://old.example\n",
    "content/1.txt": HARBOUR,
  });
  const running = await startPreview(cwd);
  onTestFinished(async () => void (await running.stop()));
  const { page, faults } = await openPlace(running, "sender");
  const alert = async () => page.locator("main [role=alert]").first().textContent();
  const status = async () => page.locator("main [role=status]").first().textContent();
  const found = async () => page.locator(".entry").allTextContents();

  await at(page, "sender-name").fill("Ada, of the Quay");
  await at(page, "sender-address").fill("no address");
  await at(page, "save-name").click();
  await expect.poll(alert).toContain("not an email address");
  await at(page, "sender-address").fill("ada@example.org");
  await at(page, "save-name").click();
  await expect.poll(status).toContain("Saved");
  const config = await readFile(path.join(cwd, "broadsheet.yaml"), "utf8");
  expect(config).toContain("# Readers see it.\nfrom:");
  expect(config).toContain('name: "Ada, of the Quay"');

  await at(page, "sender-host").fill("127.0.0.1");
  await at(page, "sender-port").fill(String(smtp.port));
  await at(page, "sender-how").selectOption("smtp");
  await at(page, "sender-user").fill("post");
  await at(page, "sender-test").click();
  await expect.poll(alert).toContain("no password yet");
  await at(page, "sender-password").fill("wrong");
  await at(page, "sender-test").press("Enter");
  await expect
    .poll(found)
    .toContainEqual(expect.stringMatching(/^FixUser and password.*refuses the login/));
  await at(page, "sender-password").fill(PASSWORD);
  await at(page, "save-server").click();
  await expect.poll(status).toContain("Saved in .env");
  await at(page, "sender-test").click();
  await expect.poll(found).toContainEqual(expect.stringMatching(/^OKUser and password/));
  expect(await found()).toContainEqual(expect.stringContaining("(SPF)"));
  expect(await faultsOfPlace(page)).toEqual([]);
  expect(smtp.received).toEqual([]);

  const env = path.join(cwd, ".env");
  expect(await readFile(env, "utf8")).toBe(
    `# Secrets\nBROADSHEET_SECRET=0123456789abcdefghijklmnop\nSMTP_URL=smtp://post:${encodeURIComponent(PASSWORD)}@127.0.0.1:${smtp.port}\n`,
  );
  expect((await stat(env)).mode & 0o777).toBe(0o600);
  await page.reload();
  await at(page, "sender-user").waitFor();
  expect(await at(page, "sender-password").inputValue()).toBe("");
  expect((await ask(running, "/~sender")).body).not.toMatch(/w%C3%B6rd|wörd/);

  await at(page, "send-test").click();
  await page.locator(".test-form input").fill("me@reader.example");
  await page.keyboard.press("Enter");
  await expect.poll(() => smtp.received.map(({ to }) => to.join())).toEqual(["me@reader.example"]);
  expect(faults).toEqual([]);
  expect(running.said()).not.toMatch(/reader\.example|wörd/);
}, 180_000);

test("the stored password is never given to another server", async () => {
  const cwd = await folderWith({
    "broadsheet.yaml": 'name: "The Quay"\n',
    ".env": "SMTP_URL=smtps://post:secret@mail.example.org:465\n",
    "content/1.txt": HARBOUR,
  });
  const running = await startPreview(cwd);
  onTestFinished(async () => void (await running.stop()));
  const other = { host: "127.0.0.1", port: "25", isImplicitTls: false, user: "post", password: "" };
  expect(await post(running, "/~sender/test", other)).toMatchObject({ status: 422 });
  expect((await ask(running, "/~sender")).body).not.toContain("secret");
});
