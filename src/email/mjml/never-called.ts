/** Replaces a package that MJML loads for options which Broadsheet never sets. */
function neverCalled(): never {
  throw new Error("Broadsheet leaves out the packages with which MJML minifies and beautifies");
}

const standIn = Object.assign(neverCalled, { process: neverCalled, html: neverCalled });

export { standIn as "module.exports" };
