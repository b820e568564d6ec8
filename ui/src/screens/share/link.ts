/** The link that lets whoever has it look, in any browser: the code stands behind the "#", which no server is sent. */
export function viewOnlyLink(relay: string, viewOnlyCode: string): string {
  return `${relay.replace(/\/+$/, "")}/#${viewOnlyCode}`;
}

/** Whether browsers unseal anything on a page of this relay: only over https, or on the relay's own computer. */
export function isGoodForBrowsers(relay: string): boolean {
  try {
    const { protocol, hostname } = new URL(relay);
    return protocol === "https:" || hostname === "localhost" || hostname === "[::1]" || hostname.startsWith("127.");
  } catch {
    return false;
  }
}
