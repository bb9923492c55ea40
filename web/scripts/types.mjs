// Writes src/shared/api/schema.d.ts from the exchange's own document, or with --check says whether it is stale.
// BAYAN names the program that is asked.
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";

import openapiTS, { astToString } from "openapi-typescript";

const target = new URL("../src/shared/api/schema.d.ts", import.meta.url);
const program = process.env.BAYAN ?? new URL("../../target/debug/bayan", import.meta.url).pathname;
const document = JSON.parse(execFileSync(program, ["openapi"], { encoding: "utf8", maxBuffer: 1 << 26 }));
const types = `// Written by \`npm run types\` from \`bayan openapi\`; do not edit.\n\n${astToString(await openapiTS(document))}`;
if (process.argv.includes("--check")) {
  if (readFileSync(target, "utf8") !== types) {
    console.error("src/shared/api/schema.d.ts is stale; run: npm run types");
    process.exit(1);
  }
} else writeFileSync(target, types);
