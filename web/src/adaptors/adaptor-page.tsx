import { LoadingPage } from "../ui/loading.tsx";

export const AdaptorPage = () => <LoadingPage />;
