import { LoadingPage } from "../ui/loading.tsx";

export const DeliveryListPage = () => <LoadingPage />;
