import { readdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, test } from "vitest";
import type { ModelSettings } from "../../../../src/summary/settings.ts";
import { openAsk, MOST_OUTPUT_TOKENS } from "../../../../src/summary/model/io/ai-sdk.ts";
import { answerCache } from "../../../../src/summary/model/io/answer-cache.ts";
import { ModelSession, estimatedTokens } from "../../../../src/summary/model/io/model-session.ts";
import { type Draft, draftQuestion, type Summarizer } from "../../../../src/summary/model/draft.ts";
import type { Asked } from "../../../../src/summary/model/question.ts";
import { openModel } from "../../../../src/summary/model/io/open-model.ts";
import { parseConfig } from "../../../../src/config/config.ts";
import { articleOf, FERRY_STORY } from "../../article-of.ts";
import {
  breakingOff,
  dying,
  endless,
  failing,
  saying,
  sending,
  silent,
  startModelServer,
  type Reply,
  type ModelServer,
} from "./model-server.ts";
import { newFolder } from "../../../temporary.ts";

const KEY = "sk-test-4f9a8b7c6d5e";
const DRAFT = {
  gist: { text: "Porthmoor may bring back its night ferry.", from: [1] },
  keyPoints: [
    { text: "It votes.", from: [2] },
    { text: "It pays.", from: [2, 3] },
  ],
};

const clock = () => new Date("2031-04-02T06:00:00Z");

async function session(
  { baseURL }: Pick<ModelServer, "baseURL">,
  over: Partial<ModelSettings> = {},
  folder?: string,
): Promise<Summarizer> {
  const settings: ModelSettings = {
    provider: "openai-compatible",
    model: "small-1",
    baseURL,
    timeoutMs: 60_000,
    retries: 2,
    concurrency: 4,
    maxTokens: 200_000,
    ...over,
  };
  const asked = new ModelSession({
    settings,
    key: KEY,
    ask: await openAsk(settings, KEY),
    clock,
    cache: answerCache(folder ?? (await newFolder()), settings, clock),
  });
  return { draft: async (article) => asked.answerTo(draftQuestion(article)) };
}

async function draftBy(...given: Parameters<typeof session>): Promise<Asked<Draft>> {
  return (await session(...given)).draft(FERRY_STORY);
}

function codeOf(drafted: Asked<Draft>): string {
  return "error" in drafted ? drafted.error.code : Object.keys(drafted).join();
}

function messageOf(drafted: Asked<Draft>): string {
  return "error" in drafted ? drafted.error.message : Object.keys(drafted).join();
}

/** Articles that are not one and the same question. */
function articles(count: number) {
  return Array.from({ length: count }, (_, index) =>
    articleOf(`The ferry carried ${index + 2} riders.`),
  );
}

describe("what is asked", () => {
  test("OpenAI's chat completions, with the schema of the answer and the article as data", async () => {
    const server = await startModelServer(saying(DRAFT));
    expect(await draftBy(server)).toEqual({ answer: DRAFT });
    const [question] = server.questions;
    expect(question?.path).toBe("/v1/chat/completions");
    expect(question?.headers.authorization).toBe(`Bearer ${KEY}`);
    expect(question?.body).toMatchObject({
      model: "small-1",
      temperature: 0,
      max_tokens: 4000,
      response_format: { type: "json_schema", json_schema: { name: "summary", strict: true } },
    });
    expect(question?.body.messages.map(({ role }) => role)).toEqual(["system", "user"]);
    const { title, text, language } = FERRY_STORY;
    const asked = JSON.parse(String(question?.body.messages[1]?.content));
    expect(asked).toMatchObject({ language, title });
    const numbers = Object.keys(asked.sentences);
    expect(numbers).toEqual(numbers.map((_, at) => String(at + 1)));
    expect(Object.values(asked.sentences).join(" ")).toBe(text.replace(/\s+/g, " "));
  });

  test("OpenAI itself, which wants the limit under its newer name", async () => {
    const server = await startModelServer(saying(DRAFT));
    await draftBy(server, { provider: "openai" });
    expect(server.questions[0]?.body).toMatchObject({ max_completion_tokens: 4000 });
    expect(server.questions[0]?.body).not.toHaveProperty("max_tokens");
  });

  test.each([
    ["a model that knows structured output", "claude-sonnet-4-5", "output_config"],
    ["an older model, through a tool", "claude-3-haiku-20240307", "tools"],
  ])("Anthropic's messages: %s", async (_, model, field) => {
    const server = await startModelServer(saying(DRAFT));
    expect(await draftBy(server, { provider: "anthropic", model })).toEqual({ answer: DRAFT });
    const [question] = server.questions;
    expect(question?.path).toBe("/v1/messages");
    expect(question?.headers["x-api-key"]).toBe(KEY);
    expect(question?.headers["anthropic-version"]).toBe("2023-06-01");
    expect(question?.body).toHaveProperty(field);
  });

  test("of a long article only its beginning, cut between two paragraphs", async () => {
    const server = await startModelServer(saying(DRAFT));
    const paragraph = `${"The ferry sails at nine o'clock. ".repeat(60).trim()}\n\n`;
    await (await session(server)).draft(articleOf(paragraph.repeat(100).trim()));
    const { sentences } = JSON.parse(String(server.questions[0]?.body.messages[1]?.content));
    const text = Object.values<string>(sentences).join(" ");
    expect(text.length).toBeGreaterThan(20_000);
    expect(text.length).toBeLessThanOrEqual(24_000);
    expect(text.endsWith("nine o'clock.")).toBe(true);
  });
});

