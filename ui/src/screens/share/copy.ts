/** Puts a text on the clipboard. Older webviews know only the way by a selection. */
export async function copyText(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const field = document.createElement("textarea");
    field.value = text;
    // Inside the topmost dialog, since everything else is inert.
    (document.querySelector("dialog[open]") ?? document.body).append(field);
    field.select();
    const isCopied = document.execCommand("copy");
    field.remove();
    if (!isCopied) throw { code: "clipboard_unavailable", message: "The clipboard cannot be used.", hint: "Select the text and copy it." };
  }
}
