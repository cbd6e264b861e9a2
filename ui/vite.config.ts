import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

// The server embeds dist/: it serves /assets/* as immutable and index.html for every page route.
const server = process.env.YITAI_SERVER ?? "http://127.0.0.1:8080";

export default defineConfig({
  base: "/",
  plugins: [react()],
  build: {
    outDir: "dist",
    assetsDir: "assets",
    target: "es2022",
    sourcemap: false,
    reportCompressedSize: false,
    chunkSizeWarningLimit: 1200,
  },
  test: { include: ["test/**/*.test.ts"] },
  server: {
    port: 5173,
    proxy: { "/api": server, "/tmf-api": server, "/openapi.json": server },
  },
});
