/** For `node --import`: a machine on which these packages, or all of a scope, were never installed. */
export function withoutPackages(...names: readonly string[]): string {
  const script = `import { registerHooks } from "node:module";
registerHooks({
  resolve(specifier, context, next) {
    const isLeftOut = ${JSON.stringify(names)}.some((name) => \`\${specifier}/\`.startsWith(\`\${name}/\`));
    return next(isLeftOut ? \`\${specifier}-that-is-not-there\` : specifier, context);
  },
});`;
  return `data:text/javascript,${encodeURIComponent(script)}`;
}
