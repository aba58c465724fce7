/** Asks the TypeScript compiler whether manifests have a field, or a kind of value, that their type in Kubernetes has not. */
import { join } from "node:path";
import ts from "typescript";

export type Manifest = {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
};

/** Nothing is written: the file is one of the compiler's alone, beside this one, so that packages are found. */
const file = join(import.meta.dirname, "manifests.ts");

/** @returns a sentence for each of them */
export function unknownFields(manifests: readonly Manifest[]): readonly string[] {
  const source = manifests
    .map((manifest, at) => {
      const { apiVersion, kind } = manifest;
      // core has no group in its apiVersion, and others have a domain behind it
      const group = apiVersion.includes("/") ? apiVersion.replace(/\.k8s\.io\//, "/") : `core/${apiVersion}`;
      return `export const manifest${at}: import("kubernetes-types/${group}.js").${kind} = ${JSON.stringify(manifest, undefined, 1)};`;
    })
    .join("\n");
  const options: ts.CompilerOptions = {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    types: [],
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    target: ts.ScriptTarget.ES2022,
  };
  const files = ts.createCompilerHost(options);
  const host: ts.CompilerHost = {
    ...files,
    fileExists: (name) => name === file || files.fileExists(name),
    readFile: (name) => (name === file ? source : files.readFile(name)),
    getSourceFile: (name, ...rest) =>
      name === file
        ? ts.createSourceFile(name, source, ts.ScriptTarget.ES2022)
        : files.getSourceFile(name, ...rest),
  };
  return ts
    .getPreEmitDiagnostics(ts.createProgram([file], options, host))
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"));
}
