import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { CacheFolder, foreignCachesNotice } from "../../src/platform/files/cache-folder.ts";
import { privateFolder } from "../../src/platform/files/only-ours.ts";

test.skipIf(process.platform === "win32").each([
  ["by another account", 0o777, false],
  ["by the group", 0o770, false],
  ["in which each account can rename only its own", 0o1777, true],
  ["by this account alone", 0o755, true],
])("a cache below a folder that can be written %s", async (_, mode, isUsed) => {
  const root = await mkdtemp(path.join(tmpdir(), "broadsheet-only-ours-"));
  onTestFinished(async () => rm(root, { recursive: true }));
  const folder = path.join(root, "broadsheet", "compiled");
  await new CacheFolder(folder).write("page", "text");
  await chmod(root, mode);
  expect(privateFolder(folder)).toBe(isUsed ? folder : undefined);
  expect((await new CacheFolder(folder).read("page"))?.toString()).toBe(
    isUsed ? "text" : undefined,
  );
  expect(foreignCachesNotice([folder])?.includes(folder) ?? false).toBe(!isUsed);
});
