import { LoadingPage } from "../ui/loading.tsx";

export const SignInPage = () => <LoadingPage />;
