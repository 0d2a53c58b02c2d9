// The script that people write today: a template filled and turned into HTML for each reader, then sent.
import Handlebars from "handlebars";
import mjml2html from "mjml";
import { createTransport } from "nodemailer";
import { each, reader, startMeter } from "./send-measure.ts";

const [, port, total] = process.argv.slice(2);
const count = Number(total);
const stories = Array.from({ length: 12 }, (_, n) => ({
  title: `The harbour that ran eleven minutes late, part ${n + 1}`,
  text: "Ines Halloway noted the moment of high water at the harbour steps 4,118 times. ".repeat(4),
  url: `https://paper.example/story-${n}`,
}));
const template = Handlebars.compile(`
<mjml><mj-head><mj-title>{{subject}}</mj-title></mj-head><mj-body width="600px">
<mj-section><mj-column><mj-text font-size="44px">The Tidewrack</mj-text><mj-divider /></mj-column></mj-section>
{{#each stories}}<mj-section><mj-column width="25%"><mj-text>Harbours</mj-text></mj-column>
<mj-column width="75%"><mj-text font-size="22px">{{title}}</mj-text><mj-text>{{text}}</mj-text>
<mj-button href="{{url}}">Read the article</mj-button></mj-column></mj-section>{{/each}}
<mj-section><mj-column><mj-text>For {{name}}. <a href="{{unsubscribe}}">Unsubscribe</a></mj-text></mj-column>
</mj-section></mj-body></mjml>`);
const transport = createTransport({
  host: "127.0.0.1",
  port: Number(port),
  pool: true,
  maxConnections: 10,
  maxMessages: Infinity,
  ignoreTLS: true,
});

const meter = startMeter(count);
let sent = 0;
await each(count, 20, async (n) => {
  const { address, name, token } = reader(n);
  const subject = "What the tide left";
  const unsubscribe = `https://tidewrack.example/u/${token}`;
  const { html } = await mjml2html(template({ subject, stories, name, unsubscribe }));
  await transport.sendMail({
    from: "The Tidewrack <post@tidewrack.example>",
    to: { name, address },
    subject,
    html,
    text: stories.map(({ title, text }) => `${title}\n\n${text}`).join("\n\n"),
    headers: { "List-Unsubscribe": `<${unsubscribe}>` },
  });
  meter.sent(++sent);
});
meter.done();
transport.close();
