/** Paths that need no token. Patterns are regular expressions for the whole path; the comparison is of the path as the router sees it. */
export class OpenPaths {
  private readonly patterns: readonly RegExp[];

  constructor(patterns: readonly string[]) {
    this.patterns = patterns.map((pattern) => new RegExp(`^(?:${pattern})$`));
  }

  has(path: string): boolean {
    return this.patterns.some((pattern) => pattern.test(path));
  }
}

/** Everything by which one gets a token, and what documents say. Pages of the web client lie outside `/api` and `/socket.io`. */
export const DEFAULT_OPEN_PATHS: readonly string[] = [
  '/api/v1/auth/(register|login|guest|refresh|verify)',
  '/\\.well-known/jwks\\.json',
  '/api/docs(/.*)?',
  '/api/(openapi|asyncapi)\\.json',
  '/(healthz|readyz)',
];
