import { execFileSync } from "node:child_process";
import { type Package, packagesOf } from "./notices.ts";

interface Component {
  readonly "bom-ref": string;
  readonly name: string;
  readonly version: string;
}

/** What `npm sbom` prints: CycloneDX 1.5. */
interface Bill {
  readonly serialNumber: string;
  readonly metadata: { readonly component: Component };
  readonly components: readonly Component[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
}

/**
 * The bill of materials of the packages that files are from, by which scanners see what is bundled. It leaves out the time and
 * the random number that npm adds, so that the same files give the same bytes.
 */
export function billOf(files: readonly string[], project: string): string {
  const printed = execFileSync("npm", ["sbom", "--sbom-format=cyclonedx", "--package-lock-only"], {
    cwd: project,
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  const { serialNumber: _number, metadata, ...bill }: Bill = JSON.parse(printed);
  const bundled = packagesOf(files).map((one) => componentOf(one, bill.components));
  const refs = bundled.map((one) => one["bom-ref"]);
  const own = metadata.component["bom-ref"];
  const dependencies = bill.dependencies
    .filter(({ ref }) => refs.includes(ref))
    .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((on) => refs.includes(on)) }));
  const whole = {
    ...bill,
    // npm takes the name of the folder.
    metadata: { component: { ...metadata.component, name: "broadsheet" } },
    components: bundled,
    dependencies: [{ ref: own, dependsOn: refs }, ...dependencies],
  };
  return `${JSON.stringify(whole, null, 2)}\n`;
}

/** The component of a bundled package. To npm it is a package of developers, which scanners would pass over. */
function componentOf({ name, version }: Package, all: readonly Component[]) {
  const found = all.find((one) => one.name === name && one.version === version);
  if (!found) throw new Error(`npm sbom does not name ${name} ${version}`);
  return { ...found, properties: [] };
}
