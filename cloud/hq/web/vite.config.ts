/**
 * Build of HQ's console: one page, served by the cloud from `.build/hq-ui`.
 *
 * ECharts and the fonts come as their own files, asked for when they are needed. In development `/api` goes to the
 * cloud at `HQ_API` (default the cloud's own port).
 */
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

export default defineConfig({
  root: import.meta.dirname,
  plugins: [woff2Only(), react()],
  build: {
    outDir: '../../../.build/hq-ui',
    emptyOutDir: true,
    // Each font file covers some hundred characters: inlined, all of them would travel with the style sheet.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1200,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: 'charts', test: /node_modules[\\/](echarts|zrender)[\\/]/, priority: 2 },
            // What every page needs; the rest of antd goes with the pages that use it.
            {
              name: 'react',
              test: /node_modules[\\/](react|react-dom|scheduler|i18next|react-i18next)[\\/]/,
              priority: 1,
            },
          ],
        },
      },
    },
  },
  server: { proxy: { '/api': process.env.HQ_API ?? 'http://127.0.0.1:4600' } },
});

/** Every browser that runs the console reads woff2; the woff copies would double the build. */
function woff2Only(): Plugin {
  return {
    name: 'woff2-only',
    enforce: 'pre',
    transform(code, id) {
      if (!id.includes('@fontsource') || !id.endsWith('.css')) return null;
      return { code: code.replace(/,\s*url\([^)]*\.woff\)\s*format\('woff'\)/g, ''), map: null };
    },
  };
}
