/** A field of a form under its name; the control inside says the name itself (`aria-label`). */
import type { ReactNode } from 'react';

export function Field({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <div className="field">
      <span className="field-label">{label}</span>
      {children}
    </div>
  );
}
