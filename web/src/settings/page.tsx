import { LoadingPage } from "../ui/loading.tsx";

export const SettingsPage = () => <LoadingPage />;
