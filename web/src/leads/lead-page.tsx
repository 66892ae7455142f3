import { LoadingPage } from "../ui/loading.tsx";

export const LeadPage = () => <LoadingPage />;
