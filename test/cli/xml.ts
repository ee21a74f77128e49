/** An element of an XML document, with its text. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  readonly text: string;
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };

/** Reads XML strictly: what is not well-formed, or no character of XML 1.0, throws. */
export function parseXml(xml: string): XmlElement {
  // https://www.w3.org/TR/xml/#charsets
  if (/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u.test(xml))
    throw new Error('no XML character');
  let rest = xml.replace(/^<\?xml version="1\.0" encoding="UTF-8"\?>\n/, '');
  const take = (pattern: RegExp): RegExpExecArray => {
    const match = new RegExp(`^(?:${pattern.source})`).exec(rest);
    if (!match) throw new Error(`not well-formed at: ${rest.slice(0, 60)}`);
    rest = rest.slice(match[0].length);
    return match;
  };
  const decode = (text: string): string =>
    text.replace(/&([^;]*);?/g, (_, name: string) => {
      if (!Object.hasOwn(entities, name)) throw new Error(`unknown entity ${name}`);
      return entities[name]!;
    });
  const element = (): XmlElement => {
    const [, name = ''] = take(/<([a-z][a-z-]*)/);
    const attributes: Record<string, string> = {};
    while (/^\s+[a-z]/.test(rest)) {
      const [, key = '', value = ''] = take(/\s+([a-z]+)="([^"<]*)"/);
      if (Object.hasOwn(attributes, key)) throw new Error(`${key} twice`);
      attributes[key] = decode(value);
    }
    if (rest.startsWith('/>')) {
      take(/\/>/);
      return { name, attributes, children: [], text: '' };
    }
    take(/>/);
    const children: XmlElement[] = [];
    let text = '';
    for (;;) {
      text += decode(take(/[^<]*/)[0]);
      if (rest.startsWith('</')) break;
      children.push(element());
    }
    take(new RegExp(`</${name}>`));
    return { name, attributes, children, text };
  };
  const root = element();
  if (rest.trim() !== '') throw new Error(`more after the root: ${rest}`);
  return root;
}
