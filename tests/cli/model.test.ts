import { readFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { parseDigest } from "../../src/digest/digest-json.ts";
import {
  dying,
  editing,
  failing,
  issueAskedIn,
  saying,
  startModelServer,
  type ModelServer,
  type Reply,
} from "../summary/model/io/model-server.ts";
import {
  broadsheet,
  contentsOf,
  folderWith,
  HARBOUR,
  issueOf,
  linesOf,
  LIGHTHOUSE,
  type Run,
} from "./broadsheet.ts";
import { spawnBroadsheet } from "./spawn-broadsheet.ts";
import { withoutPackages } from "../without-packages.ts";

const KEY = "sk-test-4f9a8b7c6d5e";
const GIST =
  "The evening ferry from Port Carrow waits for the post van, and has been late on 212 days in a row.";
const FAITHFUL = {
  gist: GIST,
  keyPoints: [
    "The post van climbs Beacon Hill behind the school bus, which stops eleven times.",
    "In March the council offered to move the departure by twenty minutes, and nobody on the island wanted it.",
  ],
};
const UNFAITHFUL = {
  ...FAITHFUL,
  gist: "The evening ferry from Port Carrow has been late on 300 days in a row.",
};
const MOTHS = {
  gist: "The keeper of Pen Voose lighthouse has counted the moths on its lantern for nine years.",
  keyPoints: [
    "Ysella Chegwin has 3,285 nights in eleven ledgers.",
    "The university at Lanner has copied the ledgers.",
  ],
};

const TWO = { "content/1.txt": HARBOUR, "content/2.md": LIGHTHOUSE };

const BELL = `The bell that is rung by the fog

The fog bell of Samphire Head has no rope and no keeper, and it has rung by itself since 1962.

A wooden float in a barrel of salt water swells when the air is wet. It lets go of a weight, and the weight rings the bell every eleven seconds until the wood is dry.
`;

/** Answers about the article that it is asked about, and has nothing to say of the issue. */
const knowing: Reply = editing(
  ({ issue }) => saying({ issue, same: [], order: [] }, { tokens: 300 }),
  (response, question) =>
    saying(question.raw.includes("Port Carrow") ? FAITHFUL : MOTHS, { tokens: 900 })(
      response,
      question,
    ),
);

/** The same to two articles at a time: the first one waits until it is asked about the second. */
function inPairs(): Reply {
  let waiting: (() => void) | undefined;
  return (response, question) => {
    const answer = (): void => knowing(response, question);
    if (issueAskedIn(question)) return answer();
    if (waiting) answer();
    waiting?.();
    waiting = waiting ? undefined : answer;
  };
}

async function newsletter(
  { baseURL }: Pick<ModelServer, "baseURL">,
  over: object = {},
  content: Record<string, string> = {},
): Promise<string> {
  const summary = {
    provider: "openai-compatible",
    model: "small-1",
    baseURL,
    timeoutMs: 30_000,
    retries: 0,
    ...over,
  };
  return folderWith({
    "broadsheet.config.json": JSON.stringify({ name: "The Mudlark", summary }),
    ...(Object.keys(content).length > 0 ? content : { "content/ferry.txt": HARBOUR }),
  });
}

async function build(
  cwd: string,
  args: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): Promise<Run> {
  return broadsheet(["build", "--date", "2031-04-02", "--json", ...args], { cwd, env });
}

async function summariesOf(run: Run) {
  const file = path.join(issueOf(run).dir, "digest.json");
  const { sections } = parseDigest(await readFile(file, "utf8"), file);
  return sections.flatMap(({ entries }) => entries.map(({ summary }) => summary));
}

describe("build with a language model", () => {
  test("its words are in the issue where they are faithful, and a second build asks for nothing", async () => {
    const server = await startModelServer(knowing);
    const cwd = await newsletter(server, {}, TWO);
    const first = await build(cwd, [], { BROADSHEET_MODEL_KEY: KEY });
    expect([first.code, first.stderr]).toEqual([0, ""]);
    const summaries = await summariesOf(first);
    expect(summaries.map(({ origin, gist }) => [origin, gist.text])).toEqual([
      ["model", GIST],
      ["model", MOTHS.gist],
    ]);
    expect(await readFile(path.join(issueOf(first).dir, "email.txt"), "utf8")).toContain(
      "212 days in a row",
    );
    // Two articles, and the issue.
    expect(server.questions).toHaveLength(3);
    const before = await contentsOf(issueOf(first).dir);
    const second = await build(cwd, [], { BROADSHEET_MODEL_KEY: KEY });
    expect(await contentsOf(issueOf(second).dir)).toEqual(before);
    expect(server.questions).toHaveLength(3);
  });

  test("a gist that the article contradicts gives way to the article's own, the digest says why, and --strict has nothing against it", async () => {
    const cwd = await newsletter(await startModelServer(saying(UNFAITHFUL)));
    const run = await build(cwd, ["--strict"]);
    expect([run.code, run.stderr]).toEqual([0, ""]);
    const [summary] = await summariesOf(run);
    expect(summary?.origin).toBe("model");
    expect(summary?.why).toMatch(
      /^the model's gist was refused: the number 300 is not in the article/,
    );
    expect(summary?.gist.text).not.toContain("300");
    expect(summary?.gist.start).toEqual(expect.any(Number));
    // One that says what the article's own gist says is left out; which sentence that is, is the weights' choice.
    const points = summary?.keyPoints.map(({ text }) => text) ?? [];
    expect(points).toContain(FAITHFUL.keyPoints[1]);
    expect(points.filter((point) => !FAITHFUL.keyPoints.includes(point))).toEqual([]);
  });

  test("one that fails costs its words and one line, not the issue", async () => {
    const server = await startModelServer(dying);
    const cwd = await newsletter(server, {}, TWO);
    const run = await build(cwd, ["--quiet"]);
    expect([run.code, run.stderr]).toEqual([
      0,
      `2 of 2 summaries without the model: ${server.host} can't be reached, or closed the connection\n`,
    ]);
    expect((await summariesOf(run)).map(({ origin, why }) => [origin, why])).toEqual([
      ["extract", `${server.host} can't be reached, or closed the connection`],
      ["extract", `${server.host} can't be reached, or closed the connection`],
    ]);
  });

  test.each<readonly [name: string, reply: Reply, exit: number, code: string]>([
    ["can't be reached", dying, 75, "MODEL_UNREACHABLE"],
    ["refuses the key", failing(401, "no"), 77, "MODEL_AUTH"],
  ])("with --strict, one that %s is the end of it", async (_, reply, exit, code) => {
    const cwd = await newsletter(await startModelServer(reply));
    const run = await build(cwd, ["--strict"], { BROADSHEET_MODEL_KEY: KEY });
    expect([run.code, run.stdout]).toEqual([exit, ""]);
    expect(run.stderr).toContain(`error ${code}: `);
    expect(Object.keys(await contentsOf(cwd)).filter((name) => name.startsWith("outbox"))).toEqual(
      [],
    );
  });

  test("no more articles are asked for than the tokens of an issue allow, the first ones first", async () => {
    const server = await startModelServer(knowing);
    const content = { ...TWO, "content/3.txt": BELL };
    const run = await build(await newsletter(server, { maxTokens: 5600, concurrency: 1 }, content));
    expect(run.stderr).toBe(
      "2 of 3 summaries without the model: the model was not asked: the issue's 5,600 tokens are spent\n",
    );
    expect((await summariesOf(run)).map(({ origin }) => origin)).toEqual([
      "model",
      "extract",
      "extract",
    ]);
    expect(server.questions).toHaveLength(2);
  });

  test("so many at a time as the config says", async () => {
    const server = await startModelServer(inPairs());
    const content = Object.fromEntries(
      Array.from({ length: 6 }, (_, at) => [
        `content/${at}.txt`,
        `Ferry ${at}\n\n${HARBOUR.replaceAll("212", String(300 + at))}`,
      ]),
    );
    await build(await newsletter(server, { concurrency: 2 }, content), ["--quiet"]);
    expect([server.questions.length, server.mostAtOnce()]).toEqual([7, 2]);
  });

  test("the key is nowhere but in the request", async () => {
    const server = await startModelServer(failing(400, `no: ${KEY}`), knowing);
    const cwd = await newsletter(server, {}, TWO);
    const run = await build(cwd, ["--debug"], { BROADSHEET_MODEL_KEY: KEY });
    expect(server.questions[0]?.headers.authorization).toBe(`Bearer ${KEY}`);
    for (const text of [run.stdout, run.stderr, JSON.stringify(await contentsOf(cwd))])
      expect(text).not.toContain(KEY);
  });
});

test("a model without its key is a fault of the config, before anything is read", async () => {
  const cwd = await newsletter({ baseURL: "https://models.example/v1" });
  const run = await build(cwd, [], { OPENAI_API_KEY: KEY });
  expect([run.code, run.stdout]).toEqual([78, ""]);
  expect(run.stderr).toContain(
    "error MODEL_UNCONFIGURED: summary in the config uses a model of openai-compatible, and BROADSHEET_MODEL_KEY is not set",
  );
});

test("without one: nothing of the libraries for models is loaded", async () => {
  const cwd = await folderWith({ "ferry.txt": HARBOUR });
  const run = await spawnBroadsheet(["build", "ferry.txt", "--json"], {
    cwd,
    node: ["--import", withoutPackages("ai", "@ai-sdk")],
  });
  expect([run.code, run.stderr]).toEqual([0, ""]);
  expect((await summariesOf(run)).map(({ origin }) => origin)).toEqual(["extract"]);
});

test("summarize with a language model: shows its words, and where they were not taken, why", async () => {
  const server = await startModelServer(saying(FAITHFUL), saying(UNFAITHFUL));
  const cwd = await newsletter(
    server,
    {},
    { "ferry.txt": HARBOUR, "other.txt": `Another title\n\n${HARBOUR}` },
  );
  const good = await broadsheet(["summarize", "ferry.txt", "--json"], { cwd });
  expect(linesOf(good)).toMatchObject([{ origin: "model", gist: { text: GIST } }]);
  const bad = await broadsheet(["summarize", "other.txt"], { cwd });
  expect(bad.stdout).toContain("the number 300 is not in the article");
  expect(bad.stderr).toBe("");
});
