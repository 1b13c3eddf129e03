interface Listed {
  conversationId: string;
  settings: { archived: boolean };
}

/** The conversation above or below the open one in the list, round its ends; the first or last where none is open. */
export function neighbour(list: readonly Listed[], open: string | undefined, step: 1 | -1): string | undefined {
  const shown = list.filter(({ settings, conversationId }) => !settings.archived || conversationId === open);
  if (shown.length === 0) return undefined;
  const at = shown.findIndex(({ conversationId }) => conversationId === open);
  const from = at === -1 && step === -1 ? 0 : at;
  return shown[(from + step + shown.length) % shown.length]?.conversationId;
}
