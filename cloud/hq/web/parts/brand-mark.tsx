/** Mark and name of the house. */
import type { Brand } from '../brand.ts';

export function BrandMark({ brand: { name, markPng } }: { readonly brand: Brand }) {
  return (
    <span className="brand-mark">
      {markPng !== null && <img src={`data:image/png;base64,${markPng}`} alt="" />}
      <span>{name}</span>
    </span>
  );
}
