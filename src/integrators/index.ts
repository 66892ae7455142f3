import type { ApiIntegrator } from "../contracts/connect.ts";
import type { Integrator } from "./integrator.ts";
import { none } from "./none.ts";

const integrators: Readonly<Record<ApiIntegrator, Integrator>> = { None: none };

/** The integrator that a connect's setting API Integrator (G) names. */
export function integratorOf(id: ApiIntegrator): Integrator {
  return integrators[id];
}