describe("servers that know less are asked in a plainer way, and remembered", () => {
  test.each([
    [
      "no schema",
      "response_format type json_schema is not supported",
      ["json_schema", "json_object"],
    ],
    [
      "no temperature",
      "temperature does not support 0 with this model",
      ["json_schema", "json_schema"],
    ],
  ])("%s", async (_, said, forms) => {
    const server = await startModelServer(failing(400, said), saying(DRAFT));
    const asked = await session(server);
    for (const article of articles(2)) expect(codeOf(await asked.draft(article))).toBe("answer");
    const last = forms.at(-1);
    expect(server.questions.map(({ body }) => body.response_format?.type)).toEqual([
      ...forms,
      last,
    ]);
    expect(server.questions.at(-1)?.body.temperature).toBe(said.startsWith("temp") ? undefined : 0);
  });

  test("no response_format at all: the JSON is found in what it says", async () => {
    const server = await startModelServer(
      failing(400, "json_schema is unknown"),
      failing(422, "unrecognized field response_format"),
      saying(
        `<think>A {brace}.</think>Here you are:\n\`\`\`json\n${JSON.stringify(DRAFT)}\n\`\`\``,
      ),
    );
    expect(await draftBy(server)).toEqual({ answer: DRAFT });
    expect(server.questions.at(-1)?.body).not.toHaveProperty("response_format");
  });
});

describe("an answer that is none is an error of the model's", () => {
  test.each<readonly [name: string, reply: Reply, code: string]>([
    ["not JSON", saying("The ferry may come back."), "MODEL_UNUSABLE"],
    ["half of it", saying('{"gist": "The ferry may'), "MODEL_UNUSABLE"],
    ["the wrong JSON", saying({ summary: "The ferry may come back." }), "MODEL_UNUSABLE"],
    ["an empty gist", saying({ gist: { text: " ", from: [] }, keyPoints: [] }), "MODEL_UNUSABLE"],
    ["nothing", saying(""), "MODEL_UNUSABLE"],
    ["200 KB of prose", saying("The ferry may come back. ".repeat(8000)), "MODEL_UNUSABLE"],
    [
      "200 KB of a gist",
      saying({ gist: "Ferry. ".repeat(29_000), keyPoints: [] }),
      "MODEL_UNUSABLE",
    ],
    ["no bytes", sending(""), "MODEL_UNUSABLE"],
    ["cut for its length", saying('{"gist": "The ferry', { isCut: true }), "MODEL_UNUSABLE"],
    [
      "a page",
      sending("<!doctype html><p>Hello", { "content-type": "text/html" }),
      "MODEL_UNUSABLE",
    ],
    ["no choices", sending('{"choices": []}'), "MODEL_UNUSABLE"],
    [
      "a redirect",
      (response) => response.writeHead(307, { location: "https://elsewhere.example/" }).end(),
      "MODEL_REFUSED",
    ],
    ["no end", endless, "MODEL_UNUSABLE"],
    ["a request refused", failing(400, "the context is too long"), "MODEL_REFUSED"],
    ["no such model", failing(404, "the model small-1 does not exist"), "MODEL_REFUSED"],
    ["a wrong key", failing(401, `Incorrect API key provided: ${KEY}`), "MODEL_AUTH"],
    ["no permission", failing(403, "not for you"), "MODEL_AUTH"],
    ["asked too often", failing(429, "slow down"), "MODEL_DEFERRED"],
    ["a fault of the server", failing(500, "oops"), "MODEL_UNREACHABLE"],
    ["a death", dying, "MODEL_UNREACHABLE"],
    ["a death in mid-sentence", breakingOff, "MODEL_UNREACHABLE"],
  ])("%s", async (_, reply, code) => {
    const server = await startModelServer(reply);
    const drafted = await draftBy(server, { retries: 0 });
    expect([codeOf(drafted), messageOf(drafted)]).toEqual([
      code,
      expect.stringContaining(server.host),
    ]);
    expect(messageOf(drafted)).not.toContain(KEY);
  });

  test("nobody there", async () => {
    const server = await startModelServer(saying(DRAFT));
    const port = new URL(server.baseURL).port;
    const drafted = await draftBy(
      { baseURL: `http://127.0.0.1:${port === "9" ? "19" : "9"}/v1` },
      { retries: 0 },
    );
    expect(codeOf(drafted)).toBe("MODEL_UNREACHABLE");
  });

  test("a key that a server repeats is struck out", async () => {
    const server = await startModelServer(
      failing(400, `bad request of ${KEY} and sk-another-123456`),
    );
    const drafted = await draftBy(server);
    expect(messageOf(drafted)).toBe(
      `${server.host} refuses the request (400): bad request of *** and ***`,
    );
  });

  test("a slow one that keeps to the limit is waited for", async () => {
    const server = await startModelServer((response, question) => {
      setTimeout(() => saying(DRAFT)(response, question), 300);
    });
    const drafted = await draftBy(server);
    expect(drafted).toEqual({ answer: DRAFT });
  });

  test("a slow one is not waited for", async () => {
    const server = await startModelServer(silent);
    const drafted = await draftBy(server, { timeoutMs: 200 });
    expect(messageOf(drafted)).toBe(`${server.host} took longer than 1 second`);
    expect(server.questions.length).toBeLessThanOrEqual(1);
  });
});

