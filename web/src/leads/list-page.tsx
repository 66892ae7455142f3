import { LoadingPage } from "../ui/loading.tsx";

export const LeadListPage = () => <LoadingPage />;
