import { LoadingPage } from "../ui/loading.tsx";

export const InvitationPage = () => <LoadingPage />;
