import { LoadingPage } from "../ui/loading.tsx";

export const ConnectPage = () => <LoadingPage />;
