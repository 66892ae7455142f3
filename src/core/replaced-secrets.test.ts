import { expect, test } from "vitest";
import { replacedSecrets } from "./replaced-secrets.ts";

test.each([
  ["a header's token", { "authorization_header.authorization": "a" }, { "authorization_header.authorization": "b" }, ["authorization_header"]],
  ["two of one setting are one", { "authorization_header.a": "1", "authorization_header.b": "1" }, { "authorization_header.a": "2", "authorization_header.b": "2" }, ["authorization_header"]],
  ["a second of the same name", { "api_url.key": "1", "api_url.key#2": "1" }, { "api_url.key": "1", "api_url.key#2": "2" }, ["api_url"]],
  ["an adaptor's pair by its target", { "static.api_token": "1" }, { "static.api_token": "2" }, ["static.api_token"]],
  ["a target with dots and a tilde", { "static.a.b~~c": "1" }, { "static.a.b~~c": "2" }, ["static.a.b~c"]],
  ["another spelling alone says nothing", { "api_url.user": "1", "api_url.user~1": "x" }, { "api_url.user": "1", "api_url.user~1": "y" }, []],
  ["the same again", { "api_url.key": "1" }, { "api_url.key": "1" }, []],
  ["one that is new is seen in what is shown", {}, { "api_url.key": "1" }, []],
  ["one that is gone too", { "api_url.key": "1" }, {}, []],
] as const)("%s", (_, before, after, expected) => expect(replacedSecrets(before, after)).toEqual(expected)); // prettier-ignore