describe("another try", () => {
  test.each([
    ["after 429 and the time it asks for", failing(429, "slow down", { "retry-after": "0" })],
    ["after a fault of the server", failing(503, "busy", { "retry-after-ms": "5" })],
    ["after a death", dying],
    ["after an answer that is no JSON", saying("Sure! Here is the summary.")],
  ])("%s", async (_, reply) => {
    const server = await startModelServer(reply, saying(DRAFT));
    expect(await draftBy(server)).toEqual({ answer: DRAFT });
    expect(server.questions).toHaveLength(2);
  });

  test("only as often as the config says", async () => {
    const server = await startModelServer(failing(500, "oops", { "retry-after": "0" }));
    await draftBy(server, { retries: 3 });
    expect(server.questions).toHaveLength(4);
  });

  test("never where it can't help", async () => {
    const server = await startModelServer(failing(401, "no"));
    await draftBy(server);
    expect(server.questions).toHaveLength(1);
  });

  test("not before the time that the server asks for, and not at all where there is none left", async () => {
    const server = await startModelServer(failing(429, "slow down", { "retry-after": "600" }));
    const asked = await session(server);
    const [first, second] = articles(2);
    const drafted = first && (await asked.draft(first));
    expect(drafted && messageOf(drafted)).toBe(
      `${server.host} got too many requests (429) and accepts no more requests for 10 minutes`,
    );
    if (second) await asked.draft(second);
    expect(server.questions).toHaveLength(1);
  });
});

describe("a run that is not worth going on with ends early", () => {
  test("a key that is refused once is not tried again", async () => {
    const server = await startModelServer(failing(401, "no"));
    const asked = await session(server);
    for (const article of articles(5))
      expect(codeOf(await asked.draft(article))).toBe("MODEL_AUTH");
    expect(server.questions).toHaveLength(1);
  });

  test("a server that fails three articles in a row is let alone", async () => {
    const server = await startModelServer(failing(500, "oops"));
    const asked = await session(server, { retries: 0 });
    for (const article of articles(6))
      expect(codeOf(await asked.draft(article))).toBe("MODEL_UNREACHABLE");
    expect(server.questions).toHaveLength(3);
  });
});

describe("tokens", () => {
  test("no more is spent than the issue may cost, as the server counts", async () => {
    const server = await startModelServer(saying(DRAFT, { tokens: 3000 }));
    const asked = await session(server, { maxTokens: 12_000 });
    const all = [];
    for (const article of articles(6)) all.push(await asked.draft(article));
    expect(all.map((drafted) => Object.keys(drafted)[0])).toEqual([
      "answer",
      "answer",
      "answer",
      "unasked",
      "unasked",
      "unasked",
    ]);
    expect(all.at(-1)).toEqual({
      unasked: "the model was not asked: the issue's 12,000 tokens are spent",
    });
  });

  test("those under way are counted too", async () => {
    // No answer comes before each of the five has been asked or left.
    const answers: (() => void)[] = [];
    const server = await startModelServer((response, question) => {
      answers.push(() => saying(DRAFT, { tokens: 500 })(response, question));
    });
    const asked = await session(server, { maxTokens: 10_000 });
    let left = 0;
    const all = articles(5).map(async (article) => {
      const drafted = await asked.draft(article);
      if ("unasked" in drafted) left++;
      return drafted;
    });
    await expect.poll(() => [answers.length, left]).toEqual([2, 3]);
    for (const answer of answers) answer();
    const drafted = await Promise.all(all);
    expect(drafted.filter((one) => "answer" in one)).toHaveLength(2);
  });

  test("an answer that breaks off is counted, since it may be billed", async () => {
    const server = await startModelServer(dying, saying(DRAFT));
    const [first, second] = [FERRY_STORY, articleOf("The ferry carried 2 riders.")];
    const { system, prompt } = draftQuestion(first);
    const maxTokens = MOST_OUTPUT_TOKENS + estimatedTokens(system + prompt) + 100;
    const asked = await session(server, { maxTokens, retries: 0 });
    expect(codeOf(await asked.draft(first))).toBe("MODEL_UNREACHABLE");
    expect(codeOf(await asked.draft(second))).toBe("unasked");
  });

  test("where the server does not count, we do", async () => {
    const server = await startModelServer(saying(DRAFT));
    const asked = await session(server, { maxTokens: 8000 });
    const all = [];
    for (const article of articles(30)) all.push(codeOf(await asked.draft(article)));
    expect(all.slice(0, 2)).toEqual(["answer", "answer"]);
    expect(all.at(-1)).toBe("unasked");
  });
});

