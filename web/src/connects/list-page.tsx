import { LoadingPage } from "../ui/loading.tsx";

export const ConnectListPage = () => <LoadingPage />;
