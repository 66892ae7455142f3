import { LoadingPage } from "../ui/loading.tsx";

export function Search({ close }: { close: () => void }) {
  return close && <LoadingPage />;
}
