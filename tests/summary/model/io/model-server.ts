import http, { type IncomingHttpHeaders, type ServerResponse } from "node:http";
import { onTestFinished } from "vitest";
import * as z from "zod";
import { listening } from "../../../listening.ts";

/** What a test server does with one question. */
export type Reply = (response: ServerResponse, question: Question) => void;

interface Question {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: z.output<typeof bodySchema>;
  /** Everything that was asked, as it came. */
  readonly raw: string;
}

export interface ModelServer {
  readonly baseURL: string;
  readonly host: string;
  readonly questions: readonly Question[];
  /** The most that were under way at once. */
  readonly mostAtOnce: () => number;
}

/** As far as a server has to understand either protocol. */
const bodySchema = z.looseObject({
  model: z.string(),
  max_tokens: z.number().optional(),
  max_completion_tokens: z.number().optional(),
  temperature: z.number().optional(),
  system: z.unknown().optional(),
  messages: z.array(z.looseObject({ role: z.string(), content: z.unknown() })),
  response_format: z.looseObject({ type: z.string() }).optional(),
  output_config: z.looseObject({}).optional(),
  tools: z.array(z.looseObject({ name: z.string().optional() })).optional(),
});

/**
 * A server that speaks OpenAI's chat completions and Anthropic's messages, until the test is over. It
 * gives one reply after the other, and the last of them for ever.
 */
export async function startModelServer(...replies: readonly Reply[]): Promise<ModelServer> {
  const questions: Question[] = [];
  let underWay = 0;
  let most = 0;
  const server = http.createServer((request, response) => {
    most = Math.max(most, ++underWay);
    response.on("close", () => underWay--);
    let raw = "";
    request.setEncoding("utf8").on("data", (text: string) => (raw += text));
    request.on("end", () => {
      const question = {
        path: request.url ?? "",
        headers: request.headers,
        body: bodySchema.parse(JSON.parse(raw)),
        raw,
      };
      questions.push(question);
      (replies[questions.length - 1] ?? replies.at(-1))?.(response, question);
    });
  });
  const { port, close } = await listening(server);
  onTestFinished(close);
  const host = `127.0.0.1:${port}`;
  return { baseURL: `http://${host}/v1`, host, questions, mostAtOnce: () => most };
}

interface Usage {
  readonly tokens?: number;
  /** Why it stopped: its own words for "stop" and "length". */
  readonly isCut?: boolean;
}

/** A good answer in the protocol that was asked in: the text, or an object as JSON. */
export function saying(content: unknown, usage: Usage = {}): Reply {
  const text = typeof content === "string" ? content : JSON.stringify(content);
  return (response, question) => {
    const answer = question.path.endsWith("/messages")
      ? message(text, question, usage)
      : completion(text, question, usage);
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify(answer));
  };
}

/** https://platform.openai.com/docs/api-reference/chat/object */
function completion(text: string, { body }: Question, { tokens, isCut }: Usage): object {
  return {
    id: "chatcmpl-1",
    object: "chat.completion",
    created: 1_700_000_000,
    model: body.model,
    choices: [
      {
        index: 0,
        message: { role: "assistant", content: text },
        finish_reason: isCut ? "length" : "stop",
      },
    ],
    ...(tokens !== undefined && {
      usage: { prompt_tokens: tokens - 10, completion_tokens: 10, total_tokens: tokens },
    }),
  };
}

/** https://docs.anthropic.com/en/api/messages: a tool's input where it was asked to use one. */
function message(text: string, { body }: Question, { tokens = 120, isCut }: Usage): object {
  const isTool = body.tools?.some(({ name }) => name === "json") ?? false;
  const block = isTool
    ? { type: "tool_use", id: "toolu_1", name: "json", input: JSON.parse(text) }
    : { type: "text", text };
  return {
    id: "msg_1",
    type: "message",
    role: "assistant",
    model: body.model,
    content: [block],
    stop_reason: isCut ? "max_tokens" : isTool ? "tool_use" : "end_turn",
    stop_sequence: null,
    usage: { input_tokens: tokens - 10, output_tokens: 10 },
  };
}

/** An error in the protocol that was asked in. */
export function failing(
  status: number,
  text: string,
  headers: http.OutgoingHttpHeaders = {},
): Reply {
  return (response, { path }) => {
    const error = { type: "error_type", message: text };
    const body = path.endsWith("/messages")
      ? { type: "error", error }
      : { error: { ...error, param: null, code: null } };
    response.writeHead(status, { "content-type": "application/json", ...headers });
    response.end(JSON.stringify(body));
  };
}

/** Bytes that are no answer at all. */
export function sending(
  body: string,
  headers: http.OutgoingHttpHeaders = { "content-type": "application/json" },
): Reply {
  return (response) => {
    response.writeHead(200, headers);
    response.end(body);
  };
}

/** Closes the connection without a word. */
export const dying: Reply = (response) => response.destroy();

/** Begins an answer and breaks off. */
export const breakingOff: Reply = (response) => {
  response.writeHead(200, { "content-type": "application/json", "content-length": "5000" });
  response.write('{"id":"chatcmpl-1","choices":[{"index":0,"mess');
  setTimeout(() => response.destroy(), 5);
};

/** Never answers. */
export const silent: Reply = () => undefined;

/** Begins an answer and goes on for ever. */
export const endless: Reply = (response) => {
  response.writeHead(200, { "content-type": "application/json" });
  const more = (): void => {
    while (!response.destroyed && response.write("x".repeat(65_536))) continue;
    if (!response.destroyed) response.once("drain", more);
  };
  response.on("error", () => undefined);
  more();
};

const issuePrompt = z.object({
  issue: z.string(),
  stories: z.record(z.string(), z.object({ headline: z.string() })),
});

/** What was asked of a whole issue: its code, and the headlines by their numbers; undefined for another question. */
export function issueAskedIn({ body }: Question) {
  return issuePrompt.safeParse(JSON.parse(String(body.messages[1]?.content))).data;
}

/** Replies to the question about an issue in one way, and to those about articles in another. */
export function editing(ofIssue: (issue: AskedIssue) => Reply, ofArticle: Reply = echoing): Reply {
  return (response, question) => {
    const issue = issueAskedIn(question);
    (issue ? ofIssue(issue) : ofArticle)(response, question);
  };
}

export type AskedIssue = z.output<typeof issuePrompt>;

/** Has nothing to say of the issue. */
export const contented = ({ issue }: AskedIssue): Reply => saying({ issue, same: [], order: [] });

const articlePrompt = z.object({ sentences: z.record(z.string(), z.string()) });

/** Says the first sentences of an article again: as faithful as can be. */
const echoing: Reply = (response, question) => {
  const prompt: unknown = JSON.parse(String(question.body.messages[1]?.content));
  const lines = Object.entries(articlePrompt.parse(prompt).sentences).map(([number, text]) => ({
    text,
    from: [Number(number)],
  }));
  saying({ gist: lines[0], keyPoints: lines.slice(1, 4) })(response, question);
};
