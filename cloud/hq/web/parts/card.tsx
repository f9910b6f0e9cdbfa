/** A card: what it shows on top, at the right where it leads. */
import type { ReactNode } from 'react';

export interface CardProps {
  readonly title: ReactNode;
  readonly extra?: ReactNode;
  readonly className?: string;
  readonly children: ReactNode;
}

export function Card({ title, extra, className = '', children }: CardProps) {
  return (
    <section className={`card ${className}`}>
      <header className="card-head">
        <h2>{title}</h2>
        {extra !== undefined && <div className="card-extra">{extra}</div>}
      </header>
      {children}
    </section>
  );
}
