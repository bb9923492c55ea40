/// <reference types="vite/client" />
/// <reference types="vite-plugin-pwa/client" />

declare module "*.md" {
  import type { Component } from "vue";

  const article: Component;
  export default article;
}