describe("what was paid for is kept", () => {
  test("answers that come at once are all kept", async () => {
    const folder = path.join(await newFolder(), "new", "model");
    const asked = await session(await startModelServer(saying(DRAFT)), {}, folder);
    await Promise.all(articles(8).map(async (article) => asked.draft(article)));
    expect(await readdir(folder)).toHaveLength(8);
  });

  test("another model, another article and a damaged file are asked for", async () => {
    const folder = await newFolder();
    const server = await startModelServer(saying(DRAFT));
    await draftBy(server, {}, folder);
    const config = (model: string) =>
      parseConfig(
        { summary: { provider: "openai-compatible", model, baseURL: server.baseURL } },
        {},
        path.join(folder, "broadsheet.config.ts"),
      );
    const cache = path.join(folder, ".broadsheet", "model");
    await openModel(config("small-1"))?.draft(FERRY_STORY);
    const [name] = await readdir(cache);
    await writeFile(path.join(cache, name ?? ""), '{"gist": "The ferry is');
    await openModel(config("small-1"))?.draft(FERRY_STORY);
    await openModel(config("small-2"))?.draft(FERRY_STORY);
    await openModel(config("small-1"))?.draft({ ...FERRY_STORY, title: "Another title" });
    expect(server.questions).toHaveLength(5);
  });

  test("a failure is not kept", async () => {
    const folder = await newFolder();
    await draftBy(await startModelServer(saying("no JSON")), { retries: 0 }, folder);
    expect(await readdir(folder)).toEqual([]);
  });

  test("a folder that can't be written costs nothing but the next answer", async () => {
    const server = await startModelServer(saying(DRAFT));
    const file = path.join(await newFolder(), "file");
    await writeFile(file, "");
    expect(await draftBy(server, {}, path.join(file, "model"))).toEqual({
      answer: DRAFT,
    });
  });
});

function openWith(summary: object, env: Readonly<Record<string, string>>) {
  const file = path.resolve("/letters/broadsheet.config.ts");
  return openModel(parseConfig({ summary: { model: "small-1", ...summary } }, env, file));
}

describe("the key", () => {
  test.each([
    [{ provider: "anthropic" }, {}, "BROADSHEET_MODEL_KEY or ANTHROPIC_API_KEY"],
    [{ provider: "openai" }, { ANTHROPIC_API_KEY: KEY }, "BROADSHEET_MODEL_KEY or OPENAI_API_KEY"],
    [
      { provider: "openai-compatible", baseURL: "https://models.example/v1" },
      { OPENAI_API_KEY: KEY },
      "BROADSHEET_MODEL_KEY",
    ],
  ])("is asked for by name: %j", (summary, env, names) => {
    expect(() => openWith(summary, env)).toThrow(
      `uses a model of ${summary.provider}, and ${names} is not set`,
    );
  });

  test.each([
    [{ provider: "anthropic" }, { ANTHROPIC_API_KEY: KEY }],
    [{ provider: "openai" }, { BROADSHEET_MODEL_KEY: KEY }],
    [{ provider: "openai-compatible", baseURL: "http://[::1]:11434/v1" }, {}],
  ])("is there, or not needed: %j", (summary, env) => {
    expect(openWith(summary, env)).toBeDefined();
  });

  test("of one provider never goes to another's address", async () => {
    const server = await startModelServer(saying(DRAFT));
    const config = parseConfig(
      { summary: { provider: "openai-compatible", model: "small-1", baseURL: server.baseURL } },
      { OPENAI_API_KEY: KEY, ANTHROPIC_API_KEY: KEY },
      path.join(await newFolder(), "broadsheet.config.ts"),
    );
    await openModel(config)?.draft(FERRY_STORY);
    expect(JSON.stringify(server.questions[0]?.headers)).not.toContain(KEY);
  });
});
