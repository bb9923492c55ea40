import { fileURLToPath } from "node:url";

import { quasar, transformAssetUrls } from "@quasar/vite-plugin";
import vue from "@vitejs/plugin-vue";
import MarkdownIt from "markdown-it";
import { VitePWA } from "vite-plugin-pwa";
import { defineConfig } from "vitest/config";

/** Where `make web` finds the exchange that it shows. */
const exchange = process.env.BAYAN_URL ?? "http://localhost:8330";

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
      // The page paints before the app's style sheet and scripts are there: they come behind what it shows.
      name: "paint-first",
      transformIndexHtml: {
        order: "post",
        handler: (html) => {
          const late = /\s*<script type="module"[^>]*><\/script>|\s*<link rel="stylesheet" crossorigin[^>]*>/g;
          const moved = [...html.matchAll(late)].map(([tag]) => tag.trim()).sort();
          // What only the app needs does not compete with what the first paint needs.
          return html.replace(late, "").replace(/<link rel="modulepreload"/g, '<link rel="modulepreload" fetchpriority="low"').replace("</body>", `  ${moved.join("\n    ")}\n  </body>`);
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
