/**
 * A receipt as paper. Its SVG goes into the page itself, so that it is written with the page's fonts: a fresh machine
 * has none for Chinese.
 *
 * HQ made the SVG, from words that shops typed. Here it is parsed and anything that could act is taken out.
 */
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';

export function Paper({ svg, label }: { readonly svg: string; readonly label: string }) {
  const { t } = useTranslation();
  const place = useRef<HTMLDivElement>(null);
  const drawn = parseSvg(svg);

  useEffect(() => {
    if (place.current === null || drawn === null) return;
    place.current.replaceChildren(document.importNode(drawn, true));
  }, [drawn]);

  return (
    // A long receipt scrolls: who has no mouse gets to it by Tab.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: the keys scroll what is around it
    <div className="paper" data-testid="receipt-paper" tabIndex={0}>
      {drawn === null ? (
        <p className="muted">{t('sale.noPaper')}</p>
      ) : (
        <div ref={place} role="img" aria-label={label} />
      )}
    </div>
  );
}

const ACTIVE = 'script, foreignObject, iframe, style, a, animate, set, animateTransform, animateMotion';

let last: { svg: string; drawn: SVGElement | null } = { svg: '', drawn: null };

/** @returns null when it is no SVG */
function parseSvg(svg: string): SVGElement | null {
  // The same node for the same text: the effect above runs when the receipt changes, not at each drawing.
  if (last.svg === svg) return last.drawn;
  const root = new DOMParser().parseFromString(svg, 'image/svg+xml').documentElement;
  const drawn = root instanceof SVGElement && root.localName === 'svg' ? withoutActs(root) : null;
  last = { svg, drawn };
  return drawn;
}

function withoutActs(root: SVGElement): SVGElement {
  for (const element of root.querySelectorAll(ACTIVE)) element.remove();
  for (const element of [root, ...root.querySelectorAll('*')]) {
    for (const { name, value } of [...element.attributes]) {
      const refers = /^(xlink:)?href$/i.test(name) && !/^(#|data:image\/(png|jpeg|gif);)/i.test(value);
      if (/^on/i.test(name) || refers) element.removeAttribute(name);
    }
  }
  scaleToPlace(root);
  return root;
}

function scaleToPlace(root: SVGElement): void {
  if (!root.hasAttribute('viewBox')) {
    const [width, height] = ['width', 'height'].map((name) =>
      Number.parseFloat(root.getAttribute(name) ?? ''),
    );
    if (width && height) root.setAttribute('viewBox', `0 0 ${width} ${height}`);
  }
  // The place around it says what it is.
  root.removeAttribute('role');
  root.removeAttribute('width');
  root.removeAttribute('height');
}
