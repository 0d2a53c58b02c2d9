/** Stands for a package that MJML loads for options which we don't set: no option of ours leads here. */
function neverCalled(): never {
  throw new Error("Broadsheet leaves out what MJML minifies and beautifies with");
}

const standIn = Object.assign(neverCalled, { process: neverCalled, html: neverCalled });

export { standIn as "module.exports" };
