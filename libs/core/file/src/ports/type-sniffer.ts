/** Names what bytes are by their magic numbers. */
export abstract class TypeSniffer {
  /** MIME type, or undefined for what has no magic number (text, markup, unknown). Never throws on any bytes. */
  abstract sniff(head: Uint8Array): Promise<string | undefined>;
}
