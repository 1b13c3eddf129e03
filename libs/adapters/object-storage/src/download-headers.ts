/** RFC 6266 with the extended form of RFC 8187; the plain form is for programs that know nothing else. */
export function attachment(fileName: string): string {
  const plain = fileName.replace(/[^\x20-\x7e]/g, '_').replace(/["\\%]/g, '_');
  const extended = encodeURIComponent(fileName.toWellFormed()).replace(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${plain}"; filename*=UTF-8''${extended}`;
}

/** Markup and documents can run scripts in the server's origin: whatever a link says, they are answered as bytes. */
export function safeType(contentType: string): string {
  return /^(image|audio|video)\/(?!svg)[a-z0-9.+-]{1,60}$/.test(contentType) && !contentType.endsWith('xml')
    ? contentType
    : 'application/octet-stream';
}
