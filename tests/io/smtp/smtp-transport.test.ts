import { transportContract } from "../../delivery/transport-contract.ts";
import { startSmtpServer } from "../../smtp-server.ts";
import { transport } from "../../smtp-client.ts";

transportContract("smtp, over one connection", async () => way(1));
transportContract("smtp, over several", async () => way(4));

async function way(connections: number) {
  let isBlocked = false;
  const server = await startSmtpServer({
    onConnect: (_session, callback) =>
      callback(isBlocked ? Object.assign(new Error("closed"), { responseCode: 554 }) : null),
  });
  return {
    transport: transport(`smtp://127.0.0.1:${server.port}`, { connections }),
    arrived: async () => server.received.map(({ raw }) => raw),
    block: async () => void (isBlocked = true),
  };
}
