/**
 * Paper: a slip as the printer has it, drawn in the page so that the page's fonts reach it.
 */
import { useLayoutEffect, useRef } from 'react';

export function Paper({ svg, label }: { readonly svg: string; readonly label: string }) {
  const ref = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const drawing = safeDrawing(svg);
    if (drawing === null) ref.current!.replaceChildren();
    else ref.current!.replaceChildren(drawing);
  }, [svg]);
  return <div ref={ref} className="paper" role="img" aria-label={label} />;
}

const UNWANTED = 'script, foreignObject, style, iframe, a, animate, set';

/**
 * Only shapes and words of a slip: goods' names come from outside, so nothing that runs or loads gets into the page.
 * Style sheets go too: they would reach the whole page and ask the internet for fonts.
 */
function safeDrawing(svg: string): Element | null {
  const root = new DOMParser().parseFromString(svg, 'image/svg+xml').documentElement;
  if (root.nodeName !== 'svg') return null;
  for (const element of root.querySelectorAll(UNWANTED)) element.remove();
  for (const element of [root, ...root.querySelectorAll('*')]) {
    for (const { name, value } of [...element.attributes]) {
      const loads = /href$/i.test(name) && !value.startsWith('#') && !value.startsWith('data:image/');
      if (/^on/i.test(name) || loads) element.removeAttribute(name);
    }
  }
  fitToWidth(root);
  return document.importNode(root, true);
}

/** A slip of 576 dots shrinks to the place it has. */
function fitToWidth(root: Element): void {
  const width = Number.parseFloat(root.getAttribute('width') ?? '');
  const height = Number.parseFloat(root.getAttribute('height') ?? '');
  if (!root.hasAttribute('viewBox') && width > 0 && height > 0) {
    root.setAttribute('viewBox', `0 0 ${width} ${height}`);
  }
  root.removeAttribute('width');
  root.removeAttribute('height');
}
