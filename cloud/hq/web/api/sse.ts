/**
 * Reads `text/event-stream`: pieces of text in, events out.
 *
 * Pure. Written by hand because the browser's own EventSource cannot send an Authorization header.
 * Source: WHATWG HTML, "Interpreting an event stream"; ids and retry times are not used here.
 */
export interface StreamEvent {
  readonly name: string;
  readonly data: string;
}

/** @returns a function that takes the next piece and gives the events that it completes */
export function eventReader(): (piece: string) => StreamEvent[] {
  let rest = '';
  let name = '';
  let data: string[] = [];
  return (piece) => {
    const events: StreamEvent[] = [];
    // A piece may end between CR and LF, so a CR at the very end waits for what follows.
    const lines = (rest + piece).split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop()!;
    for (const line of lines) {
      if (line === '') {
        if (data.length > 0) events.push({ name: name || 'message', data: data.join('\n') });
        name = '';
        data = [];
      } else {
        const [field, value] = fieldOf(line);
        if (field === 'event') name = value;
        if (field === 'data') data.push(value);
      }
    }
    return events;
  };
}

function fieldOf(line: string): [field: string, value: string] {
  const colon = line.indexOf(':');
  if (colon === -1) return [line, ''];
  const value = line.slice(colon + 1);
  return [line.slice(0, colon), value.startsWith(' ') ? value.slice(1) : value];
}
