import { durationMs } from "../../src/contracts/duration.ts";
import type { Endpoint, EndpointAnswer, EndpointInput } from "../../src/contracts/endpoint.ts";
import type { Problem } from "../../src/contracts/problem.ts";

export { durationMs };

type Given = {
  readonly params?: Readonly<Record<string, unknown>>;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
};

/**
 * Calls an endpoint of the admin API as its description says: `call(showConnect, { params: { id } })`.
 * Throws ApiProblem with the problem document for every answer that isn't a success, and when no answer came.
 */
export async function call<const E extends Endpoint>(
  endpoint: E,
  ...[input, signal]: unknown extends EndpointInput<E>
    ? [input?: undefined, signal?: AbortSignal]
    : object extends EndpointInput<E>
      ? [input?: EndpointInput<E>, signal?: AbortSignal]
      : [input: EndpointInput<E>, signal?: AbortSignal]
): Promise<EndpointAnswer<E>> {
  const { params, query, body } = (input ?? {}) as Given;
  const path = endpoint.path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(params?.[name])));
  const answer = await request(`${path}${queryString(query)}`, {
    method: endpoint.method,
    ...(body === undefined
      ? {}
      : { body: JSON.stringify(body), headers: { "content-type": "application/json", accept: "application/json" } }),
    ...(signal ? { signal } : {}),
  });
  return (answer.status === 204 ? null : await answer.json()) as EndpointAnswer<E>;
}

/** What the server said no with, or `unreachable` when it said nothing. */
export class ApiProblem extends Error {
  readonly problem: Problem | null;
  constructor(problem: Problem | null, words: string) {
    super(words);
    this.problem = problem;
  }
  get code(): string {
    return this.problem?.code ?? "unreachable";
  }
}

/** What a person may read of anything that was thrown. */
export function wordsOf(error: unknown): string {
  if (error instanceof ApiProblem) return error.message;
  return "Something broke in this page. Load it again.";
}

const unreachable = "Patchbay does not answer. Is the server running, and the network up?";

async function request(url: string, init: RequestInit): Promise<Response> {
  let answer: Response;
  try {
    answer = await fetch(url, { credentials: "same-origin", ...init });
  } catch (cause) {
    if (init.signal?.aborted) throw cause;
    throw new ApiProblem(null, unreachable);
  }
  if (answer.ok) return answer;
  throw await problemOf(answer);
}

/** What an answer that isn't a success says. */
export async function problemOf(answer: Response): Promise<ApiProblem> {
  try {
    const problem = (await answer.json()) as Partial<Problem> & { message?: string };
    if (problem.code && problem.detail !== undefined)
      return new ApiProblem({ errors: [], ...problem } as Problem, problem.detail || problem.title || "");
    // the sign-in library's own shape
    if (problem.message) return new ApiProblem(null, problem.message);
  } catch {
    // an answer that isn't ours: a proxy's page
  }
  return new ApiProblem(null, `The server answered ${answer.status}. Try again in a few seconds.`);
}

/** `?a=1&b=2` without what is undefined or null; empty when nothing is left. */
export function queryString(query: Readonly<Record<string, unknown>> | undefined): string {
  const pairs = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {}))
    if (typeof value === "string" || typeof value === "number" || typeof value === "boolean")
      if (value !== "") pairs.set(name, value.toString());
  const text = pairs.toString();
  return text && `?${text}`;
}

/** The sign-in library's endpoints, which the contracts don't describe. */
export async function callSignIn(path: string, body: Readonly<Record<string, unknown>>): Promise<unknown> {
  const answer = await request(`/api/auth/${path}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  const text = await answer.text();
  return text ? (JSON.parse(text) as unknown) : null;
}
