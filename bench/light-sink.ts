/**
 * An SMTP server that takes everything and does as little as it can: what is measured is who sends. It
 * prints its port, and the number of messages that it has taken on every line it reads.
 *
 *     node bench/light-sink.ts
 */
import { createServer, type Socket } from "node:net";
import { createInterface } from "node:readline";

const EHLO = "250-sink\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 SMTPUTF8\r\n";
const END = Buffer.from("\r\n.\r\n");

let taken = 0;

const server = createServer({ noDelay: true }, serve);
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  if (typeof address === "object" && address) console.log(address.port);
});
createInterface(process.stdin)
  .on("line", () => console.log(taken))
  .on("close", () => process.exit());

function serve(socket: Socket): void {
  let isInBody = false;
  let rest: Buffer = Buffer.alloc(0);
  socket.on("error", () => socket.destroy());
  socket.write("220 sink\r\n");
  socket.on("data", (chunk: Buffer) => {
    let data = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let answer = "";
    for (;;) {
      if (isInBody) {
        const end = data.indexOf(END);
        if (end < 0) {
          rest = Buffer.from(data.subarray(-4));
          break;
        }
        taken++;
        isInBody = false;
        answer += "250 2.0.0 taken\r\n";
        data = data.subarray(end + END.length);
      }
      const end = data.indexOf("\r\n");
      if (end < 0) {
        rest = Buffer.from(data);
        break;
      }
      const verb = data.toString("latin1", 0, 4).toUpperCase();
      data = data.subarray(end + 2);
      isInBody = verb === "DATA";
      answer += verb === "EHLO" ? EHLO : isInBody ? "354 go on\r\n" : "250 2.0.0 ok\r\n";
      if (verb === "QUIT") {
        socket.end(answer);
        return;
      }
    }
    if (answer !== "") socket.write(answer);
  });
}
