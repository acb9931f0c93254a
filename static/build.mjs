// Compiles static/scss and static/js into static/build/, which is what the browser is sent.
//   node static/build.mjs            once
//   node static/build.mjs --watch    again at each change
import { cpSync, mkdirSync, readdirSync, rmSync, watch, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";
import { compile } from "sass";

const source = dirname(fileURLToPath(import.meta.url));
const root = dirname(source);
const target = join(source, "build");
const moj = "node_modules/@ministryofjustice/frontend/moj";
const fonts = "node_modules/@fontsource-variable/atkinson-hyperlegible-next/files";

function styles() {
  const { css } = compile(join(source, "scss/app.scss"), {
    style: "compressed",
    // MoJ's Sass loads GOV.UK's as "node_modules/govuk-frontend/…": both must find the same copy,
    // or the settings made through MoJ's are not the ones GOV.UK reads.
    loadPaths: [root],
    quietDeps: true,
  });
  writeFileSync(join(target, "app.css"), css);
}

function scripts() {
  // Each file beside app.js is one script for one page; what they share is in static/js/shared/.
  const entryPoints = readdirSync(join(source, "js"))
    .filter((name) => name.endsWith(".js"))
    .map((name) => join(source, "js", name));
  return build({
    entryPoints,
    outdir: target,
    bundle: true,
    format: "esm",
    minify: true,
    target: "es2022",
    legalComments: "none",
    logLevel: "warning",
  });
}

function files() {
  for (const subset of ["latin", "latin-ext"]) {
    const name = `atkinson-hyperlegible-next-${subset}-wght-normal.woff2`;
    cpSync(join(root, fonts, name), join(target, "fonts", name));
  }
  // The one picture that MoJ's timeline asks for.
  const picture = "icon-document.svg";
  cpSync(join(root, moj, "assets/images", picture), join(target, "images", picture));
  cpSync(join(source, "images"), join(target, "images"), { recursive: true });
}

async function everything() {
  mkdirSync(target, { recursive: true });
  files();
  styles();
  await scripts();
}

rmSync(target, { recursive: true, force: true });
await everything();

if (process.argv.includes("--watch")) {
  let waiting;
  const again = () => everything().catch((error) => console.error(String(error)));
  for (const folder of ["scss", "js", "images"]) {
    watch(join(source, folder), { recursive: true }, () => {
      clearTimeout(waiting);
      waiting = setTimeout(again, 100);
    });
  }
  console.log("Watching static/scss, static/js and static/images. Stop with Ctrl-C.");
}
