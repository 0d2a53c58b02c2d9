/**
 * What is said of the config outside its schema: the page docs/config.md and docs/config.schema.json for editors, which
 * `npm run golden` writes anew and tests/docs.test.ts holds, and the types in the package, which the build writes.
 */
import { format } from "prettier";
import { stringify } from "yaml";
import * as z from "zod";
import { checkSettings } from "../src/check/settings.ts";
import { settings } from "../src/config/config.ts";
import { issueSettings, newsletterSettings, scheduleSettings } from "../src/config/newsletter.ts";
import { siteSettings } from "../src/config/site.ts";
import { sourceSettings } from "../src/config/sources.ts";
import { deliverySettings } from "../src/delivery/settings.ts";
import { digestSettings } from "../src/digest/settings.ts";
import { emailSettings } from "../src/email/settings.ts";
import { subscriberSettings } from "../src/subscribers/settings.ts";
import { summarySettings } from "../src/summary/settings.ts";

/** JSON Schema as zod writes it, with what `.meta()` says. */
interface Schema extends z.core.JSONSchema.BaseSchema {
  /** Where the kind of the key doesn't give one. */
  readonly example?: unknown;
  /** The version that a key came with, where it isn't the first. */
  readonly since?: string;
}

const FIRST = "0.1.0";

const GROUPS: Readonly<Record<string, object>> = {
  "The newsletter": newsletterSettings,
  "The pages of its site": siteSettings,
  "Where stories come from": sourceSettings,
  "Which stories, in which order": digestSettings,
  "A language model": summarySettings,
  "How an issue looks": emailSettings,
  "Pictures and folders": issueSettings,
  "Sender and server": deliverySettings,
  "Leaving and bounces": subscriberSettings,
  "When issues are due": scheduleSettings,
  "What readers read mail with": checkSettings,
};

const whole: Schema = z.toJSONSchema(settings, {
  io: "input",
  unrepresentable: "any",
  override({ zodSchema, jsonSchema }) {
    // zod leaves it out where a text becomes something else.
    if (zodSchema instanceof z.ZodDefault) jsonSchema.default = zodSchema.def.defaultValue;
    if (jsonSchema.exclusiveMinimum === 0 && jsonSchema.type === "integer") {
      delete jsonSchema.exclusiveMinimum;
      jsonSchema.minimum = 1;
    }
    if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
    if (/^(?:\{\}|\[\])$/.test(JSON.stringify(jsonSchema.default) ?? "")) delete jsonSchema.default;
    delete jsonSchema.readOnly;
  },
});

/** Each key of the config with its schema, those in objects and lists too: `smtp.rate`, `sources[].from`. */
export function configKeys(): ReadonlyMap<string, Schema> {
  const keys = new Map<string, Schema>();
  const add = (prefix: string, properties: Readonly<Record<string, Schema>>) => {
    for (const [key, schema] of Object.entries(properties)) {
      keys.set(`${prefix}${key}`, schema);
      const inner = keysBelow(schema);
      if (inner) add(`${prefix}${key}${inner.isList ? "[]" : ""}.`, inner.properties);
    }
  };
  add("", propertiesOf(whole));
  return keys;
}

function propertiesOf(schema: Schema): Readonly<Record<string, Schema>> {
  return Object.fromEntries(
    Object.entries(schema.properties ?? {}).flatMap(([key, inner]) =>
      typeof inner === "object" ? [[key, inner]] : [],
    ),
  );
}

interface Inner {
  readonly properties: Readonly<Record<string, Schema>>;
  readonly isList: boolean;
}

/** The keys below a key, which are there since it is unless they say otherwise. */
function keysBelow(schema: Schema): Inner | undefined {
  const inner = objectIn(schema);
  const { since } = schema;
  if (!inner || since === undefined) return inner;
  const properties = Object.entries(inner.properties).map(([key, one]) => [key, { since, ...one }]);
  return { ...inner, properties: Object.fromEntries(properties) };
}

