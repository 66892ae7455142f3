import { LoadingPage } from "../ui/loading.tsx";

export const DeliveryPage = () => <LoadingPage />;
