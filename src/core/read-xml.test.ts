import { describe, expect, test } from "vitest";
import { findInXml } from "./find-in-xml.ts";
import { readXml } from "./read-xml.ts";
import { shownValue } from "./tree.ts";

const lead = `<?xml version="1.0" encoding="UTF-8"?>
<!-- an answer --><response xmlns:v="urn:v" code="7">
  <v:lead id="A&amp;1"><name>Ann &lt;b&gt; &#65;&#x42;</name><tag>x</tag><tag>y</tag><empty/></v:lead>
  <v:lead id="2"><name><![CDATA[<Bob> &amp; <!DOCTYPE html>]]></name></v:lead>
  <price currency="USD"> 12.50 </price><ref xmlns:xsi="x" xsi:nil="true"/>
  <a.b>dot</a.b><constructor>c</constructor><__proto__ toString="t">p</__proto__>
</response>`;

const found: [sentence: string, path: string, value: string][] = [
  ["a path from the root", "response.price", "12.50"],
  ["the root may be left out", "price", "12.50"],
  ["a slash joins names as a dot does", "response/lead/name", "Ann <b> AB|<Bob> &amp; <!DOCTYPE html>"],
  ["a slash before the path means nothing", "/response/price", "12.50"],
  ["a single name is found at any depth", "name", "Ann <b> AB|<Bob> &amp; <!DOCTYPE html>"],
  ["prefixes in the path are ignored", "response.q:lead.@id", "A&1|2"],
  ["prefixes in the answer are ignored", "lead.@id", "A&1|2"],
  ["an attribute of the root", "response.@code", "7"],
  ["an attribute on its own is found at any depth", "@currency", "USD"],
  ["an attribute of a name at any depth", "price.@currency", "USD"],
  ["repeated elements are a list", "lead.tag", "x|y"],
  ["a number picks one of a list", "lead.1.name", "<Bob> &amp; <!DOCTYPE html>"],
  ["a star stands for every child", "response.*.@id", "A&1|2"],
  ["an empty element has an empty value", "lead.empty", ""],
  ["xsi:nil is null", "ref", "null"],
  ["a backslash makes a dot part of the name", "a\\.b", "dot"],
  ["constructor is a name like any other", "constructor", "c"],
  ["__proto__ is a name like any other", "__proto__.@toString", "t"],
  [
    "an element with children comes as an object",
    "lead.0",
    '{"@id":"A&1","name":"Ann <b> AB","tag":["x","y"],"empty":""}',
  ],
];

describe("paths in XML:", () => {
  test.each(found)("%s", (_, path, value) => {
    const xml = readXml(lead);
    if (!xml.ok) throw new Error(xml.problem);
    const there = findInXml(xml.root, path);
    expect(there.found && shownValue(there.value, "|")).toBe(value);
  });
});

test("what is missing comes with the names that are there", () => {
  const xml = readXml("<r><lead id='1'><name>x</name><name>y</name></lead></r>");
  if (!xml.ok) throw new Error(xml.problem);
  expect(findInXml(xml.root, "r.lead.phone")).toEqual({ found: false, reached: "lead", has: ["name", "@id"] });
  expect(findInXml(xml.root, "id")).toEqual({ found: false, reached: "r", has: ["lead"] });
});

const refused: [sentence: string, text: string, problem: RegExp, line: number][] = [
  ["a document type", '<!DOCTYPE r [<!ENTITY a "b">]>\n<r/>', /DOCTYPE/, 1],
  ["a document type in another place", "<r>\n<!DOCTYPE x></r>", /DOCTYPE/, 2],
  ["an entity that XML does not know", "<r>\n&nbsp;</r>", /&nbsp; means nothing/, 2],
  ["such an entity in an attribute", "<r a='&foo;'/>", /&foo; means nothing/, 1],
  ["an & on its own", "<r>a & b</r>", /& stands alone/, 1],
  ["a reference to no character", "<r>&#0;</r>", /&#0; means nothing/, 1],
  ["a reference beyond Unicode", "<r>&#x110000;</r>", /means nothing/, 1],
  ["an element that is not closed", "<r>\n<a></r>", /closing tag/, 2],
  ["a body that ends too early", "<r><a>x</a>", /unclosed tag/, 1],
  ["two elements at the top", "<a/><b/>", /more than one/, 1],
  ["text only", "SUCCESS", /not expected/, 1],
  ["nothing", "", /start tag/i, 1],
  ["a comment without an end", "<r><!-- ", /--> is missing/, 1],
  ["an element that is closed and was not opened", "</r>", /has not been opened/, 1],
  ["a name that is none", "<r>\n<1/></r>", /'1' is not expected/, 2],
  ["an attribute without a value", "<r a/>", /'a' has no value/, 1],
  ["an attribute without quotes", "<r a=1/>", /'a' is not in quotes/, 1],
  ["an attribute that is not closed", "<r\na='1/>", /'a' is not closed/, 2],
  ["an attribute twice", "<r a='1' a='2'/>", /'a' is repeated/, 1],
  ["two attributes without a blank", "<r a='1'b='2'/>", /blank is missing before the attribute 'b'/, 1],
  ["text after the element", "<r/>\nx", /'x' is not expected/, 2],
  ["a tag without an end", "<r", /ends within a tag/, 1],
  [
    "an element with 1,001 attributes",
    `<r>\n<a ${attributes(1_001)}/></r>`,
    /an element has more than 1,000 attributes/,
    2,
  ],
  [
    "100,001 attributes",
    `<r>\n${`<a ${attributes(1_000)}/>`.repeat(100)}<a b=""/></r>`,
    /it has more than 100,000 attributes/,
    2,
  ],
  ["a thousand levels", "<a>".repeat(1000) + "</a>".repeat(1000), /more than 100 deep/, 1],
];

function attributes(count: number): string {
  return Array.from({ length: count }, (_, n) => `a${n}=""`).join(" ");
}

test("as many attributes as may be, and 100 levels, are read", () => {
  const xml = readXml(`<r ${attributes(1_000)}/>`);
  expect(xml.ok && xml.root.attributes.size).toBe(1_000);
  expect(readXml("<a>".repeat(100) + "</a>".repeat(100)).ok).toBe(true);
});

describe("XML is refused for", () => {
  test.each(refused)("%s", (_, text, problem, line) => {
    expect(readXml(text)).toMatchObject({ ok: false, problem: expect.stringMatching(problem), line });
  });
});
