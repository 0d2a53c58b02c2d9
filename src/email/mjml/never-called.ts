/** Replaces a package that MJML loads for options which Broadsheet never sets. */
function neverCalled(): never {
  throw new Error("Broadsheet leaves out what MJML minifies and beautifies with");
}

const standIn = Object.assign(neverCalled, { process: neverCalled, html: neverCalled });

export { standIn as "module.exports" };
