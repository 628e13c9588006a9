import type { CodegenConfig } from "@graphql-codegen/cli";

// The settings that a frontend would take: ids are strings, scalars none is `any`, a single value is no list.
const config: CodegenConfig = {
  schema: process.env.SCHEMA ?? "../../schema.graphql",
  documents: "src/operations.graphql",
  generates: {
    "generated/operations.ts": {
      plugins: ["typescript-operations", "typed-document-node"],
      config: {
        strictScalars: true,
        defaultScalarType: "unknown",
        enumsAsTypes: true,
        arrayInputCoercion: false,
        useTypeImports: true,
        scalars: {
          ID: "string",
          DateTime: "string",
          Date: "string",
          Decimal: "string",
          Duration: "string",
          TimeZone: "string",
          URL: "string",
          JSON: "unknown",
        },
      },
    },
  },
};

export default config;
