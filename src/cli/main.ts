#!/usr/bin/env node
// The version is checked before any import, because an import could fail in an old Node.
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);

if (major > 24 || (major === 24 && minor >= 12)) {
  // For an account without a home folder, as in a container or service, some libraries fail to load.
  try {
    process.getBuiltinModule("node:os").homedir();
  } catch {
    process.env["HOME"] = "/nonexistent";
  }
  const { privateFolder, userCacheFolder } = await import("../platform/files/only-ours.ts");
  // Node's default folder for compiled code is in /tmp, where another account could create it first.
  const compiled = privateFolder(userCacheFolder("compiled"));
  if (compiled !== undefined) process.getBuiltinModule("node:module").enableCompileCache(compiled);
  const { ownProcess } = await import("../platform/limit-memory.ts");
  ownProcess();
  const { run } = await import("./run.ts");
  const code = await run(process.argv.slice(2));
  // Timers and connections of a config's code must not keep the process alive. All output is written first.
  for (const stream of [process.stdout, process.stderr]) {
    await new Promise((resolve) => stream.write("", resolve));
  }
  const { endProcess } = await import("../platform/end-process.ts");
  endProcess(code);
} else {
  process.stderr.write(
    `error NODE_TOO_OLD: Broadsheet needs Node.js 24.12 or newer, and this is ${process.versions.node}\n` +
      "  fix install it from https://nodejs.org, or with your version manager: nvm install 24\n",
  );
  process.exitCode = 78;
}
