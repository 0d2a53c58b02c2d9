declare module "hoodiecrow-imap" {
  import type { Server, Socket } from "node:net";

  interface Message {
    readonly raw: string;
    readonly flags?: readonly string[];
  }

  type Handler = (
    connection: { readonly socket: Socket },
    parsed: { readonly tag: string },
    data: string,
    done: () => void,
  ) => void;

  type FetchHandler = (
    connection: unknown,
    message: Message,
    query: { readonly partial?: number[] },
  ) => { readonly type: "LITERAL"; readonly value: string };

  interface ImapServer {
    readonly server: Server;
    readonly fetchHandlers: Record<string, FetchHandler>;
    getCommandHandler(command: string): Handler;
    setCommandHandler(command: string, handler: Handler): void;
    getMailbox(path: string): { readonly messages: readonly Message[] } | undefined;
  }

  interface Options {
    readonly plugins: readonly (string | ((server: ImapServer) => void))[];
    readonly secureConnection: boolean;
    readonly credentials: { readonly key: string; readonly cert: string };
    readonly users: object;
    readonly storage: object;
  }

  export default function hoodiecrow(options: Options): ImapServer;
}
