import { LoadingPage } from "../ui/loading.tsx";

export const AdaptorListPage = () => <LoadingPage />;
