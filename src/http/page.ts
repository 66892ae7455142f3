import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import fastifyStatic from "@fastify/static";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { sendNotFound } from "./problems.ts";

/**
 * The web page out of `folder`: its files under their names, and index.html wherever a person may have gone in it. What
 * the page may load is itself alone, and of styles written into it those that carry the response's nonce.
 */
export async function registerPage(
  app: FastifyInstance,
  folder: string,
  checkHost: (request: FastifyRequest) => void,
): Promise<void> {
  const readIndex = indexReader(join(folder, "index.html"));
  const sendIndex = (request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    checkHost(request);
    const index = readIndex();
    if (index === null)
      return reply
        .code(503)
        .type("text/plain")
        .send("The page is not built. Run npm run build, then load this again.\n");
    const nonce = randomBytes(16).toString("base64");
    return reply
      .header("content-security-policy", pagePolicy(nonce))
      .header("cache-control", "no-store")
      .type("text/html; charset=utf-8")
      .send(withNonce(index, nonce));
  };
  if (existsSync(folder)) {
    await app.register(fastifyStatic, {
      root: folder,
      index: false,
      cacheControl: false,
      // files whose name holds a hash of what is in them never change
      setHeaders: (reply, path) => {
        const forever = path.includes("/assets/");
        void reply.header("cache-control", forever ? "public, max-age=31536000, immutable" : "no-cache");
      },
    });
  }
  app.get("/", { schema: { hide: true } }, async (request, reply) => sendIndex(request, reply));
  app.get("/index.html", { schema: { hide: true } }, async (request, reply) => sendIndex(request, reply));
  app.setNotFoundHandler((request, reply) => {
    const wantsPage = request.method === "GET" && (request.headers.accept ?? "").includes("text/html");
    const path = request.url.replace(/[?#].*$/s, "");
    if (wantsPage && !/^\/(api|v1|assets)(\/|$)/.test(path)) return sendIndex(request, reply);
    return sendNotFound(request, reply);
  });
}

function pagePolicy(nonce: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
}

function withNonce(index: string, nonce: string): string {
  const meta = `<meta name="csp-nonce" content="${nonce}" />`;
  const found = index.replace(/<meta\s+name="csp-nonce"[^>]*>/, meta);
  return found === index ? index.replace("<head>", `<head>\n    ${meta}`) : found;
}

/** Read again when it was built anew. */
function indexReader(file: string): () => string | null {
  let known: { text: string; at: number } | null = null;
  return () => {
    const at = statSync(file, { throwIfNoEntry: false })?.mtimeMs;
    if (at === undefined) return null;
    if (known?.at !== at) known = { text: readFileSync(file, "utf8"), at };
    return known.text;
  };
}