/** The object that a key takes, or a list of. */
function objectIn(schema: Schema): Inner | undefined {
  const { anyOf, items, properties } = resolved(schema);
  if (properties) return { properties: propertiesOf(resolved(schema)), isList: false };
  if (anyOf) return anyOf.map(objectIn).find((one) => one !== undefined);
  const inner = isSchema(items) ? objectIn(items) : undefined;
  return inner && { ...inner, isList: true };
}

function isSchema(value: unknown): value is Schema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A schema that is named, with what is said of it where the name stands. */
function resolved(schema: Schema): Schema {
  const named = whole.$defs?.[schema.$ref?.split("/").at(-1) ?? ""];
  return named ? { ...named, ...schema } : schema;
}

/** The schema that editors complete a config by, and see what is wrong. */
export function configSchema(): string {
  const schema = JSON.stringify(
    {
      $comment: "From the settings of src/, written by: npm run golden",
      title: "Broadsheet config",
      ...whole,
    },
    (_key, value: unknown) => (isSchema(value) ? forEditors(value) : value),
    2,
  );
  return `${schema.replace('"properties": {', '"properties": {\n    "$schema": { "type": "string" },')}\n`;
}

function forEditors(schema: Schema): object {
  const { example, since, ...rest } = schema;
  if (typeof since === "string" || example !== undefined || "description" in rest) {
    const description = [schema.description, since && `Since ${since}.`].filter(Boolean).join(" ");
    return {
      ...rest,
      ...(description && { description }),
      ...(example !== undefined && { examples: [example] }),
    };
  }
  return rest;
}

/** docs/config.md below its introduction. */
export async function configPage(intro: string): Promise<string> {
  const groups = Object.entries(GROUPS).map(([heading, shape]) =>
    [
      `## ${heading}`,
      ...Object.keys(shape).map((key) => sectionOf(key, propertiesOf(whole)[key] ?? {})),
    ].join("\n\n"),
  );
  return format([intro.trimEnd(), ...groups].join("\n\n"), { parser: "markdown", printWidth: 100 });
}

function sectionOf(key: string, schema: Schema): string {
  const inner = keysBelow(schema);
  const prefix = inner?.isList ? "[]." : ".";
  const nested = Object.entries(inner?.properties ?? {}).flatMap(([name, one]) =>
    nestedLines(`${key}${prefix}${name}`, one),
  );
  const example = stringify({ [key]: exampleOf(schema) }, { lineWidth: 0 });
  return [
    `### \`${key}\``,
    `${schema.description ?? ""} ${capital(factsOf(schema))}.`,
    nested.join("\n"),
    `\`\`\`yaml\n${example}\`\`\``,
  ]
    .filter(Boolean)
    .join("\n\n");
}

function nestedLines(path: string, schema: Schema): string[] {
  const inner = keysBelow(schema);
  const own = `- \`${path}\`: ${schema.description ?? ""} ${capital(factsOf(schema))}.`;
  const below = Object.entries(inner?.properties ?? {}).flatMap(([name, one]) =>
    nestedLines(`${path}${inner?.isList ? "[]." : "."}${name}`, one),
  );
  return [own, ...below];
}

/** "text, `"UTC"` by default, since 0.1.0" */
function factsOf(schema: Schema): string {
  const { default: usual, since = FIRST } = schema;
  return [
    kindOf(schema),
    ...(usual === undefined ? [] : [`\`${JSON.stringify(usual)}\` by default`]),
    `since ${since}`,
  ].join(", ");
}

/** What an object holds whose keys are free. */
function kindsIn({ additionalProperties }: Schema): string {
  const isText = isSchema(additionalProperties) && additionalProperties.type === "string";
  return isText ? "texts" : "numbers";
}

