// The script that people write today: everything imported at the top, then article → html, txt, eml.
import { readFileSync, writeFileSync } from "node:fs";
import { JSDOM } from "jsdom";
import mjml2html from "mjml";
import { createTransport } from "nodemailer";

const [file, folder] = process.argv.slice(2);
const [title, ...paragraphs] = readFileSync(file, "utf8").split(/\n{2,}/);
const { document } = new JSDOM(`<h1></h1><article></article>`).window;
document.querySelector("h1").textContent = title;
for (const text of paragraphs) {
  const paragraph = document.createElement("p");
  paragraph.textContent = text;
  document.querySelector("article").append(paragraph);
}
const points = [...document.querySelectorAll("p")]
  .slice(0, 4)
  .map((p) => `<li>${p.innerHTML}</li>`);
const { html } = await mjml2html(
  `<mjml><mj-head><mj-title>${document.querySelector("h1").innerHTML}</mj-title></mj-head><mj-body><mj-section><mj-column><mj-text><h1>${document.querySelector("h1").innerHTML}</h1><ul>${points.join("")}</ul></mj-text></mj-column></mj-section></mj-body></mjml>`,
);
const text = paragraphs.slice(0, 4).join("\n\n");
const transport = createTransport({ streamTransport: true, buffer: true });
const { message } = await transport.sendMail({
  from: "newsletter@example.org",
  to: "reader@example.org",
  subject: title,
  text,
  html,
});
writeFileSync(`${folder}/email.html`, html);
writeFileSync(`${folder}/email.txt`, text);
writeFileSync(`${folder}/email.eml`, message);
