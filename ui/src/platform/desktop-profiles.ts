// The profiles of this computer, through the Tauri plugin. A change of the current one has the page loaded anew by the host.

import { call } from "./desktop-calls";
import { forgetKept, renameKept } from "./kept-for-profile";
import type { Profiles } from "./profiles";

export function desktopProfiles(): Profiles {
  return {
    list: () => call("profiles_list"),
    create: (name) => call("profile_create", { name }),
    rename: async (name, to) => {
      // Before it is done: the page that comes after it finds what it remembers under the new name.
      renameKept(name, to.trim());
      try {
        return await call("profile_rename", { name, to });
      } catch (thrown) {
        renameKept(to.trim(), name);
        throw thrown;
      }
    },
    use: (name, running) => call("profile_use", { name, running }),
    delete: async (name) => {
      const gone = await call<{ profile: string; warnings: string[] }>("profile_delete", { name });
      forgetKept(gone.profile);
      return gone;
    },
    report: () => call("profile_report"),
  };
}
