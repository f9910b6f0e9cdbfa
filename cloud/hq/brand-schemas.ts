/**
 * Shapes of the look of HQ's pages.
 */
import { z } from 'zod';

export const BrandDraft = z.object({
  name: z.string().trim().min(1).max(40),
  colour: z
    .string()
    .regex(/^#[0-9a-f]{6}$/, 'six hex digits after #, in small letters')
    .describe('white words must be readable on it'),
  markPng: z.base64().max(500_000).nullable().describe('a PNG, base64, at most 32 KB'),
});
export const BrandShape = BrandDraft.extend({
  revision: z.int().describe('its ETag; 0: the plain look'),
}).meta({ id: 'Branding' });
