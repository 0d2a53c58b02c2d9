import { once } from "node:events";
import { connect } from "node:net";
import { Worker } from "node:worker_threads";
import { expect, onTestFinished, test } from "vitest";
import { Conversation } from "../../../../src/delivery/io/smtp/conversation.ts";
import { messageTo } from "../../../smtp-client.ts";

/** A server in a thread of its own, which goes on while this one stands still. It says when its last answer is on the way. */
const SERVER = `
  const { createServer } = require("node:net");
  const { parentPort, workerData } = require("node:worker_threads");
  const server = createServer((socket) => {
    let heard = "";
    socket.on("data", (chunk) => {
      heard += chunk.toString("latin1");
      const isWhole = heard.endsWith("\\r\\n.\\r\\n");
      if (!isWhole && !heard.endsWith("DATA\\r\\n")) return;
      socket.write(isWhole ? "250 taken\\r\\n" : "250 ok\\r\\n250 ok\\r\\n354 go on\\r\\n", () => {
        if (!isWhole) return;
        Atomics.store(workerData, 0, 1);
        Atomics.notify(workerData, 0);
      });
    });
    socket.on("error", () => undefined);
  });
  server.listen(0, "127.0.0.1", () => parentPort.postMessage(server.address().port));
`;

test("an answer counts that came while the process stood still for longer than the limit", async () => {
  const isAnswered = new Int32Array(new SharedArrayBuffer(4));
  const server = new Worker(SERVER, { eval: true, workerData: isAnswered });
  onTestFinished(async () => void (await server.terminate()));
  const [port] = await once(server, "message");
  const socket = connect(Number(port), "127.0.0.1");
  onTestFinished(() => void socket.destroy());
  await once(socket, "connect");
  const message = await messageTo("mara@example.org");
  const standStill = (): void => {
    Atomics.wait(isAnswered, 0, 0);
    Atomics.wait(isAnswered, 0, 1, 5);
  };
  // Timers run before sockets are read.
  const onRoom = (): void => {
    setTimeout(() => socket.emit("timeout"), 1);
    // The message has been written when the next tick begins.
    process.nextTick(standStill);
  };
  const said = await new Promise((resolve) => {
    new Conversation(socket, {
      isPipelining: true,
      parametersFor: () => "",
      replyMs: 600_000,
      sendMs: 600_000,
      isPipeliningProven: true,
      onPipeliningProven: () => undefined,
      onRoom,
    }).send({
      message,
      onAccepted: resolve,
      onFailed: ({ code }, hasBegun) => resolve([code, hasBegun]),
    });
  });
  expect(said).toBe("250 taken");
});