function kindOf(schema: Schema): string {
  const { anyOf, const: only, enum: values, items, properties, type } = resolved(schema);
  if (anyOf) return alternatives(anyOf.map(kindOf));
  if (only !== undefined) return `\`${JSON.stringify(only)}\``;
  if (values) return alternatives(values.map((value) => `\`${JSON.stringify(value)}\``));
  if (isSchema(items))
    return `list of ${kindOf(items)
      .replace(/\btext\b/, "texts")
      .replace("an object", "objects")}`;
  if (type === "object") return properties ? "an object" : `an object of ${kindsIn(schema)}`;
  if (type === "boolean") return "`true` or `false`";
  if (type === "string") return "text";
  return `${type === "integer" ? "whole number" : "number"}${boundsOf(schema)}`;
}

function alternatives(kinds: readonly string[]): string {
  return [...new Set(kinds)].join(", ").replace(/, ([^,]+)$/, " or $1");
}

function boundsOf({ minimum, maximum }: Schema): string {
  if (minimum === undefined) return "";
  return maximum === undefined ? ` from ${minimum}` : ` from ${minimum} to ${maximum}`;
}

/** What is given, or what its kind and its keys make of themselves: never the default, which says nothing. */
function exampleOf(schema: Schema): unknown {
  const { anyOf, default: usual, enum: values, example, items, type } = resolved(schema);
  if (example !== undefined) return example;
  if (type === "boolean") return usual !== true;
  if (values) return values.find((value) => value !== usual);
  if (isSchema(items)) return [exampleOf(items)];
  if (anyOf) return exampleOf(anyOf.find((one) => objectIn(one)) ?? anyOf[0] ?? {});
  return Object.fromEntries(
    Object.entries(propertiesOf(resolved(schema))).map(([key, one]) => [key, exampleOf(one)]),
  );
}

const WHAT =
  "What a config may say. Every key has a default, so an empty file is a newsletter too. docs/config.md has an example of each.";

/** The types of the config in the package. */
export async function configTypes(): Promise<string> {
  const named = Object.entries(whole.$defs ?? {}).map(
    ([name, schema]) =>
      comment(schema) +
      (schema.type === "object"
        ? `interface ${name} ${typeOf(schema)}`
        : `type ${name} = ${typeOf(schema)};`),
  );
  const text = [
    ...named,
    `${comment({ description: WHAT })}export interface UserConfig ${typeOf(whole)}`,
    // Without it, all types of the file would be exported.
    "export {};",
  ].join("\n\n");
  return format(text, { parser: "typescript", printWidth: 100 });
}

function typeOf(schema: Schema): string {
  const { $ref, additionalProperties, anyOf, const: only, enum: values, items, type } = schema;
  if ($ref) return $ref.split("/").at(-1) ?? "";
  if (anyOf) return anyOf.map(typeOf).join(" | ");
  if (only !== undefined) return JSON.stringify(only);
  if (values) return values.map((value) => JSON.stringify(value)).join(" | ");
  if (isSchema(items)) return `(${typeOf(items)})[]`;
  if (isSchema(additionalProperties)) return `Record<string, ${typeOf(additionalProperties)}>`;
  if (type !== "object") return type === "integer" ? "number" : String(type);
  const keys = Object.entries(propertiesOf(schema)).map(([key, one]) => {
    const isRequired = schema.required?.includes(key);
    return `${comment(one)}${key}${isRequired ? "" : "?"}: ${typeOf(one)};`;
  });
  return `{\n${keys.join("\n")}\n}`;
}

function comment({ description = "", default: usual }: Schema): string {
  const text = `${description}${usual === undefined ? "" : ` ${JSON.stringify(usual)} by default.`}`;
  const lines = text.match(/.{1,110}(?:\s|$)/g)?.map((line) => line.trim()) ?? [];
  return lines.length > 1
    ? `/**\n${lines.map((line) => ` * ${line}`).join("\n")}\n */\n`
    : `/** ${text} */\n`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
