/**
 * Pictures: SVG as PNG, drawn with fonts that are given, so that a picture is the same on every machine.
 */
import { Resvg } from '@resvg/resvg-js';

/** Where glyphs come from. */
export interface FontSource {
  /** TrueType files that hold the characters of the text, as far as there are any; of both weights, or of one. */
  files(text: string, weight?: 400 | 700): readonly string[];
  /** Whether some file has a glyph of the character. */
  has(char: string): boolean;
}

/** 20 megapixels: 80 mm paper four metres long. What is longer comes out smaller. */
const PIXELS_MAX = 20_000_000;

/** @param svg of a known size, as `pageSvg` makes it */
export function svgPng(
  svg: string,
  size: { readonly width: number; readonly height: number },
  fonts: FontSource,
): Uint8Array {
  const zoom = Math.min(1, Math.sqrt(PIXELS_MAX / (size.width * size.height)));
  const drawn = new Resvg(svg, {
    fitTo: { mode: 'zoom', value: zoom },
    background: '#fff',
    font: {
      // Only for what the given fonts lack, Greek say: then the machine may have it, and a picture is better than boxes.
      loadSystemFonts: Array.from(new Set(svg)).some((char) => char > ' ' && !fonts.has(char)),
      fontFiles: [...fonts.files(svg)],
      defaultFontFamily: 'Noto Sans SC',
    },
  });
  return Uint8Array.from(drawn.render().asPng());
}
