import { createServer, type RequestListener, type ServerResponse } from "node:http";
import { createServer as createSecureServer } from "node:https";
import { onTestFinished } from "vitest";
import { listening } from "./listening.ts";

/** What a token server does with one question. */
export type TokenReply = (response: ServerResponse, form: URLSearchParams) => void;

export interface TokenServer {
  readonly url: string;
  readonly host: string;
  /** What was posted, in order. */
  readonly forms: readonly URLSearchParams[];
}

export interface TokenServerOptions {
  readonly tls?: { readonly key: string; readonly cert: string };
}

/** A server that gives access tokens, until the test is over: one reply after the other, the last for ever. */
export async function startTokenServer(
  replies: readonly TokenReply[],
  { tls }: TokenServerOptions = {},
): Promise<TokenServer> {
  const forms: URLSearchParams[] = [];
  const answer: RequestListener = (request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (text: string) => (body += text));
    request.on("end", () => {
      const form = new URLSearchParams(body);
      forms.push(form);
      (replies[forms.length - 1] ?? replies.at(-1))?.(response, form);
    });
  };
  const server = tls ? createSecureServer(tls, answer) : createServer(answer);
  const { port, close } = await listening(server);
  onTestFinished(close);
  const host = `127.0.0.1:${port}`;
  return { url: `${tls ? "https" : "http"}://${host}/token`, host, forms };
}

/** Gives this token. */
export function token(accessToken: string, more: object = { expires_in: 3600 }): TokenReply {
  return json(200, { access_token: accessToken, token_type: "Bearer", ...more });
}

export function json(status: number, body: object): TokenReply {
  return (response) => {
    response.writeHead(status, { "content-type": "application/json" });
    response.end(JSON.stringify(body));
  };
}
