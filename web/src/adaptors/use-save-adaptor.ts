import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import type { Adaptor, AdaptorSettings } from "../../../src/contracts/adaptor.ts";
import { createAdaptor, updateAdaptor } from "../../../src/contracts/endpoints/connects.ts";
import { call } from "../api.ts";
import { say } from "../ui/toast.tsx";
import { adaptorsKey } from "./queries.ts";

/** Saves the adaptor on the revision it was loaded or last saved at; a new one gets its own address. */
export function useSaveAdaptor(saved: Adaptor | null, wasSaved: (adaptor: Adaptor) => void) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [revision, setRevision] = useState(saved?.revision);
  const mutation = useMutation({
    mutationFn: (settings: AdaptorSettings) =>
      saved
        ? call(updateAdaptor, {
            params: { id: saved.id },
            body: { ...settings, ...(revision === undefined ? {} : { revision }) },
          })
        : call(createAdaptor, { body: settings }),
  });
  const save = (settings: AdaptorSettings, wasRefused: () => void) =>
    mutation.mutate(settings, {
      onSuccess: (adaptor) => {
        void queries.invalidateQueries({ queryKey: adaptorsKey });
        setRevision(adaptor.revision);
        say(`${adaptor.name} is saved`);
        if (saved) wasSaved(adaptor);
        else
          void navigate({
            to: "/adaptors/$id",
            params: { id: String(adaptor.id) },
            replace: true,
            ignoreBlocker: true,
          });
      },
      onError: wasRefused,
    });
  return { save, error: mutation.error, saving: mutation.isPending };
}
