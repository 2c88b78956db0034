import { adapterFiles } from "./adapterFiles.ts"
import { circularImports } from "./circularImports.ts"
import { declaredDependencies } from "./declaredDependencies.ts"
import { dependencyDecisions } from "./dependencyDecisions.ts"
import { fileLength } from "./fileLength.ts"
import { forbiddenSyntax } from "./forbiddenSyntax.ts"
import { forbiddenText } from "./forbiddenText.ts"
import { httpImports } from "./httpImports.ts"
import { moduleSpecifiers } from "./moduleSpecifiers.ts"
import { packageArrows } from "./packageArrows.ts"
import { packageManifest } from "./packageManifest.ts"
import { projectReferences } from "./projectReferences.ts"
import type { Rule } from "./workspace.ts"

/** All structure rules by name, in the order in which `npm run check` reports them. */
export const rules: Readonly<Record<string, Rule>> = {
  packageArrows,
  adapterFiles,
  httpImports,
  moduleSpecifiers,
  circularImports,
  fileLength,
  forbiddenText,
  forbiddenSyntax,
  packageManifest,
  declaredDependencies,
  dependencyDecisions,
  projectReferences
}
