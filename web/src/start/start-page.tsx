import { LoadingPage } from "../ui/loading.tsx";

export const StartPage = () => <LoadingPage />;
