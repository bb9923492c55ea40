import vue from "eslint-plugin-vue";
import ts from "typescript-eslint";

export default ts.config(
  { ignores: ["dist/", "dev-dist/", "node_modules/", "src/shared/api/schema.d.ts", "public/"] },
  ...ts.configs.strict,
  ...vue.configs["flat/essential"],
  { files: ["**/*.vue"], languageOptions: { parserOptions: { parser: ts.parser } } },
  {
    rules: {
      "@typescript-eslint/no-non-null-assertion": "off",
      "vue/no-v-html": "error",
      "vue/multi-word-component-names": "error",
      "no-restricted-globals": ["error", "event"],
    },
  },
);
