import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  parseSearchWith,
  redirect,
  stringifySearchWith,
} from "@tanstack/react-router";
import { showSetup } from "../../src/contracts/endpoints/access.ts";
import { ApiProblem, call } from "./api.ts";
import { queryClient } from "./query-client.ts";
import { Broken, NotHere } from "./ui/broken.tsx";
import { LoadingPage } from "./ui/loading.tsx";
import { sessionQuery } from "./ui/session.ts";
import { Shell } from "./ui/shell.tsx";

const root = createRootRoute({ component: Outlet, notFoundComponent: NotHere });

/** Only for who is signed in; else the sign-in page, or on a new installation the setup page. */
const signedIn = createRoute({
  getParentRoute: () => root,
  id: "signed-in",
  beforeLoad: async ({ location }) => {
    try {
      await queryClient.ensureQueryData(sessionQuery);
    } catch (error) {
      if (!(error instanceof ApiProblem) || error.code !== "not_signed_in") throw error;
      const setup = await call(showSetup);
      if (setup.needed) throw redirect({ to: "/setup" });
      const to = location.href === "/" ? undefined : location.href;
      throw redirect({ to: "/sign-in", search: { to } });
    }
  },
});

const shell = createRoute({ getParentRoute: () => signedIn, id: "shell", component: Shell });

const alone = (path: string, component: ReturnType<typeof lazyRouteComponent>) =>
  createRoute({ getParentRoute: () => root, path, component });
const page = (path: string, component: ReturnType<typeof lazyRouteComponent>) =>
  createRoute({ getParentRoute: () => shell, path, component });

/** The noun's head with its tabs. The Logs tab is the deliveries' own, put in here: features don't import each other. */
const connect = page(
  "/connects/$id",
  lazyRouteComponent(() => import("./connects/connect-page.tsx"), "ConnectPage"),
);
const tab = (path: string, component: ReturnType<typeof lazyRouteComponent>) =>
  createRoute({ getParentRoute: () => connect, path, component });

const workflow = page(
  "/workflows/$id",
  lazyRouteComponent(() => import("./workflows/workflow-page.tsx"), "WorkflowPage"),
);
const workflowTab = (path: string, component: ReturnType<typeof lazyRouteComponent>) =>
  createRoute({ getParentRoute: () => workflow, path, component });

const home = createRoute({
  getParentRoute: () => shell,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: "/connects" });
  },
});

// one chunk a page: the first page's script stays under 250 KB compressed
const routeTree = root.addChildren([
  alone(
    "/setup",
    lazyRouteComponent(() => import("./start/setup-page.tsx"), "SetupPage"),
  ),
  alone(
    "/sign-in",
    lazyRouteComponent(() => import("./sign-in/sign-in-page.tsx"), "SignInPage"),
  ),
  alone(
    "/invite/$code",
    lazyRouteComponent(() => import("./sign-in/invitation-page.tsx"), "InvitationPage"),
  ),
  signedIn.addChildren([
    createRoute({
      getParentRoute: () => signedIn,
      path: "/start",
      component: lazyRouteComponent(() => import("./start/start-page.tsx"), "StartPage"),
    }),
    shell.addChildren([
      home,
      page(
        "/connects",
        lazyRouteComponent(() => import("./connects/list-page.tsx"), "ConnectListPage"),
      ),
      page(
        "/connects/new",
        lazyRouteComponent(() => import("./connects/new-page.tsx"), "NewConnectPage"),
      ),
      connect.addChildren([
        tab(
          "/",
          lazyRouteComponent(() => import("./connects/general-tab.tsx"), "GeneralTab"),
        ),
        tab(
          "/logs",
          lazyRouteComponent(() => import("./deliveries/connect-logs.tsx"), "ConnectLogs"),
        ),
        tab(
          "/health",
          lazyRouteComponent(() => import("./connects/health-tab.tsx"), "HealthTab"),
        ),
      ]),
      page(
        "/adaptors",
        lazyRouteComponent(() => import("./adaptors/list-page.tsx"), "AdaptorListPage"),
      ),
      page(
        "/adaptors/$id",
        lazyRouteComponent(() => import("./adaptors/adaptor-page.tsx"), "AdaptorPage"),
      ),
      page(
        "/workflows",
        lazyRouteComponent(() => import("./workflows/list-page.tsx"), "WorkflowListPage"),
      ),
      page(
        "/workflows/new",
        lazyRouteComponent(() => import("./workflows/new-page.tsx"), "NewWorkflowPage"),
      ),
      workflow.addChildren([
        workflowTab(
          "/",
          lazyRouteComponent(() => import("./workflows/general-tab.tsx"), "GeneralTab"),
        ),
        workflowTab(
          "/logs",
          lazyRouteComponent(() => import("./workflows/logs-tab.tsx"), "LogsTab"),
        ),
        workflowTab(
          "/why",
          lazyRouteComponent(() => import("./workflows/why-tab.tsx"), "WhyTab"),
        ),
      ]),
      page(
        "/leads",
        lazyRouteComponent(() => import("./leads/list-page.tsx"), "LeadListPage"),
      ),
      page(
        "/leads/$id",
        lazyRouteComponent(() => import("./leads/lead-page.tsx"), "LeadPage"),
      ),
      page(
        "/deliveries",
        lazyRouteComponent(() => import("./deliveries/list-page.tsx"), "DeliveryListPage"),
      ),
      page(
        "/deliveries/$id",
        lazyRouteComponent(() => import("./deliveries/delivery-page.tsx"), "DeliveryPage"),
      ),
      page(
        "/settings",
        lazyRouteComponent(() => import("./settings/page.tsx"), "SettingsPage"),
      ),
    ]),
  ]),
]);

const plainText = (value: unknown) => String(value);

export const router = createRouter({
  routeTree,
  defaultPreload: "intent",
  defaultPendingComponent: LoadingPage,
  defaultPendingMs: 0,
  defaultPendingMinMs: 0,
  defaultErrorComponent: Broken,
  defaultNotFoundComponent: NotHere,
  scrollRestoration: true,
  // addresses hold plain text (`?phone=2125550147`), parsed by each page's own schema
  parseSearch: parseSearchWith((value) => value),
  stringifySearch: stringifySearchWith(plainText),
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
