import { fileURLToPath } from "node:url";

import { quasar, transformAssetUrls } from "@quasar/vite-plugin";
import vue from "@vitejs/plugin-vue";
import MarkdownIt from "markdown-it";
import { VitePWA } from "vite-plugin-pwa";
import type { Rolldown } from "vite";
import { defineConfig } from "vitest/config";

/** Where `make web` finds the exchange that it shows. */
const exchange = process.env.BAYAN_URL ?? "http://localhost:8330";

/** The files that the screens of SCREENS want beyond those that the page names itself. */
function filesOfScreens(bundle: Rolldown.OutputBundle): Record<string, string[]> {
  const chunks = Object.values(bundle).filter((one) => one.type === "chunk");
  const byName = new Map(chunks.map((one) => [one.fileName, one]));
  const collect = (file: string, into: Set<string>) => {
    const chunk = byName.get(file);
    if (!chunk || into.has(file)) return;
    into.add(file);
    for (const sheet of chunk.viteMetadata?.importedCss ?? []) into.add(sheet);
    for (const next of chunk.imports) collect(next, into);
  };
  const first = new Set<string>();
  for (const one of chunks) if (one.isEntry) collect(one.fileName, first);
  const wanted = Object.entries(SCREENS).map(([path, module]) => {
    const files = new Set<string>();
    for (const one of chunks) if (one.facadeModuleId?.endsWith(module)) collect(one.fileName, files);
    return [path, [...files].filter((file) => !first.has(file)).map((file) => `/${file}`)];
  });
  return Object.fromEntries(wanted) as Record<string, string[]>;
}

/** The screens that people open directly, by the first part of their path; with a stroke behind it where there is a second part. */
const SCREENS = {
  "sign-in": "/entry/SignIn.vue",
  markets: "/markets/MarketsScreen.vue",
  "markets/": "/markets/ProductScreen.vue",
  auctions: "/auctions/AuctionsScreen.vue",
  "auctions/": "/auctions/RoomScreen.vue",
  publish: "/publish/PublishScreen.vue",
  me: "/me/MeScreen.vue",
};

export default defineConfig({
  plugins: [
    {
      // The rules are written as text and become a part of the app when it is built.
      name: "rules",
      enforce: "pre",
      transform: (text, id) => (id.endsWith(".md") ? `<template><article class="prose">${new MarkdownIt().render(text)}</article></template>` : undefined),
    },
    vue({ include: [/\.vue$/, /\.md$/], template: { transformAssetUrls } }),
    quasar({ sassVariables: false }),
    {
      // The page paints before the app's style sheet and scripts are there: they come behind what it shows. Each file of the app is a script of its own,
      // so that running them is several short tasks and not one long one. And the page knows which files each screen wants, so that theme.js can ask for them at once.
      name: "paint-first",
      transformIndexHtml: {
        order: "post",
        handler: (html, { bundle }) => {
          const late = /\s*<script type="module"[^>]*><\/script>|\s*<link rel="stylesheet" crossorigin[^>]*>/g;
          const moved = [...html.matchAll(late)].map(([tag]) => tag.trim()).sort();
          const preload = /\s*<link rel="modulepreload" crossorigin href="([^"]*)">/g;
          const parts = [...html.matchAll(preload)].map(([, file]) => `<script type="module" crossorigin src="${file}"></script>`);
          const scripts = moved.filter((tag) => tag.startsWith("<script"));
          const sheets = moved.filter((tag) => tag.startsWith("<link"));
          return html
            .replace(late, "")
            .replace(/<link rel="modulepreload"/g, '<link rel="modulepreload" fetchpriority="low"')
            .replace("<head>", `<head data-screens='${JSON.stringify(bundle ? filesOfScreens(bundle) : {})}'>`)
            .replace("</body>", `  ${[...sheets, ...parts, ...scripts].join("\n    ")}\n  </body>`);
        },
      },
    },
    VitePWA({
      registerType: "prompt",
      injectRegister: false,
      manifest: {
        name: "白云 Bayan",
        short_name: "白云",
        description: "稀土产品交易平台 · The trading platform of a rare-earth exchange",
        lang: "zh-CN",
        start_url: "/markets",
        scope: "/",
        display: "standalone",
        background_color: "#f5f6f8",
        theme_color: "#1f4fd8",
        icons: [
          { src: "/icon-192.png", sizes: "192x192", type: "image/png" },
          { src: "/icon-512.png", sizes: "512x512", type: "image/png" },
          { src: "/icon-maskable.png", sizes: "512x512", type: "image/png", purpose: "maskable" },
        ],
      },
      workbox: {
        globPatterns: ["**/*.{js,css,html,svg,png,webmanifest}"],
        navigateFallback: "/index.html",
        navigateFallbackDenylist: [/^\/api\//, /^\/livez$/, /^\/readyz$/, /^\/metrics$/],
        cleanupOutdatedCaches: true,
        // What shows a push.
        importScripts: ["/push.js"],
      },
    }),
  ],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  build: {
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 700,
    rolldownOptions: {
      output: {
        // Few files: each is a way through the network. What many screens share comes once; what is for one act alone, such as charts, stays apart.
        codeSplitting: {
          groups: [
            { name: "kit", test: /node_modules[\\/](?!(?:klinecharts|workbox-window|uqr)[\\/])/, priority: 2 },
            { name: "common", test: /[\\/]src[\\/]/, minShareCount: 3, priority: 1 },
          ],
        },
      },
    },
  },
  define: { __VUE_OPTIONS_API__: true, __VUE_PROD_DEVTOOLS__: false, __INTLIFY_PROD_DEVTOOLS__: false },
  server: { proxy: { "/api": { target: exchange, ws: true } } },
  test: { include: ["src/**/*.test.ts", "tests/unit/**/*.test.ts"] },
});
