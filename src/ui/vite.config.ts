/**
 * Builds the till's screens into `.build/till-ui`, which the till serves on loopback.
 */
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  base: './',
  plugins: [onlyWoff2(), react()],
  build: {
    outDir: '../../.build/till-ui',
    emptyOutDir: true,
    rolldownOptions: {
      input: ['index.html', 'display.html'].map((page) => fileURLToPath(new URL(page, import.meta.url))),
    },
    // Fonts stay files, so that a page asks only for the character ranges it shows.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 700,
  },
});

/** Every browser that runs a till reads WOFF2; the older format would double the package. */
function onlyWoff2(): Plugin {
  return {
    name: 'only-woff2',
    enforce: 'pre',
    transform(code, id) {
      if (!id.includes('@fontsource') || !id.endsWith('.css')) return null;
      return { code: code.replace(/,\s*url\([^)]*\.woff\)\s*format\('woff'\)/g, ''), map: null };
    },
  };
}
