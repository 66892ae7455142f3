import { LoadingPage } from "../ui/loading.tsx";

export const SetupPage = () => <LoadingPage />;
